"""Where a party can go: states, prices and ways out, from the mirror and a ticket system of a few records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog import finding
from catalog.families import BUNDLE, bundles, group, kin, shop_order
from catalog.finding import PAGE, Findings
from catalog.looking import Finding, Fit
from catalog.models import Museum, Ticket
from catalog.party import Party
from catalog.seeking import Seek
from shop import edition, gateway
from shop.dates import today
from tests.catalog import rows
from tests.catalog.upstream import Upstream, serve, ticket

pytestmark = pytest.mark.django_db

ON = today() + timedelta(days=3)
KINDS = [("Erwachsene", 1400), ("Ermäßigt", 700), ("Kind", 350)]


def find(seek: Seek) -> Findings:
    """As after a sync: rows were written past the signals of single rows."""
    edition.renew()
    return finding.find(seek)


def museums_of(found: Findings) -> list[tuple[str, int]]:
    """The museums to choose from, with their counts."""
    return [
        (one.value, one.number)
        for narrow in found.filters
        if narrow.name == "museum"
        for one in narrow.choices
    ]


def at(hour: int, minute: int = 0, day: date = ON) -> datetime:
    return datetime.combine(day, time(hour, minute), timezone.get_current_timezone())


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    """A ticket system that sells one visit for three kinds: tickets 1 to 3 of quota 41."""
    with serve(Upstream()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        sells(found, 1, {at(10): 2, at(11): 9, at(14): 9}, house=rows.museum(5, titles={"de": "Haus"}))
        yield found
        gateway.reset()


def sells(
    upstream: Upstream, first: int, left: dict[datetime, int], house: Museum, title: str = "Erde", **more: Any
) -> None:
    """The kinds of one visit, in the mirror and upstream, on a quota of their own."""
    ids = list(range(first, first + len(KINDS)))
    for pk, (name, cents) in zip(ids, KINDS, strict=True):
        kind = {"Erwachsene": "adult", "Ermäßigt": "reduced", "Kind": "child"}[name]
        given: dict[str, Any] = {
            "titles": {"de": f"{title} – {name}"},
            "price_cents": cents,
            "visitor_kind": kind,
        }
        rows.ticket(pk, museums=[house], **(given | {"quota_ids": [40 + first], "max_persons": 10} | more))
        upstream.tickets[pk] = ticket(pk, price_cents=cents)
    keys = {when.isoformat(): count for when, count in left.items()}
    known = upstream.fixed.setdefault("/tickets/capacities", {"data": {}})["data"]
    known[str(40 + first)] = {"tickets": ids, "capacities": keys, "total_capacities": dict.fromkeys(keys, 40)}


def only(seek: Seek) -> Finding:
    [(_museum, [found])] = find(seek).houses
    assert isinstance(found, Finding)
    return found


FAMILY_OF_THREE = Seek(ON, Party(2, 0, 1))


@pytest.mark.usefixtures("upstream")
class TestFit:
    def test_the_first_time_that_takes_all_and_what_they_pay(self) -> None:
        found = only(FAMILY_OF_THREE)
        assert (found.fit, found.slot and found.slot.at) == (Fit.FREE, at(11))
        assert (found.seating, found.cents) == ({1: 2, 3: 1}, 2 * 1400 + 350)

    def test_few_places_are_said(self) -> None:
        found = only(Seek(ON, Party(1)))
        assert (found.fit, found.slot and found.slot.at, found.slot and found.slot.left) == (
            Fit.FEW,
            at(10),
            2,
        )

    @pytest.mark.parametrize(
        ("part", "first"), [("morning", at(11)), ("afternoon", at(14)), ("evening", None)]
    )
    def test_only_times_of_that_part_of_the_day(self, part: str, first: datetime | None) -> None:
        slot = only(replace(FAMILY_OF_THREE, part=part)).slot
        assert (slot and slot.at) == first

    def test_a_day_ticket_is_good_for_every_part_of_the_day(self, upstream: Upstream) -> None:
        Ticket.objects.update(ticket_type="normal")
        for record in upstream.tickets.values():
            record["ticket_type"] = "normal"
        found = only(replace(FAMILY_OF_THREE, part="evening", party=Party(2)))
        assert found.slot is not None
        assert found.slot.whole_day

    def test_a_price_of_the_slot_counts(self) -> None:
        Ticket.objects.filter(pk=1).update(dynamic_prices={at(11).isoformat(): 2000})
        assert only(FAMILY_OF_THREE).cents == 2 * 2000 + 350

    def test_staff_say_whom_a_ticket_is_for(self) -> None:
        Ticket.objects.filter(pk=3).update(visitor_kind_by_staff="other")
        assert only(FAMILY_OF_THREE).seating == {1: 2, 2: 1}

    def test_a_family_ticket_where_it_is_cheaper(self) -> None:
        words = {
            "titles": {"de": "Erde – Ermäßigt"},
            "sub_titles": {"de": "2 Erwachsene und bis zu 3 Kinder"},
        }
        Ticket.objects.filter(pk=2).update(visitor_kind="family", price_cents=2000, **words)
        assert (only(FAMILY_OF_THREE).seating, only(FAMILY_OF_THREE).cents) == ({2: 1}, 2000)
        assert only(Seek(ON, Party(1, 0, 1))).seating == {1: 1, 3: 1}
        Ticket.objects.filter(pk=2).update(price_cents=2 * 1400 + 350)
        slot = only(FAMILY_OF_THREE).slot
        assert (only(FAMILY_OF_THREE).seating, slot and slot.at) == ({1: 2, 3: 1}, at(11))

    @pytest.mark.parametrize(
        ("left", "fit"),
        [
            ({at(10): 2, at(11): 2}, Fit.FULL),
            ({at(10): 0, at(11): 0}, Fit.SOLD_OUT),
            ({}, Fit.CLOSED),
        ],
    )
    def test_why_it_does_not_fit(self, upstream: Upstream, left: dict[datetime, int], fit: Fit) -> None:
        keys = {when.isoformat(): count for when, count in left.items()}
        upstream.fixed["/tickets/capacities"]["data"]["41"] |= {"capacities": keys}
        upstream.fixed["/tickets/capacities"]["data"]["41"] |= {"total_capacities": dict.fromkeys(keys, 40)}
        assert (only(FAMILY_OF_THREE).fit, only(FAMILY_OF_THREE).slot) == (fit, None)

    def test_without_a_ticket_for_them_nobody_is_sent(self) -> None:
        Ticket.objects.update(visitor_kind="child")
        assert only(FAMILY_OF_THREE).fit is Fit.UNSUITED
        assert only(Seek(ON, Party(children=3))).fit is Fit.FREE

    def test_what_no_quota_limits_is_shown_without_a_call_of_its_own(self, upstream: Upstream) -> None:
        Ticket.objects.update(quota_ids=[])
        Ticket.objects.exclude(pk=1).delete()
        found = only(FAMILY_OF_THREE)
        assert (found.fit, found.cents) == (Fit.UNLIMITED, 3 * 1400)
        assert find(FAMILY_OF_THREE).way_out is None
        assert upstream.asked == []
        assert only(Seek(ON, Party(11))).fit is Fit.FULL


class TestFilters:
    @pytest.fixture(autouse=True)
    def _two_houses(self, upstream: Upstream) -> None:
        house = rows.museum(6, titles={"de": "Museum der Meere"}, city="Köln")
        sells(upstream, 11, {at(9): 30}, house, first_entry=540, title="Tiefe Zeit")
        for pk in (11, 12, 13):
            upstream.tickets[pk]["first_entry"] = 540

    def test_museums_with_the_soonest_first_and_counted(self) -> None:
        found = find(FAMILY_OF_THREE)
        assert [museum and museum.pk for museum, _own in found.houses] == [6, 5]
        assert museums_of(found) == [("5", 1), ("6", 1)]
        assert (found.total, found.fitting) == (2, 2)

    def test_one_museum(self) -> None:
        found = find(replace(FAMILY_OF_THREE, museum=5))
        assert [museum and museum.pk for museum, _own in found.houses] == [5]
        assert len(museums_of(found)) == 2

    def test_a_museum_nobody_knows_filters_nothing(self) -> None:
        assert find(replace(FAMILY_OF_THREE, museum=99)).total == 2

    @pytest.mark.parametrize(
        ("text", "museums"),
        [
            ("zeit", [6]),
            ("tife zeit", [6]),
            ("koeln", [6]),
            ("MEER", [6]),
            ("erde", [5]),
            ("dino", []),
            ("?", []),
        ],
    )
    def test_words(self, text: str, museums: list[int]) -> None:
        found = find(replace(FAMILY_OF_THREE, text=text))
        assert [museum and museum.pk for museum, _own in found.houses] == museums
        assert [int(value) for value, _count in museums_of(found)] == museums
        assert found.way_out is None

    def test_all_searches_of_a_day_share_the_same_two_calls(self, upstream: Upstream) -> None:
        for seek in (
            FAMILY_OF_THREE,
            replace(FAMILY_OF_THREE, text="zeit"),
            replace(FAMILY_OF_THREE, museum=5),
        ):
            find(seek)
        assert sorted(upstream.asked) == ["/tickets", "/tickets/capacities"]


class TestTrouble:
    def test_places_nobody_knows(self, upstream: Upstream) -> None:
        upstream.broken = lambda _path: (503, "")
        found = find(FAMILY_OF_THREE)
        assert (found.gathered.missing, found.way_out) == (True, None)
        finding = only(FAMILY_OF_THREE)
        assert (finding.fit, finding.cents) == (Fit.UNKNOWN, 2 * 1400 + 350)
        Ticket.objects.filter(pk=1).update(dynamic_prices={at(11).isoformat(): 2000})
        assert only(FAMILY_OF_THREE).cents is None

    def test_the_last_answer_with_its_age(self, upstream: Upstream, settings: LazySettings) -> None:
        settings.AVAILABILITY_SECONDS = 0
        assert not find(FAMILY_OF_THREE).gathered.missing
        upstream.broken = lambda _path: (503, "")
        found = find(FAMILY_OF_THREE)
        assert (found.gathered.stale, found.gathered.missing, found.fitting) == (True, False, 1)


class TestWayOut:
    def test_nearest_days_other_times_and_a_smaller_party(self, upstream: Upstream) -> None:
        days = [ON + timedelta(days=n) for n in (-2, -1, 0, 4, 9)]
        upstream.calendar_any = {str(day): True for day in days} | {str(ON + timedelta(days=1)): False}
        way = find(Seek(ON, Party(10), part="evening")).way_out
        assert way is not None
        assert (way.days, way.parts, way.party) == ((days[0], days[1], days[3]), (), None)
        way = find(Seek(ON, Party(5), part="evening")).way_out
        assert way is not None
        assert way.parts == ("morning", "afternoon")
        way = find(Seek(ON, Party(9, 0, 3))).way_out
        assert way is not None
        assert way.party == Party(6, 0, 3)

    def test_days_nobody_knows_are_not_offered(self, upstream: Upstream) -> None:
        upstream.broken = lambda path: (503, "") if path == "/tickets/calendar" else None
        way = find(Seek(ON, Party(20))).way_out
        assert way is not None
        assert way.days == ()

    @pytest.mark.usefixtures("upstream")
    def test_nobody_needs_one_who_finds_something(self) -> None:
        assert find(FAMILY_OF_THREE).way_out is None


class TestSize:
    def fill(self, upstream: Upstream, count: int) -> None:
        house = Museum.objects.get(pk=5)
        for pk in range(100, 100 + count):
            rows.ticket(pk, museums=[house], quota_ids=[pk], visitor_kind="adult")
            upstream.tickets[pk] = ticket(pk)

    def test_calls_grow_by_hundreds_and_queries_not_at_all(self, upstream: Upstream) -> None:
        with CaptureQueriesContext(connection) as few:
            find(FAMILY_OF_THREE)
        self.fill(upstream, 250)
        upstream.asked.clear()
        with CaptureQueriesContext(connection) as many:
            found = find(FAMILY_OF_THREE)
        assert len(few) == len(many) <= 12
        with CaptureQueriesContext(connection) as again:
            finding.find(replace(FAMILY_OF_THREE, text="karte", party=Party(1)))
        assert len(again) == 0
        assert sorted(set(upstream.asked)) == ["/tickets", "/tickets/capacities"]
        assert upstream.asked.count("/tickets/capacities") == upstream.asked.count("/tickets") == 3
        assert (found.total, found.pages) == (251, 7)
        assert sum(len(own) for _museum, own in found.houses) == PAGE

    def test_entry_times_the_mirror_knows_need_no_query_either(self, upstream: Upstream) -> None:
        self.fill(upstream, 20)
        upstream.broken = lambda path: (500, "") if path == "/tickets" else None
        with CaptureQueriesContext(connection) as made:
            assert find(FAMILY_OF_THREE).fitting == 1
            first = len(made)
            assert finding.find(replace(FAMILY_OF_THREE, day=ON + timedelta(days=1))).total
        assert len(made) == first

    def test_what_takes_too_long_is_not_known(
        self, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.fill(upstream, 250)
        monkeypatch.setattr("catalog.gathering.PATIENCE_SECONDS", -1)
        found = find(FAMILY_OF_THREE)
        assert (found.gathered.missing, upstream.asked) == (True, [])

    def test_a_page_too_far_is_the_last(self, upstream: Upstream) -> None:
        self.fill(upstream, 50)
        found = find(replace(FAMILY_OF_THREE, page=99))
        assert (found.page, found.pages) == (2, 2)
        assert sum(len(own) for _museum, own in found.houses) == 51 - PAGE


def a_ticket(pk: int, quotas: list[int], kind: str) -> Ticket:
    return Ticket(pk=pk, ticket_type=kind, quota_ids=quotas, price_cents=pk % 7)


drawn = st.lists(
    st.tuples(st.lists(st.integers(1, 60), max_size=3), st.sampled_from(["time_slot", "normal"])),
    max_size=150,
).map(lambda drawn: [a_ticket(pk, *one) for pk, one in enumerate(drawn, start=1)])


@given(drawn)
def test_families_are_those_of_the_first_one_left(tickets: list[Ticket]) -> None:
    left, expected = sorted(tickets, key=shop_order), []
    while left:
        expected.append(kin(left[0], left))
        left = [ticket for ticket in left if ticket not in expected[-1]]
    assert group(tickets) == tuple(expected)


@given(drawn)
def test_bundles_hold_every_family_with_a_quota_once_and_whole(tickets: list[Ticket]) -> None:
    families = group(tickets)
    found = bundles(families)
    held = [family for bundle in found for family in bundle]
    assert sorted(one[0].pk for one in held) == sorted(
        f[0].pk for f in families if any(t.quota_ids for t in f)
    )
    assert all(len(bundle) == 1 or sum(map(len, bundle)) <= BUNDLE for bundle in found)
