"""Live places: shared, fresh for seconds, asked for once, and still told while the ticket system is down."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from catalog import availability
from catalog.models import Ticket
from catalog.slots import DayState, State
from shop import gateway
from shop.dates import today
from tests.catalog.upstream import Upstream, serve, small_world

TOMORROW = timedelta(days=1)


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    with serve(small_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        yield found
        gateway.reset()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), timezone.get_current_timezone())


def tickets(*ids: int, **values: Any) -> list[Ticket]:
    plain = {
        "first_entry": 600,
        "last_entry": 1020,
        "entry_duration": 30,
        "quota_ids": [41],
        "max_persons": 10,
    }
    return [Ticket(pk=pk, ticket_type="time_slot", **(plain | values)) for pk in ids]


def quota(left: dict[datetime, int], ids: list[int], size: int = 40) -> dict[str, Any]:
    keys = {when.isoformat(): count for when, count in left.items()}
    return {"tickets": ids, "capacities": keys, "total_capacities": dict.fromkeys(keys, size)}


def offer(upstream: Upstream, left: dict[datetime, int], ids: list[int]) -> None:
    upstream.fixed["/tickets/capacities"] = {"data": {"41": quota(left, ids)}}


def calendar(days: dict[date, dict[datetime, int] | None], ids: list[int]) -> dict[str, Any]:
    """The days as `depth=all` spells them."""

    def spelled(left: dict[datetime, int]) -> dict[str, Any]:
        keys = [{when.strftime("%Y-%m-%d %H:%M:%S %z"): count} for when, count in left.items()]
        return {"quota": {"id": 41, "tickets": ids, "capacities": keys}}

    return {"data": {str(day): [spelled(left)] if left is not None else [] for day, left in days.items()}}


class TestDay:
    def test_the_slots_of_tickets_chosen_together(self, upstream: Upstream) -> None:
        on = today() + TOMORROW
        offer(upstream, {at(on, 10): 9, at(on, 10, 15): 9, at(on, 10, 30): 3, at(on, 11): 0}, [1, 2])
        found = availability.day(tickets(1, 2), on)
        assert [slot.state for slot in found.slots] == [State.FREE, State.FEW, State.SOLD_OUT]
        assert found.slots[0].per_ticket == {1: 9, 2: 9}
        assert (found.checked_seconds_ago, found.stale, found.bookable) == (0, False, True)
        spelled = at(on, 10, 30).strftime("%Y-%m-%d %H:%M:%S %z")
        assert found.slot(spelled) == found.slots[1]

    def test_a_party_must_find_room_all_together(self, upstream: Upstream) -> None:
        on = today() + TOMORROW
        offer(upstream, {at(on, 10): 3}, [1, 2])
        found = availability.day(tickets(1, 2), on)
        assert found.takes({1: 2, 2: 1}, found.slots[0])
        assert not found.takes({1: 2, 2: 2}, found.slots[0])

    def test_entry_times_are_those_of_that_day(self, upstream: Upstream) -> None:
        on = today() + TOMORROW
        for pk in (1, 2):
            upstream.tickets[pk] |= {"first_entry": 660}
        offer(upstream, {at(on, 10): 9, at(on, 11): 9}, [1, 2])
        assert [slot.at for slot in availability.day(tickets(1, 2), on).slots] == [at(on, 11)]

    def test_a_ticket_not_sold_for_that_day_is_not_offered(self, upstream: Upstream) -> None:
        on = today() + TOMORROW
        del upstream.tickets[2]
        offer(upstream, {at(on, 10): 9}, [1, 2])
        found = availability.day(tickets(1, 2), on)
        assert found.slots[0].per_ticket == {1: 9}
        assert found.kind(2) is None

    def test_without_an_answer_about_entry_times_the_mirror_knows_them(self, upstream: Upstream) -> None:
        on = today() + TOMORROW
        offer(upstream, {at(on, 10): 9}, [1])
        upstream.broken = lambda path: (500, "") if path == "/tickets" else None
        assert len(availability.day(tickets(1), on).slots) == 1

    def test_a_ticket_without_quota_is_asked_for_by_itself(self, upstream: Upstream) -> None:
        on = today() + TOMORROW
        upstream.fixed["/tickets/1/capacity"] = {"data": {at(on, 10).isoformat(): 10}}
        [slot] = availability.day(tickets(1, quota_ids=[]), on).slots
        assert (slot.state, slot.left) == (State.FREE, None)
        assert "/tickets/capacities" not in upstream.asked

    def test_the_past_needs_no_question(self, upstream: Upstream) -> None:
        assert availability.day(tickets(1), today() - TOMORROW).slots == ()
        assert upstream.asked == []


class TestSharing:
    def test_fifty_readers_at_once_make_one_call(self, upstream: Upstream) -> None:
        on = today() + TOMORROW
        offer(upstream, {at(on, 10): 9}, [1, 2])
        upstream.delay = 0.3
        chosen = tickets(1, 2)
        with ThreadPoolExecutor(50) as readers:
            found = list(readers.map(lambda _n: availability.day(chosen, on), range(50)))
        assert {len(answer.slots) for answer in found} == {1}
        assert sorted(upstream.asked) == ["/tickets", "/tickets/capacities"]

    def test_the_order_of_the_tickets_does_not_matter(self, upstream: Upstream) -> None:
        on = today() + TOMORROW
        offer(upstream, {at(on, 10): 9}, [1, 2])
        availability.day(tickets(1, 2), on)
        availability.day(tickets(2, 1), on)
        assert upstream.asked.count("/tickets/capacities") == 1

    def test_after_the_fresh_seconds_it_is_asked_again(
        self, upstream: Upstream, settings: LazySettings
    ) -> None:
        settings.AVAILABILITY_SECONDS = 0
        on = today() + TOMORROW
        offer(upstream, {at(on, 10): 9}, [1])
        availability.day(tickets(1), on)
        offer(upstream, {at(on, 10): 8}, [1])
        assert availability.day(tickets(1), on).slots[0].left == 8


class TestTrouble:
    @pytest.mark.parametrize(("status", "body"), [(503, "<html>"), (500, ""), (200, "<html>"), (401, "{}")])
    def test_the_last_answer_is_told_with_its_age(
        self, upstream: Upstream, settings: LazySettings, status: int, body: str
    ) -> None:
        settings.AVAILABILITY_SECONDS = 0
        on = today() + TOMORROW
        offer(upstream, {at(on, 10): 9}, [1])
        availability.day(tickets(1), on)
        upstream.broken = lambda _path: (status, body)
        found = availability.day(tickets(1), on)
        assert (found.stale, len(found.slots)) == (True, 1)

    def test_without_any_answer_nobody_knows(self, upstream: Upstream) -> None:
        upstream.broken = lambda _path: (503, "")
        with pytest.raises(availability.NotKnown) as caught:
            availability.day(tickets(1), today() + TOMORROW)
        assert caught.value.retry_at is not None
        assert timezone.now() < caught.value.retry_at < timezone.now() + timedelta(minutes=5)

    def test_nobody_answers(self, settings: LazySettings) -> None:
        settings.GOMUS_URL = "http://127.0.0.1:9"
        gateway.reset()
        with pytest.raises(availability.NotKnown):
            availability.month(tickets(1), today())


class TestMonth:
    def test_every_day_has_a_state(self, upstream: Upstream) -> None:
        first = (today().replace(day=1) + timedelta(days=31)).replace(day=1)
        days = [first + timedelta(days=n) for n in range(4)]
        upstream.fixed["/tickets/calendar"] = calendar(
            {
                days[0]: {at(days[0], 10): 9},
                days[1]: {at(days[1], 10): 2, at(days[1], 10, 30): 0},
                days[2]: {at(days[2], 10): 0},
                days[3]: None,
            },
            [1],
        )
        upstream.calendar_any = {str(day): n < 2 for n, day in enumerate(days)}
        found = availability.month(tickets(1), first + timedelta(days=7)).days
        assert [found[day] for day in days] == [
            DayState.FREE,
            DayState.FEW,
            DayState.SOLD_OUT,
            DayState.CLOSED,
        ]
        assert len(found) in {28, 29, 30, 31}
        assert next(iter(found)) == first

    def test_without_the_numbers_a_day_without_places_is_not_called_closed(self, upstream: Upstream) -> None:
        first = (today().replace(day=1) + timedelta(days=31)).replace(day=1)
        upstream.calendar_any = {str(first): True}
        upstream.fixed["/tickets/calendar"] = "not understood"
        found = availability.month(tickets(1), first).days
        assert found[first] is DayState.FREE
        assert found[first + timedelta(days=1)] is DayState.UNAVAILABLE

    def test_days_before_today_are_over(self, upstream: Upstream) -> None:
        upstream.fixed["/tickets/calendar"] = {"data": {}}
        found = availability.month(tickets(1), today()).days
        assert all((found[day] is DayState.OVER) == (day < today()) for day in found)

    def test_a_past_month_needs_no_question(self, upstream: Upstream) -> None:
        found = availability.month(tickets(1), date(2020, 2, 9)).days
        assert (len(found), set(found.values())) == (29, {DayState.OVER})
        assert upstream.asked == []


class TestNextFree:
    def test_the_first_bookable_slot_of_the_coming_months(self, upstream: Upstream) -> None:
        on = (today().replace(day=1) + timedelta(days=31)).replace(day=3)
        upstream.calendar_any = {str(on): True}
        upstream.fixed["/tickets/calendar"] = {"data": {}}
        offer(upstream, {at(on, 10): 0, at(on, 10, 30): 5}, [1])
        found = availability.next_free(tickets(1))
        assert found is not None
        assert (found.day, found.slot.at) == (on, at(on, 10, 30))

    def test_none_for_months(self, upstream: Upstream) -> None:
        upstream.fixed["/tickets/calendar"] = {"data": {}}
        assert availability.next_free(tickets(1)) is None


class TestNearest:
    def test_slots_around_that_take_the_whole_party_under_keys_of_the_day(self, upstream: Upstream) -> None:
        on = today() + 3 * TOMORROW
        later, earlier = on + TOMORROW, on - TOMORROW
        offer(upstream, {at(on, 10): 9, at(on, 11): 2, at(on, 12): 4}, [1, 2])
        upstream.fixed["/tickets/calendar"] = calendar(
            {later: {at(later, 11): 40}, earlier: {at(earlier, 11): 3}, on: {at(on, 10): 9}}, [1, 2]
        )
        found = availability.nearest(tickets(1, 2), {1: 2, 2: 2}, at(on, 11))
        assert [slot.key for slot in found] == [
            when.isoformat() for when in (at(on, 10), at(on, 12), at(later, 11))
        ]
