"""Combined tickets against an independent brute force: what we offer, upstream would accept, and nothing is missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import combinations, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.combining import Combination, PartState, Room
from catalog.slots import DayState
from catalog.stock import Kind
from shop.api.records import QuotaDay, Slot

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2027, 3, 14)
BEFORE = datetime(2027, 3, 13, 12, 0, tzinfo=BERLIN)
HALF = timedelta(minutes=30)
ADULT, REDUCED, ONE, TWO, THREE = 501, 502, 511, 512, 513


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute), BERLIN)


def kind(pk: int, **more: int) -> Kind:
    return Kind(pk, whole_day=False, first_entry=600, last_entry=780, entry_duration=30, **more)


def quota(pk: int, tickets: tuple[int, ...], left: Mapping[datetime, int], total: int = 40) -> QuotaDay:
    slots = tuple(Slot(when.isoformat(), when, free, total) for when, free in sorted(left.items()))
    return QuotaDay(pk, tickets, slots)


def offer(gap: int = 90, parts: tuple[int, ...] = (ONE, TWO), *kinds: Kind) -> Combination:
    return Combination(
        kinds or (kind(ADULT), kind(REDUCED)), tuple(kind(pk) for pk in parts), timedelta(minutes=gap)
    )


def wide(*times: datetime, left: int = 20) -> dict[datetime, int]:
    return dict.fromkeys(times or [at(10) + n * HALF for n in range(7)], left)


def states(room: Room, part: int, chosen: Mapping[int, datetime]) -> dict[datetime, PartState]:
    return {slot.at: slot.state for slot in room.slots(part, chosen)}


OWN, FIRST, SECOND = (
    quota(110, (ADULT, REDUCED), wide()),
    quota(111, (ONE,), wide()),
    quota(112, (TWO,), wide()),
)


class TestGap:
    room = Room(offer(), [OWN, FIRST, SECOND], {ADULT: 2}, BEFORE)

    def test_the_order_of_the_visits_is_free(self) -> None:
        assert self.room.fits({ONE: at(10), TWO: at(11, 30)})
        assert self.room.fits({ONE: at(11, 30), TWO: at(10)})

    @pytest.mark.parametrize("second", [at(10), at(10, 30), at(11)])
    def test_less_than_the_gap_is_refused_either_way(self, second: datetime) -> None:
        assert not self.room.fits({ONE: at(10), TWO: second})
        assert not self.room.fits({ONE: second, TWO: at(10)})

    def test_what_is_too_close_to_the_other_part_is_said(self) -> None:
        found = states(self.room, TWO, {ONE: at(11, 30)})
        assert [when for when, state in found.items() if state is PartState.FREE] == [at(10), at(13)]
        assert found[at(12, 30)] is PartState.TOO_CLOSE

    def test_a_time_that_leaves_none_for_the_other_part_is_said(self) -> None:
        late = quota(112, (TWO,), wide(at(10), at(10, 30)))
        found = states(Room(offer(), [OWN, FIRST, late], {ADULT: 2}, BEFORE), ONE, {})
        assert found[at(10, 30)] is PartState.BLOCKED
        assert found[at(11, 30)] is PartState.FREE

    def test_a_time_that_is_no_entry_of_the_part_completes_nothing(self) -> None:
        off_grid = quota(111, (ONE,), wide(at(10), at(10, 15)))
        room = Room(offer(), [OWN, off_grid, SECOND], {ADULT: 2}, BEFORE)
        assert room.possible({ONE: at(10)})
        assert not room.possible({ONE: at(10, 15)})
        assert not room.possible({999: at(10)})

    def test_choosing_again_does_not_count_the_own_time(self) -> None:
        assert states(self.room, ONE, {ONE: at(10), TWO: at(13)})[at(10, 30)] is PartState.FREE


class TestParty:
    def test_it_must_fit_every_part(self) -> None:
        narrow = quota(112, (TWO,), wide(left=3))
        assert Room(offer(), [OWN, FIRST, narrow], {ADULT: 2, REDUCED: 1}, BEFORE).possible({})
        crowd = Room(offer(), [OWN, FIRST, narrow], {ADULT: 2, REDUCED: 2}, BEFORE)
        assert not crowd.possible({})
        assert set(states(crowd, TWO, {}).values()) == {PartState.TOO_FEW}
        assert crowd.day_state() is DayState.SOLD_OUT

    def test_it_must_fit_the_combined_ticket_itself_at_its_entry(self) -> None:
        early = quota(110, (ADULT, REDUCED), wide(left=20) | {at(10): 1})
        room = Room(offer(), [early, FIRST, SECOND], {ADULT: 2}, BEFORE)
        assert not room.fits({ONE: at(10), TWO: at(12)})
        assert room.fits({ONE: at(10, 30), TWO: at(12)})

    def test_limits_of_the_ticket_count(self) -> None:
        limited = offer(90, (ONE, TWO), kind(ADULT, min_persons=2, max_persons=3))
        sizes = [Room(limited, [OWN, FIRST, SECOND], {ADULT: n}, BEFORE).possible({}) for n in range(5)]
        assert sizes == [False, False, True, True, False]

    def test_nobody_and_strangers_do_not_fit(self) -> None:
        assert not Room(offer(), [OWN, FIRST, SECOND], {}, BEFORE).possible({})
        assert not Room(offer(), [OWN, FIRST, SECOND], {ADULT: 1, 999: 1}, BEFORE).possible({})

    def test_parts_that_share_places_are_added_up(self) -> None:
        shared = quota(111, (ONE, TWO), wide(at(10), left=3))
        together = Room(offer(0), [OWN, shared], {ADULT: 2}, BEFORE)
        assert not together.possible({})
        assert Room(offer(0), [OWN, shared], {ADULT: 1}, BEFORE).fits({ONE: at(10), TWO: at(10)})


class TestDay:
    def test_a_part_that_is_not_offered_closes_the_day(self) -> None:
        assert Room(offer(), [OWN, FIRST], {ADULT: 1}, BEFORE).day_state() is DayState.CLOSED

    def test_few_places_in_one_part_are_few_in_all(self) -> None:
        narrow = quota(112, (TWO,), wide(left=4))
        assert Room(offer(), [OWN, FIRST, narrow], {ADULT: 1}, BEFORE).day_state() is DayState.FEW

    def test_a_day_that_is_past_is_over(self) -> None:
        gone = [quota(pk, own, wide(left=0)) for pk, own in ((110, (ADULT,)), (111, (ONE,)), (112, (TWO,)))]
        late = Room(offer(90, (ONE, TWO), kind(ADULT)), gone, {ADULT: 1}, at(20))
        assert late.day_state() is DayState.OVER
        assert set(states(late, ONE, {}).values()) == {PartState.OVER}


# --- the independent brute force ------------------------------------------------------------------------

TIMES = [at(10) + n * HALF for n in range(4)]


def accepted(world: World, times: Mapping[int, datetime]) -> bool:
    """Booked one place after the other, as upstream does it: every entry takes its places out of every quota."""
    left = {(pk, when): free for pk, (_own, slots) in world.quotas.items() for when, free in slots.items()}
    of = defaultdict(list)
    for pk, (own, _slots) in world.quotas.items():
        for ticket_id in own:
            of[ticket_id].append(pk)
    offered = {
        ticket_id: [when for when in TIMES if pks and all((pk, when) in left for pk in pks)]
        for ticket_id, pks in of.items()
    }
    if any(abs(a - b) < timedelta(minutes=world.gap) for a, b in combinations(times.values(), 2)):
        return False
    first = min(times.values())
    entries = [(part, when, sum(world.party.values())) for part, when in times.items()]
    for ticket_id, number in world.party.items():
        main = offered.get(ticket_id, [])
        before = [when for when in main if when <= first]
        if number and not main:
            return False
        entries += [(ticket_id, before[-1] if before else main[0], number)] if number else []
    if any(when not in offered.get(ticket_id, []) for ticket_id, when, _number in entries):
        return False
    for ticket_id, when, number in entries:
        for pk in of[ticket_id]:
            left[pk, when] -= number
    return sum(world.party.values()) > 0 and min(left.values()) >= 0


class World:
    def __init__(
        self, quotas: dict[int, tuple[tuple[int, ...], dict[datetime, int]]], party: dict[int, int], gap: int
    ) -> None:
        self.quotas, self.party, self.gap = quotas, party, gap

    def __repr__(self) -> str:
        return f"World({self.quotas!r}, {self.party!r}, {self.gap!r})"

    def room(self) -> Room:
        told = [quota(pk, own, slots) for pk, (own, slots) in self.quotas.items()]
        return Room(offer(self.gap, (ONE, TWO, THREE)), told, self.party, BEFORE)

    def answers(self) -> list[dict[int, datetime]]:
        every = (dict(zip((ONE, TWO, THREE), whens, strict=True)) for whens in product(TIMES, repeat=3))
        return [times for times in every if accepted(self, times)]


slots = st.dictionaries(st.sampled_from(TIMES), st.integers(0, 4), min_size=1)
worlds = st.builds(
    World,
    st.fixed_dictionaries(
        {
            110: st.tuples(st.just((ADULT, REDUCED)), slots),
            111: st.tuples(st.just((ONE,)), slots),
            112: st.tuples(st.sampled_from([(TWO,), (TWO, THREE), (ONE, TWO)]), slots),
            113: st.tuples(st.sampled_from([(THREE,), (THREE, ADULT)]), slots),
        }
    ),
    st.fixed_dictionaries({ADULT: st.integers(0, 2), REDUCED: st.integers(0, 2)}),
    st.sampled_from([0, 30, 60, 45]),
)
wishes = st.dictionaries(st.sampled_from([ONE, TWO, THREE]), st.sampled_from(TIMES))


@given(worlds)
def test_what_fits_is_what_can_be_booked_one_place_after_the_other(world: World) -> None:
    room = world.room()
    every = [dict(zip((ONE, TWO, THREE), whens, strict=True)) for whens in product(TIMES, repeat=3)]
    assert [times for times in every if room.fits(times)] == world.answers()


@given(worlds, wishes)
def test_the_nearest_are_the_nearest_of_all_that_fit(world: World, wanted: dict[int, datetime]) -> None:
    def cost(times: Mapping[int, datetime]) -> tuple[timedelta, list[datetime]]:
        far = (abs(when - wanted[part]) for part, when in times.items() if part in wanted)
        return sum(far, timedelta(0)), sorted(times.values())

    found = world.room().nearest(wanted)
    assert [cost(times) for times in found] == sorted(cost(times) for times in world.answers())[:3]
    assert all(accepted(world, times) for times in found)


@given(worlds, wishes)
def test_a_time_is_open_exactly_if_the_visit_can_be_completed_with_it(
    world: World, chosen: dict[int, datetime]
) -> None:
    room, answers = world.room(), world.answers()
    for part in (ONE, TWO, THREE):
        others = {pk: when for pk, when in chosen.items() if pk != part}
        completed = {times[part] for times in answers if others.items() <= times.items()}
        assert {slot.at for slot in room.slots(part, chosen) if slot.bookable} == completed
