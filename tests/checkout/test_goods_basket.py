"""Goods in the basket: what their forms are read as, what is refused, and how they stand, change, go and come back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from catalog.models import EventDate, Term, Ticket, Tour
from checkout import services
from checkout.models import BasketGood
from checkout.overview import PricedGood, Standing, overview
from orders.engine import advance
from orders.lifecycle import State
from orders.models import Order
from shop.money import format_money
from tests.checkout.given import ADULT, a_time
from tests.checkout.programme import (
    AMMONITES,
    ANNUAL,
    CABINET,
    CLAY,
    CONCERT,
    GROUP_TOUR,
    HEADSETS,
    KILN,
    KILN_FEE,
    POSTED_VOUCHER,
    SCALED_TOUR,
    TWO_HOUSES,
    TWO_HOUSES_REDUCED,
    VESSELS,
    VOUCHER,
    a_date,
    a_start,
    age_group_of,
    combined_form,
    entries,
    free_seats,
    language_of,
)
from tests.checkout.visitor import Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(programme: Sandbox) -> Visitor:
    return Visitor(Client())


def a_tour(number: int = GROUP_TOUR, **changes: object) -> dict[str, str]:
    """The form of a group tour."""
    usual: dict[str, object] = {
        "tour": number,
        "start": changes.get("start") or a_start(number, people=12),
        "language": language_of(number),
        "age_group": age_group_of(number),
        "people": 12,
    }
    return {name: str(value) for name, value in {**usual, **changes}.items()}


def only(visitor: Visitor) -> PricedGood:
    (good,) = overview(visitor.basket).goods
    return good


def chosen() -> dict[str, Any]:
    found: dict[str, Any] = BasketGood.objects.get().choice
    return found


class TestAdding:
    def test_a_single_price(self, visitor: Visitor) -> None:
        date = a_date(AMMONITES)
        visitor.post("add_event", {"date": str(date.id), "number": "2"})
        good = only(visitor)
        assert (good.cents, good.number, good.at) == (800, 2, date.start_time)
        assert (good.standing, good.changeable) == (Standing.FREE, True)

    def test_the_same_date_again_is_the_same_row(self, visitor: Visitor) -> None:
        date = str(a_date(KILN).id)
        visitor.post("add_event", {"date": date, "scale-61": "1"})
        visitor.post("add_event", {"date": date, "scale-61": "1", "scale-62": "2"})
        assert chosen() == {"scales": {"61": 2, "62": 2}}
        assert only(visitor).cents == 2 * 1200 + 2 * 800
        visitor.post("add_event", {"date": date, "scale-61": "5"})  # nine of eight
        assert only(visitor).number == 4
        assert "8" in visitor.told()

    def test_a_seat_that_fits_one_price_needs_none_named(self, visitor: Visitor) -> None:
        concert = a_date(CONCERT)
        (seat,) = free_seats(concert, 3, 1)
        visitor.post("add_event", {"date": str(concert.id), "seat": str(seat)})
        good = only(visitor)
        assert good.cents == 900
        with translation.override("en"):
            assert good.good.details()[-1] == f"Row {seat // 100 - 10}, seat {seat % 100}"

    def test_a_tour_with_what_nobody_is_asked_about(self, visitor: Visitor) -> None:
        visitor.post("add_tour", a_tour(**{f"surcharge-{CLAY}": 6, f"equipment-{HEADSETS}": 6}))
        assert only(visitor).cents == 9000 + 1500 + 6 * 250
        assert chosen()["surcharges"] == {str(KILN_FEE): 1, str(CLAY): 6}

    def test_the_same_tour_again_takes_its_place(self, visitor: Visitor) -> None:
        form = a_tour()
        visitor.post("add_tour", form)
        visitor.post("add_tour", form | {"people": "20"})
        assert only(visitor).number == 20

    def test_a_tour_by_scale_prices(self, visitor: Visitor) -> None:
        visitor.post("add_tour", a_tour(SCALED_TOUR, people="", **{"scale-81": 10, "scale-82": 2}))
        assert only(visitor).cents == round(0.95 * (10 * 600 + 2 * 400))

    def test_of_a_group_everybody_pays_the_dearest_price_who_is_given_no_other(
        self, visitor: Visitor
    ) -> None:
        form = a_tour(SCALED_TOUR, people=12, **{"scale-82": 2})
        visitor.post("add_tour", form)
        good = only(visitor)
        assert (good.number, good.cents) == (12, round(0.95 * (10 * 600 + 2 * 400)))
        assert good.good.payload(())["attributes"]["quantities"] == {"81": 10, "82": 2}
        visitor.post("add_tour", form | {"scale-82": "13"})
        assert only(visitor).cents == good.cents
        assert visitor.told()

    def test_the_form_of_the_tour_page_is_understood(self, visitor: Visitor) -> None:
        wish = {name: value for name, value in a_tour().items() if name != "tour"}
        address = f"/de/tours/{GROUP_TOUR}/"
        page = visitor.client.get(address, wish | {f"surcharge-{CLAY}": "6"}).content.decode()
        form = page[page.index('<form class="split"') :]
        assert f'formaction="{reverse("checkout:add_tour")}"' in form
        sent = re.findall(r'<input type="(?:hidden|number)"[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form)
        visitor.post("add_tour", dict(sent))
        assert only(visitor).cents == 9000 + 1500 + 6 * 250
        back = visitor.client.post(
            reverse("checkout:add_tour"), dict(sent) | {"people": "99"}, headers={"Referer": address}
        )["Location"]
        assert back.startswith(f"{address}?")
        assert f"surcharge-{CLAY}=6" in back

    def test_kinds_of_a_combined_ticket_at_once(self, visitor: Visitor) -> None:
        times = entries(TWO_HOUSES, VESSELS, CABINET)
        kinds = {f"kind-{TWO_HOUSES}": 1, f"kind-{TWO_HOUSES_REDUCED}": 1}
        visitor.post("add_combined", combined_form(times, **kinds))
        seen = overview(visitor.basket)
        assert sorted(good.cents for good in seen.goods) == [950, 1900]
        assert seen.goods[0].good.payload(())["attributes"]["sub_ticket_times"] == {
            str(pk): key for pk, key in times.items()
        }

    def test_annual_tickets_and_vouchers(self, visitor: Visitor) -> None:
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})
        visitor.post("add_coupon", {"coupon": str(VOUCHER), "number": "2", "amount": "20,00"})
        assert [good.cents for good in overview(visitor.basket).goods] == [6500, 4000]
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "3"})
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})  # four at most
        assert BasketGood.objects.get(kind="annual").quantity == 4


class TestLanguage:
    def test_a_tour_that_lists_none_is_held_in_what_the_visitor_chooses(self, visitor: Visitor) -> None:
        form = a_tour()
        Tour.tags.through.objects.filter(tour=GROUP_TOUR, term__kind=Term.Kind.LANGUAGES).delete()
        page = visitor.client.get(reverse("catalog:tour", args=[GROUP_TOUR])).content.decode()
        assert 'name="language"' in page
        visitor.post("add_tour", form | {"language": ""})
        assert "Sprache" in visitor.told()
        visitor.post("add_tour", form | {"language": "99"})
        assert not BasketGood.objects.exists()
        visitor.post("add_tour", form)
        assert only(visitor).good.payload(())["attributes"]["language_id"] == int(form["language"])

    def test_without_any_language_it_cannot_be_ordered(self, visitor: Visitor) -> None:
        form = a_tour()
        Term.objects.filter(kind=Term.Kind.LANGUAGES).delete()
        visitor.post("add_tour", form)
        assert "nicht buchbar" in visitor.told()
        assert not BasketGood.objects.exists()


NO_CHOICES: list[tuple[str, dict[str, str]]] = [
    ("event", {}),
    ("event", {"date": "x", "number": "2"}),
    ("event", {"date": "9" * 40, "number": "2"}),
    ("tour", {}),
    ("tour", {"tour": "999"}),
    ("combined", {}),
    ("combined", {"ticket": str(ADULT), "number": "1"}),
    ("combined", {"ticket": str(TWO_HOUSES), "number": "1"}),
    ("combined", {"ticket": str(TWO_HOUSES), "number": "1", "part-511": "soon", "part-512": ""}),
    ("annual", {}),
    ("annual", {"ticket": str(ADULT), "number": "1"}),
    ("annual", {"ticket": str(ANNUAL), "number": "0"}),
    ("annual", {"ticket": str(ANNUAL), "number": "5"}),
    ("annual", {"ticket": str(ANNUAL), "number": "9" * 40}),
    ("annual", {"ticket": str(ANNUAL), "number": "-1"}),
    ("coupon", {}),
    ("coupon", {"coupon": str(POSTED_VOUCHER), "number": "1"}),
    ("coupon", {"coupon": str(VOUCHER), "number": "1", "amount": "25"}),
    ("coupon", {"coupon": str(VOUCHER), "number": "101"}),
    ("coupon", {"coupon": str(VOUCHER), "number": "²"}),
]
NO_PLACES = [  # on a date with two scale prices, eight people at most, and no plan
    {"number": "2"},
    {"scale-61": "x"},
    {"scale-61": "0"},
    {"scale-99": "1"},
    {"scale-61": "9"},
    {"seat": "1101"},
]
NO_TOURS = [
    {"language": "99"},
    {"age_group": ""},
    {"people": "4"},
    {"people": "26"},
    {"people": "many"},
    {"start": "2020-01-03T12:00:00+01:00"},
    {"start": "soon"},
    {f"surcharge-{CLAY}": "13"},
    {"surcharge-99": "1"},
    {f"equipment-{HEADSETS}": "99"},
    {"equipment-99": "1"},
]


class TestRefusing:
    def test_what_is_no_choice(self, visitor: Visitor) -> None:
        for kind, form in NO_CHOICES:
            assert visitor.post(f"add_{kind}", form).status_code == 302
            assert visitor.told(), (kind, form)
        assert not BasketGood.objects.exists()

    def test_places_that_do_not_fit_the_date(self, visitor: Visitor) -> None:
        date = str(a_date(KILN).id)
        for form in NO_PLACES:
            visitor.post("add_event", {"date": date, **form})
            assert visitor.told(), form
        assert not BasketGood.objects.exists()

    def test_seats(self, visitor: Visitor) -> None:
        concert = a_date(CONCERT)
        taken = min(concert.seatings[0].blocked_seats)
        (front,) = free_seats(concert, 1, 1)
        for form in (
            {"seat": str(taken)},
            {"seat": "7"},
            {"seat": str(front), f"seat-{front}-scale": "73"},
            {"number": "1"},
        ):
            visitor.post("add_event", {"date": str(concert.id), **form})
            assert visitor.told()
        assert not BasketGood.objects.exists()

    def test_tours(self, visitor: Visitor) -> None:
        form = a_tour()
        for change in NO_TOURS:
            visitor.post("add_tour", form | change)
            assert visitor.told(), change
        assert not BasketGood.objects.exists()

    def test_entries_too_close_to_each_other(self, visitor: Visitor) -> None:
        times = entries(TWO_HOUSES, VESSELS, CABINET, gap=0)
        visitor.post("add_combined", combined_form(times, ticket=TWO_HOUSES, number=1))
        assert not BasketGood.objects.exists()
        assert "90" in visitor.told()

    def test_a_silent_museum_takes_nothing(self, visitor: Visitor, programme: Sandbox) -> None:
        date = str(a_date(AMMONITES).id)
        programme.switch(maintenance="json")
        visitor.post("add_event", {"date": date, "number": "1"})
        assert not BasketGood.objects.exists()
        programme.switch(maintenance="off")

    def test_one_goes_back_to_the_page_with_everything_chosen(self, visitor: Visitor) -> None:
        form = {"ticket": str(ANNUAL), "number": "5", "back": "/en/annual/601/?a=1"}
        assert visitor.post("add_annual", form)["Location"] == f"/en/annual/601/?ticket={ANNUAL}&number=5"
        for page in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
            assert visitor.post("add_annual", form | {"back": page})["Location"] == reverse("checkout:basket")


class TestStanding:
    def test_sold_out_meanwhile(self, visitor: Visitor, programme: Sandbox) -> None:
        date = a_date(AMMONITES)
        visitor.post("add_event", {"date": str(date.id), "number": "2"})
        programme.control.post("/left", json={"date_id": date.id, "left": 1}).raise_for_status()
        good = only(visitor)
        assert (good.standing, good.counts, good.cents) == (Standing.FULL, False, 800)
        assert not overview(visitor.basket).orderable
        assert good.problem in visitor.page("basket")

    def test_over_and_gone(self, visitor: Visitor) -> None:
        visitor.post("add_tour", a_tour())
        Tour.objects.update(bookable=False)
        assert only(visitor).standing == Standing.GONE
        BasketGood.objects.all().delete()
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})
        Ticket.objects.filter(pk=ANNUAL).update(retired_at=timezone.now())
        assert only(visitor).standing == Standing.GONE
        visitor.change(drop=only(visitor).row.pk)
        assert not BasketGood.objects.exists()

    def test_what_nobody_knows_is_kept_at_its_price(self, visitor: Visitor, programme: Sandbox) -> None:
        visitor.post("add_event", {"date": str(a_date(AMMONITES).id), "number": "2"})
        visitor.post("add_coupon", {"coupon": str(VOUCHER), "number": "1"})
        EventDate.objects.update(read_at=timezone.now())
        programme.switch(maintenance="json")
        seen = overview(visitor.basket)
        assert {good.standing for good in seen.goods} == {Standing.UNKNOWN}
        assert seen.total_cents == 800 + 2000
        programme.switch(maintenance="off")

    def test_a_new_price_is_told_and_counts(self, visitor: Visitor) -> None:
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})
        Ticket.objects.filter(pk=ANNUAL).update(price_cents=7000)
        good = only(visitor)
        assert (good.standing, good.cents, good.was_cents, good.counts) == (Standing.PRICE, 7000, 6500, True)
        page = visitor.page("basket")
        assert "70,00" in page
        assert "65,00" in page

    def test_two_kinds_share_the_places_of_their_time(self, visitor: Visitor, programme: Sandbox) -> None:
        times = entries(TWO_HOUSES, VESSELS, CABINET)
        programme.set_left(VESSELS, times[VESSELS], 3)
        visitor.post("add_combined", combined_form(times, ticket=TWO_HOUSES, number=2))
        visitor.post("add_combined", combined_form(times, ticket=TWO_HOUSES_REDUCED, number=2))
        assert only(visitor).good.product() == {"ticket_id": TWO_HOUSES}
        visitor.post("add_combined", combined_form(times, ticket=TWO_HOUSES_REDUCED, number=1))
        assert [good.standing for good in overview(visitor.basket).goods] == [Standing.FREE] * 2


class TestChanging:
    def test_numbers(self, visitor: Visitor) -> None:
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})
        row = BasketGood.objects.get()
        for number, left in (("3", 3), ("5", 3), ("x", 3), ("2", 2)):
            visitor.post("change", {f"g-{row.pk}": number})
            row.refresh_from_db()
            assert (row.quantity, row.cents) == (left, left * 6500)

    def test_zero_takes_it_out_and_it_can_be_put_back(self, visitor: Visitor) -> None:
        visitor.post("add_tour", a_tour(**{f"surcharge-{CLAY}": 2}))
        before = BasketGood.objects.values().get()
        visitor.post("change", {"drop": str(before["id"])})
        assert not BasketGood.objects.exists()
        assert 'name="undo"' in visitor.page("basket")
        visitor.change(undo=1)
        after = BasketGood.objects.values().get()
        assert {**after, "id": 0} == {**before, "id": 0}

    def test_another_date_and_other_numbers_take_the_place_of_what_was_chosen(self, visitor: Visitor) -> None:
        dates = [row.pk for row in EventDate.objects.coming().filter(event=KILN).order_by("start_time")[:2]]
        visitor.post("add_event", {"date": str(dates[0]), "scale-61": "2"})
        row = BasketGood.objects.get()
        assert visitor.change(edit=row.pk)["Location"] == only(visitor).good.page
        visitor.post("add_event", {"date": str(dates[0]), "scale-61": "99"})  # refused: it stays
        assert only(visitor).good.number == 2
        visitor.change(edit=row.pk)
        visitor.post("add_event", {"date": str(dates[1]), "scale-61": "1"})
        good = only(visitor)
        assert (good.good.product(), good.number) == ({"date_id": dates[1]}, 1)
        visitor.post("add_event", {"date": str(dates[1]), "scale-61": "1"})
        assert only(visitor).number == 2  # once done, more of it is more of it

    def test_who_looks_at_the_basket_meanwhile_or_chooses_something_else_replaces_nothing(
        self, visitor: Visitor
    ) -> None:
        visitor.post("add_tour", a_tour())
        row = BasketGood.objects.get()
        visitor.change(edit=row.pk)
        visitor.post("add_coupon", {"coupon": str(VOUCHER), "number": "1"})
        assert BasketGood.objects.count() == 2
        visitor.change(edit=row.pk)
        visitor.get("basket")
        start = a_start(GROUP_TOUR, people=12, days=6)
        visitor.post("add_tour", a_tour(start=start))
        assert BasketGood.objects.filter(kind="tour").count() == 2
        for nonsense in ("", "x", "999999"):
            assert visitor.change(edit=nonsense)["Location"] == reverse("checkout:basket")

    def test_while_the_museum_is_silent_numbers_change_all_the_same(
        self, visitor: Visitor, programme: Sandbox
    ) -> None:
        visitor.post("add_coupon", {"coupon": str(VOUCHER), "number": "1"})
        programme.switch(maintenance="json")
        visitor.post("change", {f"g-{BasketGood.objects.get().pk}": "3"})
        assert BasketGood.objects.values_list("quantity", "cents").get() == (3, 6000)
        programme.switch(maintenance="off")

    def test_nobody_changes_a_stranger_s(self, visitor: Visitor) -> None:
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})
        row, stranger = BasketGood.objects.get(), Visitor(Client())
        stranger.post("add_coupon", {"coupon": str(VOUCHER), "number": "1"})
        stranger.post("change", {f"g-{row.pk}": "2"})
        stranger.post("change", {"drop": str(row.pk)})
        row.refresh_from_db()
        assert row.quantity == 1


class TestOrdering:
    def test_a_dearer_price_at_the_museum_is_shown_before_one_agrees(
        self, visitor: Visitor, programme: Sandbox
    ) -> None:
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})
        visitor.fill_in()
        programme.set_price(ANNUAL, 7000)
        visitor.order()
        order = Order.objects.get()
        advance(order.pk)
        order.refresh_from_db()
        assert order.state == State.PRICE_CHANGED
        assert "70,00" in visitor.page("basket")
        assert only(visitor).standing == Standing.PRICE
        visitor.order()
        assert Order.objects.exclude(pk=order.pk).get().total_cents == 7000

    def test_sold_out_in_the_last_second_the_rest_stays_and_there_is_something_else(
        self, visitor: Visitor, programme: Sandbox
    ) -> None:
        date = a_date(AMMONITES)
        visitor.post("add_event", {"date": str(date.id), "number": "2"})
        visitor.post("add_coupon", {"coupon": str(VOUCHER), "number": "1"})
        visitor.fill_in()
        visitor.order()
        programme.control.post("/left", json={"date_id": date.id, "left": 1}).raise_for_status()
        order = Order.objects.get()
        advance(order.pk)
        order.refresh_from_db()
        assert (order.state, order.refusal["code"]) == (State.REFUSED, "sold_out")
        visitor.post("again", {}, order.secret)
        kinds = {good.row.kind: good for good in overview(visitor.basket).goods}
        gone, kept = kinds["event"], kinds["coupon"]
        assert (gone.standing, kept.standing) == (Standing.FULL, Standing.FREE)
        assert overview(visitor.basket).total_cents == kept.cents == 2000
        way = gone.good.page
        assert f'name="edit" value="{gone.row.pk}"' in visitor.page("basket")
        assert visitor.change(edit=gone.row.pk)["Location"] == way
        others = visitor.client.get(way).content.decode()
        assert re.search(rf'<a class="btn" href="[^"]*\?date=(?!{date.id}&)\d+&amp;number=2#date"', others)
        visitor.change(drop=gone.row.pk)
        visitor.order()
        assert Order.objects.exclude(pk=order.pk).get().total_cents == 2000

    def test_everything_dated_leads_back_to_its_page_as_it_was_chosen(self, visitor: Visitor) -> None:
        visitor.post("add_event", {"date": str(a_date(KILN).id), "scale-61": "2"})
        visitor.post("add_tour", a_tour(SCALED_TOUR, **{"scale-82": 2}))
        times = entries(TWO_HOUSES, VESSELS, CABINET)
        visitor.post("add_combined", combined_form(times, ticket=TWO_HOUSES, number=2))
        goods = overview(visitor.basket).goods
        assert len(goods) == 3
        with translation.override("en"):
            for good in goods:
                page = visitor.client.get(good.good.page).content.decode()
                assert format_money(good.cents, "EUR", "en") in page, good.title
                assert "Add to basket" in page, good.title

    def test_a_failed_order_goes_into_another_basket_whole(self, visitor: Visitor) -> None:
        visitor.post("add_tour", a_tour())
        visitor.post("add_coupon", {"coupon": str(VOUCHER), "number": "2"})
        visitor.fill_in()
        visitor.order()
        Order.objects.update(state=State.REFUSED)
        order = Order.objects.get()
        again = services.order_again(order=order, basket=None)
        mine = overview(again)
        assert (mine.total_cents, mine.orderable) == (order.total_cents, True)
        assert services.order_again(order=order, basket=again).goods.count() == 2

    def test_a_good_changed_in_another_tab_is_shown_before_one_agrees(self, visitor: Visitor) -> None:
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})
        visitor.fill_in()
        agreed = visitor.agreed()
        visitor.post("change", {f"g-{BasketGood.objects.get().pk}": "2"})
        assert visitor.order(agreed)["Location"] == reverse("checkout:review")
        assert not Order.objects.exists()

    def test_names_are_asked_for_and_sent(self, visitor: Visitor) -> None:
        Ticket.objects.filter(pk=ANNUAL).update(attendees_required=True)
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})
        visitor.fill_in()
        assert visitor.get("review")["Location"] == reverse("checkout:names")
        slug = f"g{BasketGood.objects.get().pk}"
        visitor.post("names", {f"given-{slug}-0": "Ida", f"family-{slug}-0": "Brandt"})
        visitor.fill_in()
        visitor.order()
        (item,) = Order.objects.get().items.all()
        assert item.payload["attributes"]["attendees"] == [{"name": "Ida", "surname": "Brandt"}]


def test_queries_stay_few_however_many_goods(visitor: Visitor) -> None:
    def fill(number: int) -> int:
        date = str(a_date(AMMONITES, left=8).id)
        for form in ({"date": date, "number": "1"}, {"date": str(a_date(KILN).id), "scale-61": str(number)}):
            visitor.post("add_event", form)
        visitor.post("add_tour", a_tour())
        visitor.post("add_annual", {"ticket": str(ANNUAL), "number": "1"})
        visitor.add(a_time(ADULT), {ADULT: number})
        with CaptureQueriesContext(connection) as queries:
            assert overview(visitor.basket).orderable
        return len(queries)

    fill(1)  # reads what is kept in memory from then on
    assert fill(1) == fill(2) <= 6
