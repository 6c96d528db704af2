"""Slot arithmetic against a small model of how upstream counts: what we offer, upstream would accept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import gcd
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.slots import (
    DayState,
    Draw,
    Kind,
    State,
    alternatives,
    combine,
    day_state,
    fits,
    free_for,
    instant,
    most_for,
    unlimited,
)
from shop.api.records import QuotaDay, Slot

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2027, 3, 14)
BEFORE = datetime(2027, 3, 13, 12, 0, tzinfo=BERLIN)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), BERLIN)


def slot(when: datetime, left: int, total: int | None = 40) -> Slot:
    return Slot(when.isoformat(), when, left, total)


def kind(pk: int, first: int = 600, last: int = 720, step: int = 30, **more: int) -> Kind:
    return Kind(pk, whole_day=False, first_entry=first, last_entry=last, entry_duration=step, **more)


ADULT, CHILD = kind(311), kind(312)


class TestReadingOfTheDocumentedExample:
    """Two quotas, 41 shared and 44 for 311 alone."""

    shared = QuotaDay(41, (311, 312), (slot(at(11), 12), slot(at(11, 30), 0), slot(at(12), 0, 0)))
    own = QuotaDay(44, (311,), (slot(at(11), 5, 15), slot(at(11, 30), 3, 15), slot(at(12), 3, 15)))

    def test_the_minimum_of_both_quotas_counts(self) -> None:
        slots = combine([self.shared, self.own], [ADULT, CHILD], now=BEFORE)
        assert [found.state for found in slots] == [State.FREE, State.SOLD_OUT, State.NOT_OFFERED]
        assert slots[0].per_ticket == {311: 5, 312: 12}
        assert slots[0].left == 12

    def test_lines_of_the_basket_take_from_every_quota_they_draw_from(self) -> None:
        quotas, key = [self.shared, self.own], at(11).isoformat()
        assert free_for(quotas, 311, key, [Draw(312, key, 4)]) == 5
        assert free_for(quotas, 311, key, [Draw(312, key, 9)]) == 3
        assert free_for(quotas, 312, key, [Draw(311, at(11, 30).isoformat(), 4)]) == 12
        assert free_for(quotas, 311, key, [Draw(312, key, 90)]) == 0

    def test_a_line_never_exceeds_the_limit_of_its_ticket(self) -> None:
        key = at(11).isoformat()
        assert most_for([self.shared], kind(312, max_persons=6), key, []) == 6
        assert most_for([self.shared], kind(312, max_persons=6), key, [Draw(312, "elsewhere", 4)]) == 2
        assert most_for([self.shared], kind(312, min_persons=10), key, [Draw(311, key, 4)]) == 0

    def test_a_party_must_fit_all_kinds_together(self) -> None:
        quotas, kinds = [self.shared, self.own], [ADULT, CHILD]
        assert fits(quotas, kinds, {311: 5, 312: 7}, at(11), now=BEFORE)
        assert not fits(quotas, kinds, {311: 5, 312: 8}, at(11), now=BEFORE)
        assert not fits(quotas, kinds, {311: 6}, at(11), now=BEFORE)
        assert not fits(quotas, kinds, {}, at(11), now=BEFORE)

    def test_a_party_with_a_ticket_that_is_not_sold_that_day_does_not_fit(self) -> None:
        assert not fits([self.shared], [CHILD], {311: 1, 312: 1}, at(11), now=BEFORE)


def states(*quotas: QuotaDay, kinds: tuple[Kind, ...] = (ADULT,), now: datetime = BEFORE) -> list[State]:
    return [found.state for found in combine(list(quotas), list(kinds), now=now)]


def test_few_is_said_from_five_places_down() -> None:
    quota = QuotaDay(1, (311,), (slot(at(10), 6), slot(at(10, 30), 5), slot(at(11), 1)))
    assert states(quota) == [State.FREE, State.FEW, State.FEW]


def test_fewer_places_than_the_smallest_group_is_sold_out() -> None:
    group = kind(311, min_persons=10)
    assert states(QuotaDay(1, (311,), (slot(at(10), 9), slot(at(10, 30), 10))), kinds=(group,)) == [
        State.SOLD_OUT,
        State.FREE,
    ]


def test_without_a_total_zero_is_sold_out() -> None:
    assert states(QuotaDay(1, (311,), (slot(at(10), 0, None),))) == [State.SOLD_OUT]


def test_a_slot_that_began_is_over_unless_upstream_still_gives_places() -> None:
    quota = QuotaDay(1, (311,), (slot(at(10), 0), slot(at(10, 30), 7), slot(at(11), 0)))
    assert states(quota, now=at(10, 40)) == [State.OVER, State.FREE, State.SOLD_OUT]


def test_a_time_missing_in_one_of_its_quotas_is_not_offered() -> None:
    wide = QuotaDay(1, (311,), (slot(at(10), 4), slot(at(10, 30), 4)))
    narrow = QuotaDay(2, (311,), (slot(at(10), 4),))
    assert states(wide, narrow) == [State.FEW, State.NOT_OFFERED]


def test_a_ticket_in_no_quota_of_the_answer_has_no_times() -> None:
    assert combine([QuotaDay(1, (312,), (slot(at(10), 4),))], [ADULT], now=BEFORE) == []


def test_a_day_ticket_has_one_entry_at_its_first_time_good_until_midnight() -> None:
    day_ticket = Kind(9, whole_day=True, first_entry=600, last_entry=1080)
    quota = QuotaDay(1, (9,), (slot(at(9), 50), slot(at(10), 50), slot(at(11), 50)))
    [found] = combine([quota], [day_ticket], now=BEFORE)
    assert (found.key, found.whole_day) == (at(10).isoformat(), True)
    assert found.ends_at == datetime(2027, 3, 15, tzinfo=BERLIN)


def test_the_key_of_upstream_wins_over_the_first_entry_of_a_day_ticket() -> None:
    day_ticket = Kind(9, whole_day=True, first_entry=600)
    [found] = combine([QuotaDay(1, (9,), (slot(at(0), 8),))], [day_ticket], now=BEFORE)
    assert (found.at, found.left) == (at(0), 8)


def test_a_day_ticket_sold_out_this_afternoon_is_not_over() -> None:
    day_ticket = Kind(9, whole_day=True, first_entry=600)
    quota = QuotaDay(1, (9,), (slot(at(10), 0),))
    assert states(quota, kinds=(day_ticket,), now=at(15)) == [State.SOLD_OUT]
    assert states(quota, kinds=(day_ticket,), now=at(0, day=DAY + timedelta(days=1))) == [State.OVER]


def test_a_ticket_without_quota_is_free_without_a_number() -> None:
    quota = unlimited(7, [slot(at(10), 4, None)])
    [found] = combine([quota], [kind(7, max_persons=4)], now=BEFORE)
    assert (found.state, found.left, found.per_ticket) == (State.FREE, None, {7: 4})


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("2027-03-14 11:00:00 +0100", True),
        ("2027-03-14T10:00:00Z", True),
        ("2027-03-14T11:00:00Z", False),
        ("nonsense", False),
    ],
)
def test_slot_keys_are_compared_as_instants(written: str, same: bool) -> None:
    assert (instant(written, []) == at(11)) is same


class TestClockChanges:
    def test_of_a_doubled_hour_only_the_first_is_an_entry_time(self) -> None:
        night = date(2027, 10, 31)
        doubled = [datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN, fold=fold) for fold in (0, 1)]
        keys = tuple(slot(datetime.fromisoformat(when.isoformat()), 9) for when in doubled)
        slots = combine([QuotaDay(1, (311,), keys)], [kind(311, 0, 600)], now=at(0, day=night))
        assert [found.key for found in slots] == ["2027-10-31T02:30:00+02:00"]

    def test_the_grid_follows_the_wall_clock_on_the_short_day(self) -> None:
        short = date(2027, 3, 28)
        keys = (slot(at(10, day=short), 9), slot(at(11, day=short), 9))
        slots = combine([QuotaDay(1, (311,), keys)], [kind(311, 600, 660, 60)], now=BEFORE)
        assert [found.key[-6:] for found in slots] == ["+02:00", "+02:00"]


class TestAlternatives:
    def days(self) -> list[list[QuotaDay]]:
        first = QuotaDay(
            1, (311, 312), (slot(at(10), 9), slot(at(11), 0), slot(at(11, 30), 2), slot(at(12), 4))
        )
        following = DAY + timedelta(days=1)
        second = QuotaDay(1, (311, 312), (slot(at(11, day=following), 4), slot(at(12, day=following), 40)))
        return [[first], [second]]

    def test_the_three_nearest_that_take_everybody(self) -> None:
        found = alternatives(self.days(), [ADULT, CHILD], {311: 2, 312: 2}, wanted=at(11), now=BEFORE)
        assert [near.at for near in found] == [at(10), at(12), at(11, day=DAY + timedelta(days=1))]

    def test_nothing_is_offered_that_is_over(self) -> None:
        found = alternatives(self.days()[:1], [ADULT, CHILD], {311: 5}, wanted=at(11), now=at(10, 30))
        assert [near.at for near in found] == [at(10)]  # upstream still gives places: entry is open
        assert alternatives(self.days()[:1], [ADULT], {311: 10}, wanted=at(11), now=BEFORE) == []


class TestDays:
    quota = QuotaDay(1, (311,), (slot(at(10), 0), slot(at(11), 0)))

    def test_bookable(self) -> None:
        few = QuotaDay(1, (311,), (slot(at(10), 2), slot(at(11), 0)))
        assert day_state(True, [few], [ADULT], now=BEFORE) is DayState.FEW
        assert day_state(True, [], [ADULT], now=BEFORE) is DayState.FREE
        assert day_state(True, None, [ADULT], now=BEFORE) is DayState.FREE

    def test_not_bookable(self) -> None:
        assert day_state(False, [self.quota], [ADULT], now=BEFORE) is DayState.SOLD_OUT
        assert day_state(False, [self.quota], [ADULT], now=at(12)) is DayState.OVER
        assert day_state(False, [self.quota], [CHILD], now=BEFORE) is DayState.CLOSED
        assert day_state(False, [], [ADULT], now=BEFORE) is DayState.CLOSED
        assert day_state(False, None, [ADULT], now=BEFORE) is DayState.UNAVAILABLE


# --- upstream in small: whole quotas, a common grid, orders accepted or refused ---------------------------


@dataclass(frozen=True)
class World:
    """Quotas with one stock per slot of some minutes, and tickets that draw from some of them."""

    kinds: tuple[Kind, ...]
    members: dict[int, frozenset[int]]  # quota -> tickets
    slot_minutes: dict[int, int]
    stock: dict[int, list[int]]

    def left(self, quota: int, minute: int) -> int:
        return self.stock[quota][minute // self.slot_minutes[quota]]

    def answer(self) -> list[QuotaDay]:
        """Keys from the first to the last entry of the quota's tickets in steps of the set's common divisor."""
        step = gcd(*(found.entry_duration or 0 for found in self.kinds))
        return [self._quota(quota, tickets, step) for quota, tickets in self.members.items() if tickets]

    def _quota(self, quota: int, tickets: frozenset[int], step: int) -> QuotaDay:
        own = [found for found in self.kinds if found.id in tickets]
        first = min(found.first_entry or 0 for found in own)
        last = max(found.last_entry or 0 for found in own)
        keys = tuple(
            slot(at(*divmod(minute, 60)), self.left(quota, minute)) for minute in range(first, last + 1, step)
        )
        return QuotaDay(quota, tuple(sorted(tickets)), keys)

    def accepts(self, orders: dict[tuple[int, int], int]) -> bool:
        """Whether upstream would take these draws (ticket, minute -> quantity), all together."""
        drawn: dict[tuple[int, int], int] = {}
        by_id = {found.id: found for found in self.kinds}
        for (ticket, minute), quantity in orders.items():
            own = by_id[ticket]
            first, last, step = own.first_entry or 0, own.last_entry or 0, own.entry_duration or 1
            if not first <= minute <= last or (minute - first) % step or quantity < own.least:
                return False
            for quota, tickets in self.members.items():
                if ticket in tickets:
                    place = quota, minute // self.slot_minutes[quota]
                    drawn[place] = drawn.get(place, 0) + quantity
        return all(taken <= self.stock[quota][index] for (quota, index), taken in drawn.items())


@st.composite
def worlds(draw: st.DrawFn) -> World:
    step = st.sampled_from([10, 15, 20, 30, 45, 60])
    kinds = tuple(
        kind(
            pk,
            first := draw(st.sampled_from([540, 600, 615, 660])),
            first + draw(st.integers(0, 300)),
            draw(step),
            min_persons=draw(st.integers(0, 3)),
        )
        for pk in range(1, draw(st.integers(2, 4)))
    )
    ids = [found.id for found in kinds]
    members = {quota: draw(st.frozensets(st.sampled_from(ids), min_size=1)) for quota in (41, 44)}
    # Everybody is in some quota; the others have their own test.
    members[47] = frozenset(ids) - members[41] - members[44]
    minutes = {quota: draw(st.sampled_from([10, 15, 30, 60, 1440])) for quota in members}
    stock = {
        quota: draw(st.lists(st.integers(0, 12), min_size=1440 // size, max_size=1440 // size))
        for quota, size in minutes.items()
    }
    return World(kinds, members, minutes, stock)


def minute_of(when: datetime) -> int:
    local = when.astimezone(BERLIN)
    return local.hour * 60 + local.minute


@given(worlds())
def test_what_is_offered_for_one_kind_is_accepted_and_one_more_is_not(world: World) -> None:
    for found in combine(world.answer(), world.kinds, now=BEFORE):
        for ticket, most in found.per_ticket.items():
            minute = minute_of(found.at)
            assert not most or world.accepts({(ticket, minute): most})
            assert most == 100 or not world.accepts({(ticket, minute): max(most + 1, _least(world, ticket))})


@given(worlds())
def test_exactly_the_own_grid_of_each_kind_is_shown(world: World) -> None:
    shown = {
        (ticket, minute_of(found.at))
        for found in combine(world.answer(), world.kinds, now=BEFORE)
        for ticket in found.per_ticket
    }
    wanted = {
        (own.id, minute)
        for own in world.kinds
        for minute in range(own.first_entry or 0, (own.last_entry or 0) + 1, own.entry_duration or 1)
    }
    assert shown == {pair for pair in wanted if pair in shown or _answered(world, *pair)}
    assert shown <= wanted


@given(worlds(), st.data())
def test_a_party_fits_exactly_when_upstream_takes_it(world: World, data: st.DataObject) -> None:
    quotas = world.answer()
    slots = combine(quotas, world.kinds, now=BEFORE)
    if not slots:
        return
    found = data.draw(st.sampled_from(slots))
    offered = st.sampled_from(sorted(found.per_ticket)) if found.per_ticket else st.nothing()
    party = data.draw(st.dictionaries(offered, st.integers(1, 6), min_size=1)) if found.per_ticket else {}
    orders = {(ticket, minute_of(found.at)): quantity for ticket, quantity in party.items()}
    assert fits(quotas, world.kinds, party, found.at, now=BEFORE) == (bool(party) and world.accepts(orders))


@given(worlds(), st.data())
def test_free_places_after_the_basket_never_promise_what_upstream_refuses(
    world: World, data: st.DataObject
) -> None:
    quotas = world.answer()
    slots = [found for found in combine(quotas, world.kinds, now=BEFORE) if any(found.per_ticket.values())]
    if not slots:
        return
    found = data.draw(st.sampled_from(slots))
    usable = sorted(ticket for ticket, most in found.per_ticket.items() if most)
    other, own = data.draw(st.sampled_from(usable)), data.draw(st.sampled_from(usable))
    taken = data.draw(st.integers(1, 12))
    free = free_for(quotas, own, found.key, [Draw(other, found.key, taken)])
    assert 0 <= free <= found.per_ticket[own] or found.per_ticket[own] == 100
    if own != other and free >= _least(world, own) and taken >= _least(world, other):
        basket = {(other, minute_of(found.at)): taken, (own, minute_of(found.at)): free}
        assert world.accepts(basket) or not world.accepts({(other, minute_of(found.at)): taken})


def _least(world: World, ticket: int) -> int:
    return next(found.least for found in world.kinds if found.id == ticket)


def _answered(world: World, ticket: int, minute: int) -> bool:
    """Whether every quota of the ticket had a key for this minute."""
    keys = [
        {minute_of(given.at) for given in quota.slots}
        for quota in world.answer()
        if ticket in quota.ticket_ids
    ]
    return all(minute in found for found in keys)
