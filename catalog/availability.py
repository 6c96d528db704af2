"""Live places, read through the shared cache: fresh for seconds, one call upstream at a time however many ask, and the
last answer with its age while the ticket system is down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from catalog.asking import NotKnown, fly
from catalog.models import Ticket
from catalog.refresh import refresh
from catalog.slots import (
    WANTED_ALTERNATIVES,
    DayState,
    Draw,
    Kind,
    SlotState,
    alternatives,
    combine,
    day_state,
    fits,
    given_back,
    instant,
    unlimited,
)
from shop import gateway
from shop.api import Patience
from shop.api.errors import GomusError
from shop.api.records import QuotaDay, TicketType
from shop.api.records import Ticket as TicketRecord
from shop.flight import Flight

__all__ = [
    "DayAvailability",
    "DayStock",
    "MonthAvailability",
    "NextFree",
    "NotKnown",
    "day",
    "kinds_of",
    "month",
    "nearest",
    "next_free",
    "open_days",
    "quotas",
    "refresh",
    "stock",
]

MONTH_SECONDS = 300  # the calendar is a hint, the slots of the chosen day are the word
GRID_SECONDS = 900  # entry times of a day change rarely
MONTHS_AHEAD = 3
NEARBY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DayAvailability:
    """Entry times of one day for tickets chosen together; `catalog.slots` computes with `quota_days` and `kinds`."""

    day: date
    slots: tuple[SlotState, ...]
    checked_seconds_ago: int
    stale: bool
    quota_days: tuple[QuotaDay, ...]
    kinds: tuple[Kind, ...]
    read_at: datetime | None = None  # when the places were told

    def with_own(self, own: Sequence[Draw]) -> DayAvailability:
        """The same day to somebody who holds `own` places of it already."""
        if not own:
            return self
        quota_days = given_back(self.quota_days, own)
        slots = tuple(combine(quota_days, self.kinds, now=timezone.localtime()))
        return replace(self, quota_days=quota_days, slots=slots)

    def slot(self, key: str) -> SlotState | None:
        """The slot of this key (in whatever spelling of the instant), None if the day has none."""
        at = instant(key, self.quota_days)
        return next((slot for slot in self.slots if slot.at == at), None)

    def kind(self, ticket_id: int) -> Kind | None:
        """When and by how many a ticket is used on this day, None if it is not sold for it."""
        return next((kind for kind in self.kinds if kind.id == ticket_id), None)

    def takes(self, party: Mapping[int, int], slot: SlotState) -> bool:
        """Whether the whole party (ticket id to number), all kinds together, may enter at this slot."""
        return fits(self.quota_days, self.kinds, party, slot.at, now=timezone.localtime())

    @property
    def bookable(self) -> bool:
        return any(slot.bookable for slot in self.slots)


@dataclass(frozen=True, slots=True)
class DayStock:
    """What a day has for many tickets at once, no entry times computed yet."""

    quota_days: tuple[QuotaDay, ...]
    kinds: tuple[Kind, ...]
    checked_seconds_ago: int
    stale: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class MonthAvailability:
    """The days of a month, each with its state."""

    days: Mapping[date, DayState]
    checked_seconds_ago: int
    stale: bool


@dataclass(frozen=True, slots=True)
class NextFree:
    day: date
    slot: SlotState


def day(tickets: Sequence[Ticket], on: date, *, fresh: float | None = None) -> DayAvailability:
    """The slots of a day for tickets chosen together, `fresh` as for `stock`. Raises NotKnown."""
    now = timezone.localtime()
    if on < now.date() or not tickets:
        return DayAvailability(on, (), 0, False, (), ())
    told = stock(tickets, on, fresh=fresh)
    slots = tuple(combine(told.quota_days, told.kinds, now=now))
    return DayAvailability(
        on, slots, told.checked_seconds_ago, told.stale, told.quota_days, told.kinds, told.read_at
    )


def stock(tickets: Sequence[Ticket], on: date, *, fresh: float | None = None) -> DayStock:
    """The bare quotas of a day, at most two calls for up to 100 tickets that have some. Raises NotKnown.

    `fresh`: seconds after which the places are read anew, as long as places count as fresh if not said.
    """
    seconds = settings.AVAILABILITY_SECONDS if fresh is None else fresh
    flight = fly("places", tickets, on, lambda: _read_places(tickets, on), fresh=seconds)
    read_at = timezone.now() - timedelta(seconds=flight.age_seconds)
    return DayStock(flight.value, _kinds_on(tickets, on), round(flight.age_seconds), flight.stale, read_at)


def open_days(tickets: Sequence[Ticket], start: date, end: date) -> tuple[date, ...]:
    """Days of a range on which at least one of these tickets can be booked, one call for all. Raises NotKnown."""
    ids = sorted(ticket.pk for ticket in tickets)
    told = fly(
        f"days:{end}",
        tickets,
        start,
        lambda: gateway.client().availability.calendar_any(ids, start, end),
        fresh=MONTH_SECONDS,
    ).value
    return tuple(on for on, bookable in sorted(told.items()) if bookable and start <= on <= end)


def month(tickets: Sequence[Ticket], first: date) -> MonthAvailability:
    """The states of all days of the month `first` lies in. Raises NotKnown."""
    start = first.replace(day=1)
    end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = [start + timedelta(days=n) for n in range(end.day)]
    ahead = max(start, timezone.localdate())
    if ahead > end or not tickets:
        state = DayState.OVER if ahead > end else DayState.CLOSED
        return MonthAvailability(dict.fromkeys(days, state), 0, False)
    flight = fly("month", tickets, ahead, lambda: _read_month(tickets, ahead, end), fresh=MONTH_SECONDS)
    states = {on: flight.value.states.get(on, DayState.OVER) for on in days}
    if ahead == timezone.localdate():
        states[ahead] = flight.value.first_state(tickets)
    return MonthAvailability(states, round(flight.age_seconds), flight.stale)


def next_free(tickets: Sequence[Ticket], from_day: date | None = None) -> NextFree | None:
    """The first bookable slot from a day (default today) on, None if there is none for months. Raises NotKnown."""
    start = max(from_day or timezone.localdate(), timezone.localdate())
    for _ in range(MONTHS_AHEAD):
        for on, state in month(tickets, start).days.items():
            if on >= start and state in {DayState.FREE, DayState.FEW}:
                slot = next((slot for slot in day(tickets, on).slots if slot.bookable), None)
                if slot:
                    return NextFree(on, slot)
        start = (start.replace(day=1) + timedelta(days=31)).replace(day=1)
    return None


def nearest(tickets: Sequence[Ticket], party: Mapping[int, int], wanted: datetime) -> list[SlotState]:
    """The three slots nearest to `wanted` that take the whole party (ticket id to number). Raises NotKnown."""
    now = timezone.localtime()
    on = timezone.localtime(wanted).date()
    same_day = day(tickets, on)
    start = max(on - NEARBY, now.date())
    around = quotas(tickets, start, on + NEARBY).value
    found = alternatives([same_day.quota_days], same_day.kinds, party, wanted=wanted, now=now)
    others = [quota_days for other, quota_days in around.items() if other != on]
    found += alternatives(others, kinds_of(tickets), party, wanted=wanted, now=now)
    found.sort(key=lambda slot: (abs(slot.at - wanted), slot.at))
    # The calendar spells its keys in another way than the day does.
    return [
        replace(slot, key=timezone.localtime(slot.at).isoformat()) for slot in found[:WANTED_ALTERNATIVES]
    ]


def _read_places(tickets: Sequence[Ticket], on: date) -> tuple[QuotaDay, ...]:
    places = gateway.client().availability
    limited = sorted(ticket.pk for ticket in tickets if ticket.quota_ids)
    free = [ticket.pk for ticket in tickets if not ticket.quota_ids]
    return (
        *places.capacities(limited, on),
        *(unlimited(pk, places.capacity(pk, on)) for pk in sorted(free)),
    )


def quotas(tickets: Sequence[Ticket], start: date, end: date) -> Flight[dict[date, list[QuotaDay]]]:
    """The quotas of every day of a range, as fresh as a calendar. Raises NotKnown."""
    return fly(
        f"quotas:{end}", tickets, start, lambda: _read_quotas(tickets, start, end), fresh=MONTH_SECONDS
    )


def _read_quotas(tickets: Sequence[Ticket], start: date, end: date) -> dict[date, list[QuotaDay]]:
    return gateway.client().availability.calendar_all(sorted(ticket.pk for ticket in tickets), start, end)


@dataclass(frozen=True, slots=True)
class _Month:
    """The rest of a month as it was read. Only on its first day, which may be today, do entry times pass meanwhile."""

    states: Mapping[date, DayState]
    first: tuple[bool, list[QuotaDay] | None]

    def first_state(self, tickets: Sequence[Ticket]) -> DayState:
        """The state of its first day by now."""
        return day_state(*self.first, kinds_of(tickets), now=timezone.localtime())


def _read_month(tickets: Sequence[Ticket], start: date, end: date) -> _Month:
    ids = sorted(ticket.pk for ticket in tickets)
    bookable = gateway.client().availability.calendar_any(ids, start, end)
    try:
        quotas = _read_quotas(tickets, start, end)
    except GomusError:
        quotas = {}  # which days can be booked is what counts; sold out or closed stays open
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    told = {on: (bookable.get(on, False), quotas.get(on)) for on in days}
    kinds, now = kinds_of(tickets), timezone.localtime()
    return _Month({on: day_state(*what, kinds, now=now) for on, what in told.items()}, told[start])


def kinds_of(tickets: Iterable[Ticket]) -> tuple[Kind, ...]:
    """Entry times as the mirror knows them: those of the day of the last sync."""
    return tuple(_kind(ticket, whole_day=ticket.whole_day) for ticket in tickets)


def _kinds_on(tickets: Sequence[Ticket], on: date) -> tuple[Kind, ...]:
    """Entry times as upstream shapes them for that day; without an answer as the mirror knows them."""
    try:
        told = fly(
            "grid", tickets, on, lambda: _read_grids(tickets, on), fresh=GRID_SECONDS, stale=86_400
        ).value
    except NotKnown:
        return kinds_of(tickets)
    return tuple(told[ticket.pk] for ticket in tickets if ticket.pk in told)


def _read_grids(tickets: Sequence[Ticket], on: date) -> dict[int, Kind]:
    ids = sorted(ticket.pk for ticket in tickets)
    listing = gateway.client().catalogue.tickets((), ids=ids, valid_at=on, patience=Patience.WEB)
    return {
        record.id: _kind(record, whole_day=record.ticket_type != TicketType.TIME_SLOT) for record in listing
    }


def _kind(ticket: Ticket | TicketRecord, *, whole_day: bool) -> Kind:
    return Kind(
        id=ticket.id,
        whole_day=whole_day,
        first_entry=ticket.first_entry,
        last_entry=ticket.last_entry,
        entry_duration=ticket.entry_duration,
        min_persons=ticket.min_persons,
        max_persons=ticket.max_persons,
    )
