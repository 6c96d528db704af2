"""What the tests of the checkout start from: the sandbox's catalogue, its free times, and lines of baskets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from django.core import serializers
from django.test import override_settings
from django.utils import timezone

from catalog.models import Coupon, Event, EventDate, Exhibition, Museum, Term, Ticket, Tour
from catalog.sync import sync_catalog
from checkout.models import Basket, BasketLine
from shop import gateway
from shop.options import Feature

# Tickets of the sandbox. One quota of 30 minutes for the first four; FAMILY (three per order) has a narrow one besides.
ADULT, REDUCED, CHILD, FAMILY = 311, 312, 313, 314
NAMED = 321  # 22 euros, six at most, names on the tickets, entry of its own
DAY = 341  # ten euros, all day
NET = 361  # 3.33 euros without its 19 % VAT, all day
GROUP = 354  # six euros each, ten people at least
OTHER = 351  # another house, eight euros
FREE = 431  # costs nothing
SOON = 16  # days of event dates in the mirror
TWENTY_MINUTES = 331  # entry at the full hour, twenty past, twenty to


def mirror() -> None:
    """Fill the mirror with the sandbox's catalogue; read from it once, copied afterwards."""
    _write(_catalogue())


def mirror_programme() -> None:
    """Add events with the dates of the coming weeks, tours and vouchers to the mirror."""
    _catalogue()
    _write(_programme[0])


_programme: list[str] = []


def _write(text: str) -> None:
    """Write rows and their relations, a query for each table."""
    found = list(serializers.deserialize("json", text))
    for model in dict.fromkeys(type(row.object) for row in found):
        model._default_manager.bulk_create([row.object for row in found if isinstance(row.object, model)])
    links: dict[Any, list[Any]] = {}
    for row in found:
        for name, ids in (row.m2m_data or {}).items():
            field: Any = row.object._meta.get_field(name)
            mine, theirs = field.m2m_field_name(), field.m2m_reverse_field_name()
            through = field.remote_field.through
            pairs = [{f"{mine}_id": row.object.pk, f"{theirs}_id": pk} for pk in ids]
            links.setdefault(through, []).extend(through(**pair) for pair in pairs)
    for through, rows in links.items():
        through._default_manager.bulk_create(rows)


@cache
def _catalogue() -> str:
    with override_settings(FEATURES_ON={Feature.COUPONS}):
        sync_catalog()
    for model in (Museum, Exhibition, Event, Tour):
        model._default_manager.update(picture=None)
    rows = [*Museum.objects.all(), *Exhibition.objects.all(), *Ticket.objects.all()]
    soon = EventDate.objects.coming().filter(start_time__lt=timezone.now() + timedelta(days=SOON))
    more = [*Term.objects.all(), *Event.objects.all(), *soon, *Tour.objects.all(), *Coupon.objects.all()]
    told = str(serializers.serialize("json", rows))
    _programme.append(str(serializers.serialize("json", more)))
    for unwanted in (EventDate, Event, Tour, Coupon, Term, Ticket, Exhibition, Museum):
        unwanted._default_manager.all().delete()
    return told


def times(ticket_id: int, *, days: int = 3) -> Iterator[str]:
    """Yield the slot keys of the coming days at which the sandbox has room for ten."""
    for on in (timezone.localdate() + timedelta(days=ahead) for ahead in range(days, days + 21)):
        slots = gateway.client().availability.capacity(ticket_id, on)
        yield from (slot.key for slot in slots if slot.left >= 10)


def a_time(ticket_id: int, *, number: int = 0, days: int = 3) -> str:
    """Return one of the free times of a coming day."""
    return next(islice(times(ticket_id, days=days), number, None))


def a_line(basket: Basket, ticket_id: int, quantity: int = 1, *, at: datetime, **more: Any) -> BasketLine:
    """Put a line into a basket past all checks, as if it had been fine when it was added."""
    facts = {"slot_key": at.isoformat(), "slot_at": at, "slot_ends_at": at + timedelta(minutes=30)}
    return BasketLine.objects.create(basket=basket, ticket_id=ticket_id, quantity=quantity, **facts | more)


def tomorrow(hour: int = 14) -> datetime:
    """Return an hour of tomorrow at the venue."""
    now = timezone.localtime() + timedelta(days=1)
    return now.replace(hour=hour, minute=0, second=0, microsecond=0)
