"""Live places of combined tickets, through the same shared answers as those of ordinary ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from catalog import availability
from catalog.availability import MONTHS_AHEAD, NEARBY, MonthAvailability
from catalog.combined_page import CombinedPage
from catalog.combining import Combination, Room, cost
from catalog.slots import WANTED_ALTERNATIVES, DayState
from catalog.stock import Kind
from shop.api.records import QuotaDay

Party = Mapping[int, int]  # ticket id of a kind to its number


@dataclass(frozen=True, slots=True)
class Way:
    """One combination: part to its slot key and instant, in the order of the visits."""

    keys: Mapping[int, str]
    times: Mapping[int, datetime]

    @property
    def day(self) -> date:
        return timezone.localtime(min(self.times.values())).date()


@dataclass(frozen=True, slots=True)
class CombinedDay:
    """The places of one day. A day on which a part is not sold has none."""

    day: date
    offer: Combination
    quota_days: Sequence[QuotaDay]
    checked_seconds_ago: int
    stale: bool

    def room(self, party: Party) -> Room:
        """The day as this party finds it."""
        return Room(self.offer, self.quota_days, party, timezone.localtime())


def day(page: CombinedPage, on: date) -> CombinedDay:
    """The places of a day, at most two calls. Raises NotKnown."""
    told = availability.stock(page.tickets, on)
    sold = {kind.id: kind for kind in told.kinds}
    whole = all(part.pk in sold for part in page.parts)
    known = {kind.id: kind for kind in availability.kinds_of(page.tickets)} | sold
    return CombinedDay(
        day=on,
        offer=_offer(page, known),
        quota_days=told.quota_days if whole else (),
        checked_seconds_ago=told.checked_seconds_ago,
        stale=told.stale,
    )


def month(page: CombinedPage, first: date, party: Party) -> MonthAvailability:
    """The states of the month's days for a party that wants to enter every part. Raises NotKnown."""
    start = first.replace(day=1)
    end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = [start + timedelta(days=n) for n in range(end.day)]
    now, ahead = timezone.localtime(), max(start, timezone.localdate())
    if ahead > end:
        return MonthAvailability(dict.fromkeys(days, DayState.OVER), 0, False)
    told = availability.quotas(page.tickets, ahead, end)
    offer = _mirrored(page)
    states = {
        on: Room(offer, told.value.get(on, ()), party, now).day_state() if on >= ahead else DayState.OVER
        for on in days
    }
    return MonthAvailability(states, round(told.age_seconds), told.stale)


def next_day(page: CombinedPage, party: Party) -> date | None:
    """The first day on which the party can enter every part, None if there is none for months. Raises NotKnown."""
    start = timezone.localdate()
    for _ in range(MONTHS_AHEAD):
        for on, state in month(page, start, party).days.items():
            if state in {DayState.FREE, DayState.FEW}:
                return on
        start = (start.replace(day=1) + timedelta(days=31)).replace(day=1)
    return None


def nearest(
    page: CombinedPage, party: Party, wanted: Mapping[int, datetime], same_day: CombinedDay
) -> list[Way]:
    """The three combinations nearest to the wanted times that take the whole party. Raises NotKnown."""
    on, now = same_day.day, timezone.localtime()
    start = max(on - NEARBY, now.date())
    around = availability.quotas(page.tickets, start, on + NEARBY).value
    offer = _mirrored(page)
    rooms = [same_day.room(party)]
    rooms += [Room(offer, quotas, party, now) for other, quotas in around.items() if other != on]
    found = [(cost(times, wanted), room, times) for room in rooms for times in room.nearest(wanted)]
    found.sort(key=lambda one: one[0])
    return [
        way(times, room if room is rooms[0] else None) for _cost, room, times in found[:WANTED_ALTERNATIVES]
    ]


def way(times: Mapping[int, datetime], room: Room | None) -> Way:
    """A combination with its keys: as the day spells them, else in their plain form, for a calendar has its own."""
    ordered = dict(sorted(times.items(), key=lambda item: item[1]))
    keys = {
        part: room.key(at) if room else timezone.localtime(at).isoformat() for part, at in ordered.items()
    }
    return Way(keys, ordered)


def _mirrored(page: CombinedPage) -> Combination:
    return _offer(page, {kind.id: kind for kind in availability.kinds_of(page.tickets)})


def _offer(page: CombinedPage, known: Mapping[int, Kind]) -> Combination:
    return Combination(
        kinds=tuple(known[kind.pk] for kind in page.kinds),
        parts=tuple(known[part.pk] for part in page.parts),
        gap=timedelta(minutes=page.gap_minutes or 0),
    )
