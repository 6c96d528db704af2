"""How a date of an event stands: what is left, and for how many of one order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from catalog.standing import State, stand
from shop.api.records import EventDate, Seat, Seating, Seats

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def date(seats: Seats | None = None, *, hours: int = 1, **values: object) -> EventDate:
    plain = {"id": 1, "event_id": 2, "start_time": NOW + timedelta(hours=hours), "bookable": True}
    return EventDate(seats=seats, **(plain | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seats", "state", "least", "most"),
    [
        (Seats(max=30, available=26), State.FREE, 1, 26),
        (Seats(max=30, available=26, max_per_registration=8), State.FREE, 1, 8),
        (Seats(available=5), State.FEW, 1, 5),
        (Seats(available=0), State.SOLD_OUT, 1, 0),
        (Seats(min=4, max=12, available=3), State.SOLD_OUT, 4, 0),
        (Seats(min=4, max=12, available=4), State.FEW, 4, 4),
        (Seats(max=30, available=0, overbook=True), State.OPEN, 1, 30),
        (Seats(available=0, overbook=True, max_per_registration=2), State.OPEN, 1, 2),
        (Seats(min=3), State.OPEN, 3, 100),
        (None, State.OPEN, 1, 100),
        (Seats(available=5000), State.FREE, 1, 100),
    ],
)
def test_limits_of_one_order(seats: Seats | None, state: State, least: int, most: int) -> None:
    found = stand(date(seats), NOW)
    assert (found.state, found.least, found.most) == (state, least, most)
    assert found.bookable is (most > 0)


def test_what_has_begun_is_over_and_what_is_not_for_sale_says_so() -> None:
    seats = Seats(available=9)
    assert stand(date(seats, hours=0), NOW).state is State.OVER
    closed = stand(date(seats, bookable=False), NOW)
    assert (closed.state, closed.most) == (State.CLOSED, 0)


def test_of_numbered_seats_only_those_count_that_can_be_chosen() -> None:
    plan = Seating(seats=tuple(Seat(pk) for pk in (1, 2, 3, 4)), blocked_seats=frozenset({1, 2}))
    assert stand(date(Seats(available=9), seatings=(plan,)), NOW).most == 2
    assert stand(date(Seats(available=1), seatings=(plan,)), NOW).most == 1
    assert stand(date(None, seatings=(plan,)), NOW).most == 2
