"""Reads single tickets again, live, and corrects their rows: for the moment the mirror turned out to be behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from catalog import store
from catalog.languages import shop_locales
from catalog.mirror import LocalRow, Row, plan, ticket_values
from catalog.models import Exhibition, Museum, Ticket
from catalog.selectors import tickets_by_id
from catalog.shelves import TICKETS
from shop import gateway
from shop.api import Gomus, Patience
from shop.api.errors import NotFound


def refresh(ticket_ids: Iterable[int], *, patience: Patience = Patience.WEB) -> dict[int, Ticket]:
    """Write what upstream says now about these tickets (price, bookable, everything) and return those still there.

    A ticket upstream no longer has is retired. Raises what the client raises; nothing is written then.
    """
    ids = sorted(set(ticket_ids))
    local = store.local_rows(TICKETS, ids)
    remote = _read(gateway.client(), local, patience)
    with transaction.atomic():
        store.write(TICKETS, plan(remote, local), now=timezone.now())
    return tickets_by_id(ids)


def _read(gomus: Gomus, local: Mapping[int, LocalRow], patience: Patience) -> dict[int, Row | None]:
    locales = shop_locales(gomus, patience=patience)
    museums = frozenset(Museum.objects.values_list("pk", flat=True))
    exhibitions = frozenset(Exhibition.objects.values_list("pk", flat=True))
    rows: dict[int, Row | None] = {}
    for pk, row in local.items():
        try:
            record = gomus.catalogue.ticket(pk, locales, patience=patience)
        except NotFound:
            continue
        values = ticket_values(record, museums=museums, exhibitions=exhibitions)
        # The fingerprint is of the list record, which was not read: it stays, and the next sync looks again.
        rows[pk] = Row(pk, values, row.fingerprint)
    return rows
