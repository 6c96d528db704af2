"""Mirror and live places against a whole ticket system in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import availability, pictures, selectors
from catalog.models import Coupon, Event, Exhibition, Museum, OpeningHours, Picture, Term, Ticket, Tour
from catalog.refresh import refresh
from catalog.slots import DayState, State
from catalog.sync import SyncError, sync_catalog
from shop import gateway
from shop.dates import today
from shop.options import Feature
from tests.sandbox_process import Sandbox, start_sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    found = start_sandbox(tmp_path_factory.mktemp("sandbox"))
    yield found
    found.stop()


@pytest.fixture
def sandbox(started: Sandbox, settings: LazySettings) -> Iterator[Sandbox]:
    started.reset()
    started.forget_requests()
    settings.GOMUS_URL = started.base_url
    gateway.reset()
    yield started
    gateway.reset()


def a_time_slot_ticket() -> Ticket:
    """One with kinds beside it."""
    for ticket in Ticket.objects.sellable().filter(ticket_type="time_slot"):
        if len(selectors.ticket_family(ticket.pk)) > 2:
            return ticket
    raise AssertionError("no family of tickets in the sandbox")


def _dates_upstream(sandbox: Sandbox, event_id: int) -> set[int]:
    """Ids of all dates of an event in the year from today on, asked month by month."""
    found: set[int] = set()
    for first in range(0, 366, 30):
        start, end = today() + timedelta(days=first), today() + timedelta(days=min(first + 29, 365))
        query = {"start_at": str(start), "end_at": str(end), "per_page": "100"}
        answer = sandbox.reseller.get(f"/events/{event_id}/dates", params=query).json()
        assert answer["meta"]["total_count"] <= 100
        found |= {row["id"] for row in answer["dates"]}
    return found


READS = ("SELECT", "DECLARE", "SAVE", "REL", "BEGIN")  # DECLARE: PostgreSQL reads long lists so


def writes_of(queries: CaptureQueriesContext) -> list[str]:
    """The statements that may have changed something, at least a time on the run's own row."""
    written = [sql for found in queries if not (sql := found["sql"]).startswith(READS)]
    assert written
    return written


class TestMirror:
    @pytest.mark.usefixtures("sandbox")
    def test_a_whole_city_arrives_and_a_second_sync_writes_nothing(self) -> None:
        sync_catalog()
        assert Museum.objects.live().count() >= 6
        assert Exhibition.objects.live().count() >= 12
        assert Ticket.objects.live().count() >= 40
        assert OpeningHours.objects.count() == 7 * Museum.objects.count()
        assert all({"de", "en"} <= set(row.titles) for row in Exhibition.objects.all())
        assert all(row.description and row.address for row in Museum.objects.all())
        with CaptureQueriesContext(connection) as queries:
            assert sync_catalog().report == {}
        assert all('"catalog_syncrun"' in sql for sql in writes_of(queries))

    @pytest.mark.usefixtures("sandbox")
    def test_the_whole_programme_arrives_and_a_second_sync_writes_nothing(
        self, settings: LazySettings
    ) -> None:
        settings.FEATURES_ON = frozenset({Feature.COUPONS})
        sync_catalog()
        assert Event.objects.live().count() >= 8
        assert all(
            row.dates.live().exists() and row.category and row.tags.exists() for row in Event.objects.all()
        )
        assert Tour.objects.live().exists()
        assert all(row.picture and row.category for row in Tour.objects.all())
        assert Coupon.objects.live().exists()
        assert set(Term.objects.live().values_list("kind", flat=True)) == set(Term.Kind.values)
        assert Ticket.objects.live().filter(ticket_type="annual").exists()
        combined = Ticket.objects.live().exclude(sub_ticket_ids=[])
        parts = {pk for row in combined for pk in row.sub_ticket_ids}
        assert set(Ticket.objects.live().filter(is_sub_ticket=True).values_list("pk", flat=True)) == parts
        assert parts
        with CaptureQueriesContext(connection) as queries:
            assert sync_catalog().report == {}
        assert all('"catalog_syncrun"' in sql for sql in writes_of(queries))

    def test_a_year_of_dates_is_complete(self, sandbox: Sandbox) -> None:
        sync_catalog()
        for row in Event.objects.live()[:3]:
            there = _dates_upstream(sandbox, row.pk)
            assert set(row.dates.live().values_list("pk", flat=True)) == there
            assert there

    @pytest.mark.parametrize("kind", ["html_200", "truncated", "drop_after"])
    def test_trouble_with_the_dates_leaves_the_mirror_alone(self, sandbox: Sandbox, kind: str) -> None:
        sync_catalog()
        Tour.objects.all().delete()
        sandbox.fault("GET /dates", kind, times=None)
        with pytest.raises(SyncError):
            sync_catalog()
        assert not Tour.objects.exists()
        sandbox.heal()
        sync_catalog()
        assert Tour.objects.exists()

    @pytest.mark.usefixtures("sandbox")
    def test_the_pages_have_something_to_show(self) -> None:
        sync_catalog()
        page = selectors.home_page()
        assert page.now
        assert page.museums
        assert any(card.price_from for card in page.now)
        shown = selectors.exhibition_page(page.now[0].exhibition.pk)
        assert shown.families or shown.house_families
        assert all(selectors.museum_page(card.museum.pk).families for card in page.museums)

    def test_a_hidden_ticket_is_retired_and_comes_back(self, sandbox: Sandbox) -> None:
        sync_catalog()
        ticket = a_time_slot_ticket()
        sandbox.control.post("/tickets", json={"hidden": [ticket.pk]}).raise_for_status()
        assert sync_catalog().report["tickets"]["retired"] == [ticket.pk]
        assert selectors.ticket_family(ticket.pk) == []
        sandbox.control.post("/tickets", json={"hidden": []}).raise_for_status()
        assert sync_catalog().report["tickets"]["returned"] == [ticket.pk]
        assert ticket in selectors.ticket_family(ticket.pk)

    def test_a_new_price_arrives_with_the_next_sync_or_at_once(self, sandbox: Sandbox) -> None:
        sync_catalog()
        ticket = a_time_slot_ticket()
        sandbox.set_price(ticket.pk, 12345)
        assert refresh([ticket.pk])[ticket.pk].price_cents == 12345
        sandbox.set_price(ticket.pk, 54321)
        assert sync_catalog().report["tickets"]["updated"][str(ticket.pk)] == {"price_cents": [12345, 54321]}

    @pytest.mark.parametrize("kind", ["html_200", "truncated", "drop_after"])
    def test_trouble_half_way_leaves_the_mirror_alone(self, sandbox: Sandbox, kind: str) -> None:
        sync_catalog()
        Museum.objects.all().delete()
        sandbox.fault("GET /museums/:id", kind, times=None)
        with pytest.raises(SyncError):
            sync_catalog()
        assert Museum.objects.count() == 0
        sandbox.heal()
        sync_catalog()
        assert Museum.objects.count() >= 6

    @pytest.mark.usefixtures("sandbox")
    def test_the_pictures_can_be_fetched(self, settings: LazySettings, tmp_path: object) -> None:
        settings.MEDIA_ROOT = tmp_path
        sync_catalog()
        assert all(row.credit and row.alt for row in Picture.objects.all())
        first, second, *_others = selectors.pictures_to_fetch(1)
        assert pictures.fetch_picture(first)
        assert pictures.fetch_picture(second)
        assert all(row.width >= 960 for row in Picture.objects.filter(pk__in=[first, second]))
        assert any(card.picture for card in selectors.home_page().now)


class TestAvailability:
    def test_fifty_readers_make_one_call(self, sandbox: Sandbox) -> None:
        sync_catalog()
        family = selectors.ticket_family(a_time_slot_ticket().pk)
        sandbox.switch(latency_ms=100)
        sandbox.forget_requests()
        on = today() + timedelta(days=3)
        with ThreadPoolExecutor(50) as readers:
            found = list(readers.map(lambda _n: availability.day(family, on), range(50)))
        assert {len(answer.slots) for answer in found} == {len(found[0].slots)}
        counts = sandbox.counts()
        assert sum(count for route, count in counts.items() if "capacities" in route) == 1
        assert sum(counts.values()) == 2

    @pytest.mark.usefixtures("sandbox")
    def test_every_family_has_a_day_and_a_slot_that_agree(self) -> None:
        sync_catalog()
        for ticket in Ticket.objects.sellable():
            family = selectors.ticket_family(ticket.pk)
            if family[0].pk != ticket.pk:
                continue
            found = availability.next_free(family)
            assert found is not None
            assert found.slot.bookable
            assert availability.month(family, found.day).days[found.day] in {DayState.FREE, DayState.FEW}

    def test_sold_out_and_few_are_seen(self, sandbox: Sandbox, settings: LazySettings) -> None:
        settings.AVAILABILITY_SECONDS = 0
        sync_catalog()
        family = selectors.ticket_family(a_time_slot_ticket().pk)
        found = availability.next_free(family)
        assert found is not None
        for left, state in ((0, State.SOLD_OUT), (3, State.FEW)):
            sandbox.set_left(family[0].pk, found.slot.key, left)
            slot = availability.day(family, found.day).slot(found.slot.key)
            assert slot is not None
            assert (slot.state, slot.left) == (state, left)
        party = {family[0].pk: 2, family[1].pk: 2}
        near = availability.nearest(family, party, found.slot.at)
        assert len(near) == 3
        assert all(slot.at != found.slot.at and (slot.left or 99) >= 4 for slot in near)

    def test_the_last_places_are_still_told_when_it_goes_down(
        self, sandbox: Sandbox, settings: LazySettings
    ) -> None:
        sync_catalog()
        settings.AVAILABILITY_SECONDS = 0
        family = selectors.ticket_family(a_time_slot_ticket().pk)
        on = today() + timedelta(days=3)
        before = availability.day(family, on)
        sandbox.switch(maintenance="html")
        during = availability.day(family, on)
        assert (during.stale, during.slots) == (True, before.slots)
        with pytest.raises(availability.NotKnown):
            availability.day(family, on + timedelta(days=1))
