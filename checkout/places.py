"""Live places for a whole basket: all tickets of one day are asked for together, so that lines count each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from catalog import availability
from catalog.availability import DayAvailability, NotKnown
from catalog.families import kin, shop_order
from catalog.models import Ticket
from catalog.slots import Draw, free_for, instant
from checkout.models import BasketLine
from shop import edition

FURTHEST = timedelta(days=366)  # ahead; nobody is asked about a day after that

Family = tuple[Ticket, ...]
Days = Mapping[date, DayAvailability | None]


def day_of(key: str) -> date | None:
    """Return the day at the venue a slot key names; None for nonsense and for days too far ahead."""
    at = instant(key, ())
    if at is None or at > timezone.now() + FURTHEST:
        return None
    return timezone.localtime(at).date()


def families(ticket_ids: Iterable[int]) -> dict[int, Family]:
    """Return for each ticket still sold the kinds beside it, itself included, in shop order. One query for all."""
    wanted = set(ticket_ids)
    offered = _offered() if wanted else {}
    members = {
        pk: [ticket.pk for ticket in kin(offered[pk], offered.values())] for pk in wanted & set(offered)
    }
    ids = {pk for own in members.values() for pk in own}
    rows = Ticket.objects.sellable().in_bulk(ids) if ids else {}
    return {
        pk: tuple(sorted((rows[one] for one in own if one in rows), key=shop_order))
        for pk, own in members.items()
        if pk in rows
    }


@edition.remembered
def _offered() -> dict[int, Ticket]:
    """What tells which tickets are kin, of all that are sold."""
    slim = Ticket.objects.sellable().only("ticket_type", "quota_ids", "shop_order", "price_cents")
    return {ticket.pk: ticket for ticket in slim}


def days(
    lines: Iterable[BasketLine],
    kinds: Mapping[int, Family],
    more: Mapping[date, Collection[Ticket]] | None = None,
) -> Days:
    """Return the live places of every day of the basket, None for a day nobody knows now; `more` tickets besides."""
    asked = {on: {ticket.pk: ticket for ticket in tickets} for on, tickets in (more or {}).items()}
    for line in lines:
        family = kinds.get(line.ticket_id, ())
        if family and line.slot_ends_at > timezone.now():
            on = timezone.localtime(line.slot_at).date()
            asked.setdefault(on, {}).update({ticket.pk: ticket for ticket in family})
    return {on: _ask(tickets.values(), on) for on, tickets in asked.items()}


def room(
    places: DayAvailability, line: BasketLine, others: Iterable[BasketLine], more: Iterable[Draw] = ()
) -> int:
    """Return how many of the line's kind fit at its time beside the other lines and what else is taken."""
    taken = [*draws(others, line.slot_at), *more]
    return free_for(places.quota_days, line.ticket_id, line.slot_key, taken)


def draws(lines: Iterable[BasketLine], at: datetime) -> list[Draw]:
    """Return what the lines take at one instant."""
    return [Draw(line.ticket_id, line.slot_key, line.quantity) for line in lines if line.slot_at == at]


def _ask(tickets: Collection[Ticket], on: date) -> DayAvailability | None:
    try:
        return availability.day(sorted(tickets, key=shop_order), on)
    except NotKnown:
        return None
