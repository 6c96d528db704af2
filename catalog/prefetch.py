"""Keeps fresh what the next visitor will ask for: the search of popular days, and the tickets looked at lately.

Everything goes through the same shared answers as visitors' questions, one call after the other, so it never asks what
is fresh, and adds at most one call at a time to what visitors ask.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from django.conf import settings

from catalog import availability, popular, selectors
from catalog.availability import NotKnown
from catalog.families import bundles, group, kin
from catalog.models import Ticket
from shop import gateway
from shop.dates import today

log = logging.getLogger(__name__)

MOST_BUNDLES = 3  # of up to 100 tickets each, a day
MOST_TICKETS = 5  # families looked at lately
SATURDAY = 5

Question = Callable[[], object]


def prefetch() -> int:
    """Ask what is due, until the next turn at the latest. Returns how many questions were answered.

    Stops as soon as the ticket system does not answer: it is left alone until the next turn.
    """
    if not gateway.upstream_state().ok:
        return 0
    answered, deadline = 0, time.monotonic() + settings.PREFETCH_SECONDS
    for question in _questions():
        if time.monotonic() >= deadline:
            break
        try:
            question()
        except NotKnown:
            log.info("nothing more is prefetched: the ticket system does not answer")
            break
        answered += 1
    return answered


def popular_days() -> list[date]:
    """Today, tomorrow and the next Saturday, each once."""
    day = today()
    saturday = day + timedelta(days=(SATURDAY - day.weekday()) % 7)
    return sorted({day, day + timedelta(days=1), saturday})


def _questions() -> Iterator[Question]:
    tickets = selectors.offers().tickets
    for day in popular_days():
        for bundle in bundles(group(tickets))[:MOST_BUNDLES]:
            yield _places([ticket for family in bundle for ticket in family if ticket.quota_ids], day)
    by_id = {ticket.pk: ticket for ticket in tickets}
    seen: set[tuple[int, ...]] = set()
    for pk in popular.looked_at(MOST_TICKETS):
        family = kin(by_id[pk], tickets) if pk in by_id else ()
        ids = tuple(ticket.pk for ticket in family)
        if family and ids not in seen:
            seen.add(ids)
            yield _month(family)
            for day in popular_days():
                yield _places(family, day)


def _places(tickets: Sequence[Ticket], day: date) -> Question:
    """Renewed before it is old, so that nobody finds it old."""
    return lambda: availability.stock(tickets, day, fresh=settings.AVAILABILITY_SECONDS / 2)


def _month(family: Sequence[Ticket]) -> Question:
    return lambda: availability.month(family, today())
