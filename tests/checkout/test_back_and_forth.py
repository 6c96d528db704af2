"""Back button, second tab, second click: nothing is ordered twice, nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from checkout.models import BasketGood, BasketLine
from orders.models import Order
from tests.checkout.given import ADULT, NAMED, a_time
from tests.checkout.programme import ANNUAL, VOUCHER
from tests.checkout.visitor import ADDRESS, CONTACT, Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db
STEPS = ("contact", "names", "payment", "review")


@pytest.fixture
def buyer(visitor: Visitor) -> Visitor:
    """On the review, with one named ticket."""
    visitor.add(a_time(NAMED), {NAMED: 1})
    visitor.fill_in()
    visitor.post("names", people(BasketLine.objects.get().pk, 1))
    visitor.fill_in()
    return visitor


def people(line: int, number: int) -> dict[str, str]:
    return {f"{part}-{line}-{n}": f"{part} {n}" for part in ("given", "family") for n in range(number)}


def typed(page: str) -> dict[str, str]:
    """What stands in the text fields of a page."""
    tags = re.findall(r"<input[^>]+>", page)
    pairs = [(re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags]
    return {name[1]: value[1] for name, value in pairs if name and value}


class TestBack:
    def test_every_step_shows_what_was_typed(self, buyer: Visitor) -> None:
        line = BasketLine.objects.get().pk
        assert typed(buyer.page("contact")).items() >= CONTACT.items()
        assert typed(buyer.page("names")).items() >= people(line, 1).items()
        page = buyer.page("payment")
        assert typed(page).items() >= {key: ADDRESS[key] for key in ("street", "zip_code", "city")}.items()
        assert re.search(r'value="invoice"[^>]* checked', page)

    def test_sending_an_earlier_step_again_loses_none_of_the_later_ones(self, buyer: Visitor) -> None:
        line = BasketLine.objects.get().pk
        for step, answers in (("contact", CONTACT), ("names", people(line, 1))):
            assert buyer.post(step, answers)["Location"] == reverse("checkout:review"), step
        assert buyer.order()["Location"] == f"/de/order/{Order.objects.get().secret}/"

    def test_after_the_order_every_step_leads_to_it_and_orders_nothing(self, buyer: Visitor) -> None:
        agreed = buyer.agreed()
        there = buyer.order(agreed)["Location"]
        for step in STEPS:
            assert buyer.get(step)["Location"] == there, step
            assert buyer.post(step, CONTACT | {"method": "demo", "terms": "on"})["Location"] == there, step
        assert buyer.order(agreed)["Location"] == there
        assert Order.objects.count() == 1


class TestTabs:
    def test_one_more_person_in_another_tab_is_asked_for_and_the_others_are_kept(
        self, buyer: Visitor
    ) -> None:
        line = BasketLine.objects.get()
        agreed = buyer.agreed()
        buyer.renumber(line, 2)
        assert buyer.order(agreed)["Location"] == reverse("checkout:names")
        assert typed(buyer.page("names")).items() >= people(line.pk, 1).items()
        buyer.post("names", people(line.pk, 2))
        assert buyer.order(agreed)["Location"] == reverse("checkout:review")  # seen before it is ordered
        buyer.order()
        assert len(Order.objects.get().items.get().attendees) == 2

    @pytest.mark.parametrize("step", STEPS)
    def test_a_basket_emptied_in_another_tab_orders_nothing(self, buyer: Visitor, step: str) -> None:
        agreed = buyer.agreed()
        buyer.change(remove=BasketLine.objects.get().pk)
        answers = CONTACT | {"method": "demo", "terms": "on", "agreed": agreed}
        assert buyer.post(step, answers)["Location"] == reverse("checkout:basket")
        assert not Order.objects.exists()
        buyer.change(undo=1)
        assert buyer.get("start")["Location"] == reverse("checkout:review")
        assert "given 0 family 0" in buyer.page("review")


class TestTwice:
    def test_one_click_is_one_visit_and_a_page_shown_again_is_another(self, visitor: Visitor) -> None:
        key = a_time(ADULT)
        visitor.add(key, {ADULT: 1})
        for token, number in (("first", 3), ("first", 3), ("second", 5), ("", 7), ("", 9)):
            answer = visitor.add(key, {ADULT: 2}, csrfmiddlewaretoken=token)
            assert answer["Location"] == reverse("checkout:basket")
            assert visitor.lines == [(ADULT, number)]

    @pytest.mark.usefixtures("programme")
    def test_so_is_one_good(self, visitor: Visitor) -> None:
        visitor.post("add_coupon", {"coupon": str(VOUCHER), "number": "1"})
        form = {"ticket": str(ANNUAL), "number": "1", "csrfmiddlewaretoken": "first"}
        visitor.post("add_annual", form)
        visitor.post("add_annual", form)
        assert BasketGood.objects.get(kind="annual").quantity == 1
        visitor.post("add_annual", form | {"csrfmiddlewaretoken": "second"})
        assert BasketGood.objects.get(kind="annual").quantity == 2

    def test_what_was_refused_may_be_sent_again(self, visitor: Visitor, museum: Sandbox) -> None:
        key = a_time(ADULT)
        visitor.add(key, {ADULT: 1})
        museum.set_left(ADULT, key, 1)
        visitor.add(key, {ADULT: 2}, csrfmiddlewaretoken="first")
        museum.set_left(ADULT, key, 10)
        visitor.add(key, {ADULT: 2}, csrfmiddlewaretoken="first")
        assert visitor.lines == [(ADULT, 3)]

    def test_a_removal_sent_twice_is_undone_once(self, visitor: Visitor) -> None:
        visitor.add(a_time(ADULT), {ADULT: 1})
        line = BasketLine.objects.get().pk
        for _ in range(2):
            visitor.change(remove=line)
        for _ in range(2):
            visitor.change(undo=1)
        assert visitor.lines == [(ADULT, 1)]
