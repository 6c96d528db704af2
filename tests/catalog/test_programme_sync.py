"""Events, dates, tours, vouchers and small lists: written when they change, never taken away by trouble upstream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import (
    Coupon,
    Event,
    EventDate,
    Term,
    Ticket,
    Tour,
)
from catalog.selectors import shown_ticket
from catalog.sync import sync_catalog
from shop import gateway
from shop.dates import today
from shop.options import Feature
from tests.catalog.programme_world import (
    BIG,
    KINDS,
    NEW,
    SMALL,
    TAGS,
    date_of,
    event,
    kind_of,
    programme_world,
    records,
    word,
)
from tests.catalog.upstream import Upstream, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    settings.FEATURES_ON = frozenset({Feature.COUPONS})
    with serve(programme_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        yield found
        gateway.reset()


class TestFirstSync:
    @pytest.mark.usefixtures("upstream")
    def test_an_event_has_its_house_words_picture_and_dates(self) -> None:
        sync_catalog()
        found = Event.objects.get()
        assert (found.museum_id, found.exhibition_id, found.category_id) == (5, 7, "categories:1")
        assert [term.pk for term in found.tags.all()] == sorted(f"{tag}:1" for tag in TAGS[1:])
        assert found.descriptions == {"de": "<p>Alt</p>"}
        assert found.contents == {"hint": {"de": "Warm anziehen"}}
        assert found.ticket_ids == [2]
        assert found.picture is not None
        assert found.picture.remote_url.endswith("/media/buehne.jpg")
        assert [row.pk for row in found.dates.all()] == [1, BIG]

    @pytest.mark.usefixtures("upstream")
    def test_a_date_has_its_seats_language_and_lowest_price(self) -> None:
        sync_catalog()
        found = EventDate.objects.get(pk=BIG)
        assert (found.language_id, found.duration, found.price_from) == ("languages:1", 90, 800)
        assert (found.min_seats, found.max_seats) == (1, 30)
        assert timezone.localdate(found.start_time) == today() + timedelta(days=40)

    @pytest.mark.usefixtures("upstream")
    def test_a_tour_has_its_equipment_and_a_voucher_its_worth(self) -> None:
        sync_catalog()
        tour = Tour.objects.get()
        assert tour.equipment == [{"id": 3, "titles": {"de": "Kopfhörer"}, "descriptions": {}}]
        assert (tour.duration, tour.depends_on_language, tour.has_equipment) == (60, True, True)
        voucher = Coupon.objects.get()
        assert (voucher.price_cents, voucher.value_cents) == (2500, 3000)

    @pytest.mark.usefixtures("upstream")
    def test_every_small_list_is_kept(self) -> None:
        run = sync_catalog()
        assert {term.kind for term in Term.objects.all()} == set(Term.Kind.values)
        assert all(run.report[kind]["created"] == [1] for kind in Term.Kind.values)

    def test_a_word_only_records_tell_is_kept_too(self, upstream: Upstream) -> None:
        del upstream.fixed["/events/disablements"]
        upstream.events = {501: event(501, disablements=[word(8, "Stufenlos")])}
        sync_catalog()
        assert Term.objects.get(kind="disablements", remote_id=8).title == "Stufenlos 8"

    def test_vouchers_are_not_asked_for_where_the_shop_sells_none(
        self, upstream: Upstream, settings: LazySettings
    ) -> None:
        settings.FEATURES_ON = frozenset()
        sync_catalog()
        assert "/coupons" not in upstream.asked
        assert not Coupon.objects.exists()


class TestSecondSync:
    @pytest.mark.usefixtures("upstream")
    def test_nothing_is_written(self) -> None:
        sync_catalog()
        with CaptureQueriesContext(connection) as queries:
            run = sync_catalog()
        written = [
            sql for found in queries if (sql := found["sql"]).startswith(("INSERT", "UPDATE", "DELETE"))
        ]
        assert written
        assert all('"catalog_syncrun"' in sql for sql in written)
        assert run.report == {}

    def test_only_lists_are_asked_for(self, upstream: Upstream) -> None:
        sync_catalog()
        upstream.asked.clear()
        sync_catalog()
        assert [path for path in upstream.asked if path[-1].isdigit()] == []

    def test_details_are_read_where_the_list_record_changed(self, upstream: Upstream) -> None:
        upstream.events = {501: event(501), 502: event(502)}
        sync_catalog()
        upstream.events[502]["featured"] = True
        upstream.asked.clear()
        sync_catalog()
        assert [path for path in upstream.asked if path.startswith("/events/50")] == ["/events/502"]


class TestChanges:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_changed_record_is_written_and_told_field_by_field(self, upstream: Upstream, kind: str) -> None:
        sync_catalog()
        pk = NEW[kind]
        before = KINDS[kind]._default_manager.get(pk=pk).titles
        records(upstream, kind)[pk]["title"] = {"de": "Ganz neu"}
        report = sync_catalog().report
        assert report.keys() == {kind}
        assert report[kind]["updated"] == {str(pk): {"titles": [before, {"de": "Ganz neu"}]}}
        assert KINDS[kind]._default_manager.get(pk=pk).title == "Ganz neu"

    @pytest.mark.parametrize("kind", KINDS)
    def test_what_vanishes_is_retired_and_comes_back(self, upstream: Upstream, kind: str) -> None:
        kept = records(upstream, kind)
        kept[9] = next(iter(kept.values())) | {"id": 9}
        sync_catalog()
        gone = kept.pop(9)
        assert sync_catalog().report[kind]["retired"] == [9]
        assert KINDS[kind]._default_manager.get(pk=9).retired_at is not None
        assert sync_catalog().report == {}
        kept[9] = gone
        assert sync_catalog().report[kind]["returned"] == [9]
        assert KINDS[kind]._default_manager.get(pk=9).retired_at is None

    @pytest.mark.parametrize("key", SMALL)
    def test_the_entries_of_a_small_list_change_vanish_and_come_back(
        self, upstream: Upstream, key: str
    ) -> None:
        kind, shown = kind_of(key), upstream.fixed[SMALL[key]][key]
        shown.append(word(2, key))
        sync_catalog()
        entry = shown.pop()
        assert sync_catalog().report[kind]["retired"] == [2]
        shown.append(entry | {"name": {"de": "Anders"}})
        report = sync_catalog().report
        assert report.keys() == {kind}
        assert report[kind]["returned"] == [2]
        assert Term.objects.get(kind=kind, remote_id=2).titles["de"] == "Anders"
        assert sync_catalog().report == {}

    def test_tags_of_an_event_follow_it(self, upstream: Upstream) -> None:
        sync_catalog()
        upstream.fixed["/events/audiences"]["audiences"].append(word(2, "audiences"))
        assert upstream.events is not None
        upstream.events[501] |= {"audiences": [word(2, "audiences")], "grades": []}
        sync_catalog()
        tags = {term.pk for term in Event.objects.get().tags.all()}
        assert "audiences:2" in tags
        assert tags.isdisjoint({"audiences:1", "grades:1"})
        assert sync_catalog().report == {}


class TestDates:
    def test_a_whole_year_arrives_and_no_more(self, upstream: Upstream) -> None:
        days = [-1, *range(0, 366, 5), 366]
        upstream.dates = {1000 + day: date_of(501, 1000 + day, days=day) for day in days}
        report = sync_catalog().report
        assert sorted(report["dates"]["created"]) == [1000 + day for day in days[1:-1]]
        assert upstream.asked.count("/dates") == 12

    def test_a_date_that_moves_to_another_month_stays_itself(self, upstream: Upstream) -> None:
        sync_catalog()
        assert upstream.dates is not None
        upstream.dates[1] = date_of(501, 1, days=100)
        report = sync_catalog().report["dates"]
        assert (report["created"], report["retired"], [*report["updated"]]) == ([], [], ["1"])
        assert timezone.localdate(EventDate.objects.get(pk=1).start_time) == today() + timedelta(days=100)

    def test_a_date_that_moves_while_it_is_read_is_there_once(self, upstream: Upstream) -> None:
        later = str(today() + timedelta(days=100))

        def moving(_path: str) -> None:
            asked = [query for query in upstream.queries if "start_at" in query]
            if any(query["start_at"][0] <= later <= query["end_at"][0] for query in asked):
                upstream.dates = {1: date_of(501, 1, days=100)}

        upstream.broken = moving
        assert sync_catalog().report["dates"]["created"].count(1) == 1
        sync_catalog()
        assert timezone.localdate(EventDate.objects.get(pk=1).start_time) == today() + timedelta(days=100)

    def test_a_date_of_an_event_nobody_knows_is_told_and_left_out(self, upstream: Upstream) -> None:
        assert upstream.dates is not None
        upstream.dates[7] = date_of(999, 7, days=5)
        assert sync_catalog().report["dates"]["skipped"] == ["7: there is no event 999"]
        assert not EventDate.objects.filter(pk=7).exists()

    @pytest.mark.usefixtures("upstream")
    def test_a_date_that_is_over_stays_for_a_while(self) -> None:
        sync_catalog()
        yesterday = timezone.now() - timedelta(days=2)
        EventDate.objects.create(
            id=50, event_id=501, start_time=yesterday, read_at=yesterday, fingerprint="f"
        )
        assert sync_catalog().report == {}
        EventDate.objects.filter(pk=50).update(start_time=timezone.now() - timedelta(days=31))
        assert sync_catalog().report == {}
        assert not EventDate.objects.filter(pk=50).exists()

    def test_a_date_that_was_over_may_be_put_off(self, upstream: Upstream) -> None:
        sync_catalog()
        assert upstream.dates is not None
        EventDate.objects.filter(pk=1).update(start_time=timezone.now() - timedelta(days=2))
        upstream.dates[1] = date_of(501, 1, days=9)
        assert [*sync_catalog().report["dates"]["updated"]] == ["1"]

    def test_seats_that_were_sold_change_nothing(self, upstream: Upstream) -> None:
        sync_catalog()
        assert upstream.dates is not None
        upstream.dates[1]["seats"] = {"min": 1, "max": 30, "booked": 5, "available": 25}
        before = EventDate.objects.values().get(pk=1)
        assert sync_catalog().report == {}
        assert EventDate.objects.values().get(pk=1) | {"read_at": 0} == before | {"read_at": 0}


class TestTickets:
    def test_a_ticket_that_becomes_a_part_is_not_sold_alone_any_more(self, upstream: Upstream) -> None:
        upstream.tickets[90]["sub_ticket_ids"] = [3, 91]
        sync_catalog()
        upstream.tickets[3]["is_part"] = True
        assert sync_catalog().report["tickets"]["updated"] == {"3": {"is_sub_ticket": [False, True]}}
        del upstream.tickets[3]["is_part"]
        assert sync_catalog().report["tickets"]["updated"] == {"3": {"is_sub_ticket": [True, False]}}

    @pytest.mark.usefixtures("upstream")
    def test_annual_tickets_and_parts_are_known_and_not_for_sale(self) -> None:
        sync_catalog()
        assert set(Ticket.objects.live().values_list("pk", flat=True)) == {1, 2, 3, 80, 90, 91}
        assert set(Ticket.objects.sellable().values_list("pk", flat=True)) == {1, 2, 3}
        assert Ticket.objects.get(pk=90).min_gap_minutes == 90
        assert Ticket.objects.get(pk=91).is_sub_ticket  # although upstream did not say so

    @pytest.mark.usefixtures("upstream")
    def test_combined_and_annual_tickets_have_a_page_and_parts_have_none(self) -> None:
        sync_catalog()
        assert [shown_ticket(pk).pk for pk in (80, 90)] == [80, 90]
        assert list(Ticket.objects.annual().values_list("pk", flat=True)) == [80]
        assert list(Ticket.objects.combined().values_list("pk", flat=True)) == [90]
        with pytest.raises(Ticket.DoesNotExist):
            shown_ticket(91)

    def test_a_part_goes_with_the_ticket_it_is_part_of(self, upstream: Upstream) -> None:
        sync_catalog()
        upstream.tickets[90] |= {"sub_ticket_ids": [], "price_cents": 1}
        assert sync_catalog().report["tickets"]["retired"] == [91]

    def test_free_texts_are_kept_without_what_could_do_harm(self, upstream: Upstream) -> None:
        upstream.tickets[1]["content"] = {
            "hint": {"de": "<b>Gut</b><script>x()</script>"},
            "empty": {"de": " "},
        }
        sync_catalog()
        assert Ticket.objects.get(pk=1).contents == {"hint": {"de": "<b>Gut</b>"}}
