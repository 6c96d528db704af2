"""Pure: what one date of an event has for visitors now, and for how many of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog.slots import FEW
from catalog.stock import MOST
from shop.api.records import EventDate, Seats


class State(StrEnum):
    """OPEN: on sale, but how many places are left is not told. CLOSED: not for sale here."""

    FREE = "free"
    FEW = "few"
    OPEN = "open"
    SOLD_OUT = "sold_out"
    CLOSED = "closed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Standing:
    """`left`: free places, None if not told. One order takes `least` to `most` of them, `most` is 0 if none.

    `cap` is what one order might take if there were places enough.
    """

    state: State
    left: int | None
    least: int
    most: int
    cap: int

    @property
    def bookable(self) -> bool:
        return self.most > 0


def stand(date: EventDate, now: datetime) -> Standing:
    """How a date stands at an instant."""
    seats = date.seats or Seats()
    least, left = max(1, seats.min), _left(date, seats)
    cap = min(limit for limit in (seats.max, seats.max_per_registration, MOST) if limit is not None)
    most = cap if left is None else min(cap, left)
    state = _state(date, now, left, enough=most >= least)
    bookable = state in {State.FREE, State.FEW, State.OPEN}
    return Standing(state, left, least, most if bookable else 0, cap)


def _left(date: EventDate, seats: Seats) -> int | None:
    """Free places; of numbered ones not more than can be pointed at."""
    left = None if seats.overbook else seats.available
    if not date.seatings:
        return left
    numbered = sum(seat.id not in plan.blocked_seats for plan in date.seatings for seat in plan.seats)
    return numbered if left is None else min(left, numbered)


def _state(date: EventDate, now: datetime, left: int | None, *, enough: bool) -> State:
    if date.start_time <= now:
        return State.OVER
    if not date.bookable:
        return State.CLOSED
    if not enough:
        return State.SOLD_OUT
    if left is None:
        return State.OPEN
    return State.FEW if left <= FEW else State.FREE
