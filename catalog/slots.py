"""Pure arithmetic over quotas: which entry times exist, who still fits in, what is nearby.

A quota is a stock of places that several tickets share; a ticket may draw from several quotas at once. Upstream's slot
keys lie on the common grid of all tickets asked for, so a key is an entry time of a ticket only if it is on that
ticket's own grid, in minutes of the venue's wall clock. Neighbouring keys may describe the same places: nothing here
ever adds them up. `now` is always aware and in the venue's zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from catalog.stock import Kind, Stock
from shop.api.reading import moment
from shop.api.records import QuotaDay, Slot

__all__ = [
    "WANTED_ALTERNATIVES",
    "DayState",
    "Draw",
    "Entries",
    "Kind",
    "SlotState",
    "State",
    "alternatives",
    "combine",
    "day_state",
    "fits",
    "free_for",
    "given_back",
    "instant",
    "most_for",
    "unlimited",
    "walk",
]

FEW = 5  # so few places left are worth saying
WANTED_ALTERNATIVES = 3


class State(StrEnum):
    """What a visitor can do with a slot."""

    FREE = "free"
    FEW = "few"
    SOLD_OUT = "sold_out"
    NOT_OFFERED = "not_offered"
    OVER = "over"


class DayState(StrEnum):
    """What a visitor can do with a day. UNAVAILABLE: no places, and upstream does not tell why."""

    FREE = "free"
    FEW = "few"
    SOLD_OUT = "sold_out"
    CLOSED = "closed"
    UNAVAILABLE = "unavailable"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Draw:
    """Places another line of the same basket takes."""

    ticket_id: int
    key: str
    quantity: int


@dataclass(frozen=True, slots=True)
class SlotState:
    """One entry time of a family of tickets.

    `left`: places the kind with the most room still has, None where no quota limits it. `per_ticket`: how many of each
    ticket one order may take here, 0 when not even its minimum; kinds not offered at this time are missing.
    """

    key: str
    at: datetime
    ends_at: datetime
    whole_day: bool
    state: State
    left: int | None
    per_ticket: Mapping[int, int]

    @property
    def bookable(self) -> bool:
        return self.state in {State.FREE, State.FEW}


def unlimited(ticket_id: int, slots: Iterable[Slot]) -> QuotaDay:
    """The slots of a ticket without any quota, dressed as a quota of its own. Its id is negative."""
    return QuotaDay(quota_id=-ticket_id, ticket_ids=(ticket_id,), slots=tuple(slots))


def combine(quota_days: Sequence[QuotaDay], kinds: Sequence[Kind], *, now: datetime) -> list[SlotState]:
    """All entry times of these kinds on one day, sorted, each with its state for the kinds together."""
    return list(walk(quota_days, kinds, now=now))


def walk(quota_days: Sequence[QuotaDay], kinds: Sequence[Kind], *, now: datetime) -> Iterator[SlotState]:
    """What `combine` returns, worked out one by one for who may stop early."""
    return Entries(quota_days, kinds, now=now).walk(now)


class Entries:
    """The entry times of these kinds on one day: worked out once, asked by many parties. `now` gives the zone."""

    def __init__(self, quota_days: Sequence[QuotaDay], kinds: Sequence[Kind], *, now: datetime) -> None:
        self._quota_days, self._kinds = quota_days, kinds
        self._stock = Stock(quota_days, now)
        self._of = {kind: self._stock.entries(kind) for kind in kinds}
        self._times = sorted({at for offered in self._of.values() for at in offered})
        self._states: dict[datetime, SlotState] = {}

    def walk(self, now: datetime) -> Iterator[SlotState]:
        """Every entry time with its state for the kinds together, in order."""
        for at in self._times:
            if (
                at <= now or at not in self._states
            ):  # until an entry time is over its state is the same at any time
                kinds = [kind for kind in self._kinds if at in self._of[kind]]
                self._states[at] = _slot(self._stock, at, kinds, now)
            yield self._states[at]

    def fits(self, party: Mapping[int, int], at: datetime) -> bool:
        """Whether the whole party, all kinds together, can enter at this instant."""
        wanted = {kind: party[kind.id] for kind in self._kinds if party.get(kind.id, 0) > 0}
        everybody = sum(wanted.values()) == sum(party.values()) > 0
        allowed = all(self._allows(kind, quantity, at) for kind, quantity in wanted.items())
        return (
            everybody and allowed and all(self._stock.holds(quota, wanted, at) for quota in self._quota_days)
        )

    def _allows(self, kind: Kind, quantity: int, at: datetime) -> bool:
        place = self._stock.place(kind.id, at) if at in self._of[kind] else None
        return place is not None and kind.least <= quantity <= kind.takes(place.left)


def free_for(quota_days: Sequence[QuotaDay], ticket_id: int, key: str, taken: Sequence[Draw]) -> int:
    """Places left for a ticket at a slot after the other lines of the basket took theirs; never negative."""
    quotas = [quota for quota in quota_days if ticket_id in quota.ticket_ids]
    at = instant(key, quota_days)
    return max(0, min((_left_after(quota, at, taken, quota_days) for quota in quotas), default=0))


def given_back(quota_days: Sequence[QuotaDay], own: Sequence[Draw]) -> tuple[QuotaDay, ...]:
    """The quotas with the places the visitor holds already counted as free for the visitor, never above their size."""

    def slot_of(quota: QuotaDay, slot: Slot) -> Slot:
        mine = [
            draw.quantity for draw in own if draw.ticket_id in quota.ticket_ids and times[draw] == slot.at
        ]
        left = slot.left + sum(mine)
        return replace(slot, left=left if slot.total is None else max(slot.left, min(left, slot.total)))

    times = {draw: instant(draw.key, quota_days) for draw in own}
    return tuple(
        replace(quota, slots=tuple(slot_of(quota, slot) for slot in quota.slots)) for quota in quota_days
    )


def most_for(quota_days: Sequence[QuotaDay], kind: Kind, key: str, taken: Sequence[Draw]) -> int:
    """How many of this kind one line may have at `key`, other lines considered; 0 if not even its minimum."""
    own = sum(draw.quantity for draw in taken if draw.ticket_id == kind.id)
    most = min(kind.most - own, free_for(quota_days, kind.id, key, taken))
    return most if most >= kind.least else 0


def fits(
    quota_days: Sequence[QuotaDay],
    kinds: Sequence[Kind],
    party: Mapping[int, int],
    at: datetime,
    *,
    now: datetime,
) -> bool:
    """Whether the whole party, all kinds together, can enter at this instant."""
    return Entries(quota_days, kinds, now=now).fits(party, at)


def alternatives(
    days: Iterable[Sequence[QuotaDay]],
    kinds: Sequence[Kind],
    party: Mapping[int, int],
    *,
    wanted: datetime,
    now: datetime,
) -> list[SlotState]:
    """The three bookable slots nearest to `wanted`, itself left out, that fit the whole party; nearest first."""
    found = [
        slot
        for quota_days in days
        for slot in combine(quota_days, kinds, now=now)
        if slot.bookable and slot.at != wanted and fits(quota_days, kinds, party, slot.at, now=now)
    ]
    return sorted(found, key=lambda slot: (abs(slot.at - wanted), slot.at))[:WANTED_ALTERNATIVES]


def day_state(
    bookable: bool, quota_days: Sequence[QuotaDay] | None, kinds: Sequence[Kind], *, now: datetime
) -> DayState:
    """The state of a day of which upstream said whether anything is bookable; `quota_days` None: it told no more."""
    if bookable:
        states = {slot.state for slot in combine(quota_days or (), kinds, now=now) if slot.bookable}
        return DayState.FEW if states == {State.FEW} else DayState.FREE
    if quota_days is None:
        return DayState.UNAVAILABLE
    ids = {kind.id for kind in kinds}
    offered = [
        slot for quota in quota_days if ids & set(quota.ticket_ids) for slot in quota.slots if slot.total != 0
    ]
    if not offered:
        return DayState.CLOSED
    return DayState.SOLD_OUT if any(slot.at > now for slot in offered) else DayState.OVER


def instant(key: str, quota_days: Iterable[QuotaDay]) -> datetime | None:
    """The instant a slot key means: upstream's own for a key of this day, else what it says; None for nonsense."""
    named = (slot.at for quota in quota_days for slot in quota.slots if slot.key == key)
    return next(named, None) or moment(key)


def _slot(stock: Stock, at: datetime, kinds: Sequence[Kind], now: datetime) -> SlotState:
    """The state of one instant for the kinds that may enter then."""
    places = {kind: place for kind in kinds if (place := stock.place(kind.id, at))}
    per_ticket = {kind.id: kind.takes(place.left) for kind, place in places.items()}
    boundless = any(place.unlimited for place in places.values())
    left = None if boundless else max((place.left for place in places.values()), default=0)
    whole_day = all(kind.whole_day for kind in kinds)
    return SlotState(
        key=stock.key(at),
        at=at,
        ends_at=_end(at, kinds, whole_day=whole_day, now=now),
        whole_day=whole_day,
        state=_state(per_ticket, left, over=_over(at, whole_day=whole_day, now=now)),
        left=left,
        per_ticket=per_ticket,
    )


def _state(per_ticket: Mapping[int, int], left: int | None, *, over: bool) -> State:
    if any(per_ticket.values()):
        return State.FEW if left is not None and left <= FEW else State.FREE
    if over:
        return State.OVER
    return State.SOLD_OUT if per_ticket else State.NOT_OFFERED


def _left_after(
    quota: QuotaDay, at: datetime | None, taken: Sequence[Draw], quota_days: Sequence[QuotaDay]
) -> int:
    slot = next((slot for slot in quota.slots if slot.at == at), None)
    drawn = sum(
        draw.quantity
        for draw in taken
        if draw.ticket_id in quota.ticket_ids and instant(draw.key, quota_days) == at
    )
    return slot.left - drawn if slot else 0


def _end(at: datetime, kinds: Sequence[Kind], *, whole_day: bool, now: datetime) -> datetime:
    if whole_day:
        return datetime.combine(at.astimezone(now.tzinfo).date() + timedelta(days=1), time(), now.tzinfo)
    return at + timedelta(
        minutes=min((kind.entry_duration or 0 for kind in kinds if not kind.whole_day), default=0)
    )


def _over(at: datetime, *, whole_day: bool, now: datetime) -> bool:
    return at.astimezone(now.tzinfo).date() < now.date() if whole_day else at <= now
