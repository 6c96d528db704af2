"""What the pages read: right, and in a small fixed number of queries however large the catalogue is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from catalog import selectors
from catalog.models import Exhibition, Museum, OpeningHours, Ticket
from shop import edition, features
from shop.dates import today
from shop.models import FeatureFinding
from shop.options import Feature
from tests.catalog import rows

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


class TestHome:
    def test_on_now_are_permanent_and_running_ones_featured_first_then_soonest_to_end(self) -> None:
        house = rows.museum(1)
        rows.exhibition(1, house)
        rows.exhibition(2, house, first=today() - 9 * DAY, last=today())
        featured = rows.exhibition(3, house, first=today() - 9 * DAY, last=today() + 90 * DAY)
        Exhibition.objects.filter(pk=featured.pk).update(featured=True)
        rows.exhibition(4, house, first=today() - 9 * DAY, last=today() - DAY)
        rows.exhibition(5, house, first=today() + DAY, last=today() + 9 * DAY)
        rows.retire(rows.exhibition(6, house))
        page = selectors.home_page()
        assert [card.exhibition.pk for card in page.now] == [3, 2, 1]
        assert [card.exhibition.pk for card in page.soon] == [5]
        assert page.now_total == 3
        assert [(card.museum.pk, card.exhibitions_on) for card in page.museums] == [(1, 3)]

    def test_a_gap_between_two_runs_is_not_on_now(self) -> None:
        shown = rows.exhibition(1, first=today() - 9 * DAY, last=today() - DAY)
        later = {"start": f"{today() + DAY}T10:00:00+01:00", "end": f"{today() + 9 * DAY}T10:00:00+01:00"}
        shown.time_frames.append(later)
        shown.ends_on = today() + 9 * DAY
        shown.save()
        page = selectors.home_page()
        assert (len(page.now), len(page.soon)) == (0, 1)

    def test_price_from_is_the_lowest_gross_price_that_is_not_free(self) -> None:
        shown = rows.exhibition(1, rows.museum(1))
        offers: list[dict[str, Any]] = [
            {"price_cents": 0},
            {"price_cents": 1400},
            {"price_cents": 1000, "vat_bp": 700, "tax_included": False},
            {"price_cents": 2000, "discount": 50, "bookable": False},
            {"price_cents": 100, "ticket_type": "annual"},
            {"price_cents": 100, "sub_ticket_ids": [9]},
            {"price_cents": 100, "is_sub_ticket": True},
        ]
        for pk, values in enumerate(offers, start=1):
            rows.ticket(pk, exhibitions=[shown], **values)
        [card] = selectors.home_page().now
        assert (card.price_from, card.ticket_id) == (1070, 2)

    def test_free_and_not_on_sale_are_told_apart(self) -> None:
        free, nothing = rows.exhibition(1), rows.exhibition(2)
        rows.ticket(1, exhibitions=[free], price_cents=0)
        cards = {card.exhibition.pk: card for card in selectors.home_page().now}
        assert cards[free.pk].price_from == 0
        assert (cards[nothing.pk].price_from, cards[nothing.pk].ticket_id) == (None, None)

    def test_without_tickets_of_its_own_an_exhibition_is_seen_with_those_of_the_house(self) -> None:
        house = rows.museum(1)
        rows.exhibition(1, house)
        rows.ticket(1, museums=[house])
        rows.ticket(2, museums=[house], exhibitions=[rows.exhibition(2, house)], price_cents=700)
        cards = {card.exhibition.pk: card for card in selectors.home_page().now}
        assert (cards[1].ticket_id, cards[1].price_from) == (1, 1400)
        assert cards[2].ticket_id == 2

    def test_a_picture_is_shown_once_it_was_fetched(self) -> None:
        shown = rows.exhibition(1)
        shown.picture = rows.picture("a")
        shown.save()
        other = rows.exhibition(2)
        other.picture = rows.picture("b", fetched=False)
        other.save()
        pictures = {card.exhibition.pk: card.picture for card in selectors.home_page().now}
        assert pictures == {1: shown.picture, 2: None}


class TestFamilies:
    def test_kinds_share_a_quota_and_a_type_the_full_price_first(self) -> None:
        rows.ticket(1, quota_ids=[7], price_cents=700)
        rows.ticket(2, quota_ids=[7, 8])
        rows.ticket(3, quota_ids=[8])
        rows.ticket(4, quota_ids=[7], ticket_type="normal")
        rows.ticket(5, quota_ids=[7], bookable=False)
        rows.retire(rows.ticket(6, quota_ids=[7]))
        rows.ticket(7, quota_ids=[7], shop_order=-1, price_cents=0)
        assert [found.pk for found in selectors.ticket_family(1)] == [7, 2, 1]

    def test_a_ticket_without_quota_stands_alone(self) -> None:
        rows.ticket(1, quota_ids=[])
        rows.ticket(2, quota_ids=[])
        assert [found.pk for found in selectors.ticket_family(1)] == [1]

    def test_what_is_not_sold_has_no_family(self) -> None:
        rows.ticket(1, bookable=False)
        assert selectors.ticket_family(1) == []
        page = selectors.ticket_page(selectors.shown_ticket(1))
        assert (page.on_sale, page.family, page.anchor.pk) == (False, (), 1)

    def test_the_page_of_a_museum_groups_its_tickets(self) -> None:
        house = rows.museum(1)
        rows.ticket(1, museums=[house], quota_ids=[7])
        rows.ticket(2, museums=[house], quota_ids=[7], price_cents=500)
        rows.ticket(3, museums=[house], quota_ids=[9], price_cents=900)
        families = selectors.museum_page(1).families
        assert [[found.pk for found in family.tickets] for family in families] == [[1, 2], [3]]
        assert [family.price_from for family in families] == [500, 900]
        assert families[0].anchor.pk == 1


class TestPagesOfOneThing:
    def test_hours_are_seven_days_known_closed_or_not_told(self) -> None:
        house = rows.museum(1)
        now = timezone.now()
        OpeningHours.objects.create(museum=house, day=today(), begins_at=now, ends_at=now, read_at=now)
        OpeningHours.objects.create(museum=house, day=today() + DAY, read_at=now)
        hours = selectors.museum_page(1).hours
        assert [day.day for day in hours] == [today() + n * DAY for n in range(7)]
        assert [(day.known, day.closed) for day in hours[:3]] == [(True, False), (True, True), (False, False)]

    def test_an_exhibition_knows_its_house_and_both_kinds_of_tickets(self) -> None:
        house = rows.museum(1)
        shown = rows.exhibition(1, house)
        rows.ticket(1, museums=[house], exhibitions=[shown], quota_ids=[1])
        rows.ticket(2, museums=[house], quota_ids=[2], price_cents=800)
        page = selectors.exhibition_page(1)
        assert [family.anchor.pk for family in page.families] == [1]
        assert [family.anchor.pk for family in page.house_families] == [2]
        assert (page.museum, page.price_from) == (house, 800)

    def test_a_retired_house_is_not_shown_with_its_exhibition(self) -> None:
        house = rows.museum(1)
        rows.exhibition(1, house)
        rows.retire(house)
        page = selectors.exhibition_page(1)
        assert (page.museum, page.hours, page.house_families) == (None, (), ())

    @pytest.mark.parametrize(
        ("read", "error"),
        [
            (selectors.museum_page, Museum.DoesNotExist),
            (selectors.exhibition_page, Exhibition.DoesNotExist),
            (selectors.shown_ticket, Ticket.DoesNotExist),
            (selectors.ticket_by_id, Ticket.DoesNotExist),
        ],
    )
    def test_what_is_retired_or_unknown_does_not_exist(
        self, read: Callable[[int], object], error: type[Exception]
    ) -> None:
        for row in (rows.museum(1), rows.exhibition(1), rows.ticket(1)):
            rows.retire(row)
        for pk in (1, 2):
            with pytest.raises(error):
                read(pk)

    def test_texts_are_in_the_active_language_or_in_one_there_is(self) -> None:
        house = rows.museum(1)
        house.sub_titles = {"en": "only English"}
        with translation.override("de"):
            assert (house.title, house.sub_title) == ("Museum 1 de", "only English")
        with translation.override("en"):
            assert house.title == "Museum 1 en"


def fill(count: int) -> None:
    """A catalogue of `count` tickets, with a museum and an exhibition for every five of them."""
    for pk in range(1, count + 1):
        if pk % 5 == 1:
            house = rows.museum(pk)
            house.picture = rows.picture(f"house-{pk}")
            house.save()
            shown = rows.exhibition(pk, house, first=date(2020, 1, 1), last=date(2100, 1, 1))
            shown.picture = rows.picture(f"show-{pk}")
            shown.save()
        rows.ticket(pk, museums=[house], exhibitions=[shown] if pk % 2 else [], quota_ids=[pk // 3])


@pytest.mark.parametrize("count", [5, 500])
@pytest.mark.parametrize(
    ("read", "queries"),
    [
        (selectors.home_page, 4),
        (selectors.museums_page, 4),
        (selectors.exhibitions_page, 4),
        (lambda: selectors.museum_page(1), 5),
        (lambda: selectors.exhibition_page(1), 4),
        (lambda: selectors.ticket_page(selectors.shown_ticket(1)), 6),
        (lambda: selectors.ticket_family(1), 2),
    ],
    ids=["home", "museums", "exhibitions", "museum", "exhibition", "ticket", "family"],
)
def test_the_number_of_queries_does_not_grow(
    count: int,
    read: Callable[[], object],
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(count)
    house = Museum.objects.get(pk=1)
    for pk in range(min(count, 20)):
        rows.tour(pk, house, bookable=True)
    with django_assert_num_queries(queries):
        read()


PAGES = ["", "museums/", "museums/1/", "exhibitions/", "exhibitions/1/", "tours/", "events/", "vouchers/"]


@pytest.mark.parametrize("count", [5, 500])
def test_no_page_made_anew_asks_more_than_six_questions(
    client: Client, settings: LazySettings, count: int
) -> None:
    settings.FEATURES_OFF, settings.FEATURES_ON = [], []
    FeatureFinding.objects.create(name=Feature.COUPONS, found=True)
    fill(count)
    asked = {}
    for path in PAGES:
        features.forget()
        edition.renew()
        with CaptureQueriesContext(connection) as made:
            assert client.get(f"/en/{path}?word=unknown").status_code == 200
        asked[path] = len(made)
    assert {path: number for path, number in asked.items() if number > 6} == {}
