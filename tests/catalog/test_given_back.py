"""Places a visitor holds already are the visitor's to have, whatever others are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalog.slots import Draw, free_for, given_back
from shop.api.records import QuotaDay, Slot

TIMES = [datetime(2027, 3, 14, 10, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(3)]
TICKETS = [311, 312, 313]
draws = st.builds(
    lambda ticket, at, number: Draw(ticket, at.isoformat(), number),
    st.sampled_from(TICKETS),
    st.sampled_from(TIMES),
    st.integers(1, 9),
)


def told(total: int | None, left: dict[datetime, int], members: tuple[int, ...] = (311, 312)) -> QuotaDay:
    """A quota of some tickets as the museum tells it."""
    return QuotaDay(41, members, tuple(Slot(at.isoformat(), at, left[at], total) for at in TIMES))


def taken(own: list[Draw], at: datetime) -> int:
    """What they take of a quota of the first two tickets."""
    return sum(draw.quantity for draw in own if draw.ticket_id != 313 and draw.key == at.isoformat())


@given(st.lists(draws, max_size=6), st.integers(0, 9), st.booleans())
def test_held_places_are_as_free_as_if_nobody_held_them(own: list[Draw], others: int, sized: bool) -> None:
    total = 80
    left = {at: total - others - taken(own, at) for at in TIMES}
    (mine,) = given_back([told(total if sized else None, left)], own)
    assert {slot.at: slot.left for slot in mine.slots} == dict.fromkeys(TIMES, total - others)
    for at in TIMES:
        assert free_for([mine], 311, at.isoformat(), own) == left[at]


@given(st.lists(draws, max_size=6), st.integers(0, 20))
def test_never_more_than_there_are_nor_less_than_was_told(own: list[Draw], left: int) -> None:
    (mine,) = given_back([told(20, dict.fromkeys(TIMES, left))], own)
    assert all(left <= slot.left <= 20 for slot in mine.slots)


def test_a_ticket_outside_the_quota_gives_nothing_back() -> None:
    (mine,) = given_back([told(20, dict.fromkeys(TIMES, 3))], [Draw(313, TIMES[0].isoformat(), 5)])
    assert [slot.left for slot in mine.slots] == [3, 3, 3]
