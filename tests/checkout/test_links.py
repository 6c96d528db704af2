"""Going on with a basket on another device: one basket for both, and nothing of the first buyer for the second."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout import links, placing
from checkout.models import Basket, BasketLine
from checkout.progress import Progress
from orders.lifecycle import State
from orders.models import Order
from tests.checkout.given import ADULT, CHILD, OTHER, a_time
from tests.checkout.visitor import Visitor

pytestmark = pytest.mark.django_db
PERSON = ("Ida", "Brandt", "ida@example.org", "Weg 1", "24105")


@pytest.fixture
def first(visitor: Visitor) -> Visitor:
    """Somebody with two adults in the basket, contact and payment answered."""
    visitor.add(a_time(ADULT), {ADULT: 2})
    visitor.fill_in()
    return visitor


@pytest.fixture
def second(museum: object) -> Visitor:
    return Visitor(Client())


def link_of(visitor: Visitor) -> str:
    """The path of the link on the page with the picture."""
    found = re.search(r'value="(http[^"]+/basket/join/[^"]+)"', visitor.page("share"))
    assert found
    return urlsplit(html.unescape(found[1])).path


def join(visitor: Visitor, path: str) -> None:
    assert visitor.client.post(path)["Location"] == reverse("checkout:basket")


def test_the_page_has_the_link_and_its_picture(first: Visitor) -> None:
    assert reverse("checkout:share") in first.page("basket")
    page = first.page("share")
    assert 'src="data:image/svg+xml' in page
    assert first.basket.secret not in page


def test_without_anything_in_it_there_is_no_link(second: Visitor) -> None:
    assert second.get("share")["Location"] == reverse("checkout:basket")


def test_looking_takes_nothing_and_shows_goods_alone(first: Visitor, second: Visitor) -> None:
    answer = second.client.get(link_of(first))
    page = answer.content.decode()
    assert "2 × Erwachsene" in page
    assert "28,00" in page
    assert not [word for word in PERSON if word in page]
    assert "basket" not in second.client.cookies
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_both_devices_have_one_basket(first: Visitor, second: Visitor) -> None:
    join(second, link_of(first))
    assert second.basket == first.basket
    second.add(a_time(OTHER), {OTHER: 1})
    assert first.lines == second.lines
    assert len(first.lines) == 2
    first.change(remove=BasketLine.objects.get(ticket=ADULT).pk)
    assert second.lines == [(OTHER, 1)]
    assert 'name="undo"' in first.page("basket")
    assert 'name="undo"' not in second.page("basket")


def test_the_other_device_knows_nothing_of_the_buyer(first: Visitor, second: Visitor) -> None:
    join(second, link_of(first))
    assert second.get("start")["Location"] == reverse("checkout:contact")
    assert not [word for word in PERSON if word in second.page("contact")]


def test_what_the_device_had_is_put_into_the_shared_basket(first: Visitor, second: Visitor) -> None:
    time = BasketLine.objects.get().slot_key
    second.add(time, {ADULT: 1, CHILD: 1})
    path, own = link_of(first), second.basket
    assert "auch etwas im Warenkorb" in second.client.get(path).content.decode()
    join(second, path)
    assert first.lines == [(ADULT, 2), (CHILD, 1)]
    assert not own.lines.exists()


def test_too_much_for_one_basket_is_refused_and_nothing_is_lost(
    first: Visitor, second: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    second.add(a_time(OTHER), {OTHER: 1})
    path = link_of(first)
    monkeypatch.setattr("checkout.limits.MOST_LINES", 1)
    assert second.client.post(path)["Location"] == path
    assert (first.lines, second.lines) == ([(ADULT, 2)], [(OTHER, 1)])


def test_one_s_own_link_leads_to_the_basket(first: Visitor) -> None:
    assert first.client.get(link_of(first))["Location"] == reverse("checkout:basket")


def test_a_day_later_it_is_over(first: Visitor, second: Visitor) -> None:
    path = link_of(first)
    with time_machine.travel(timezone.now() + links.GOOD_FOR + timedelta(minutes=1), tick=False):
        for answer in (second.client.get(path), second.client.post(path)):
            assert answer.status_code == 410
            assert "2 × " not in answer.content.decode()
    assert "basket" not in second.client.cookies


def test_no_other_word_opens_it(first: Visitor, second: Visitor) -> None:
    path = link_of(first)
    token = path.rstrip("/").rsplit("/", 1)[1]
    cookie = first.client.cookies["basket"].value
    for word in ("1", token[:-1], token.replace("-", "-0", 1), cookie, first.basket.secret):
        assert second.client.get(reverse("checkout:join", args=[word])).status_code == 410, word


def test_a_basket_with_an_old_number_is_another(first: Visitor, second: Visitor) -> None:
    path, number = link_of(first), first.basket.pk
    Basket.objects.all().delete()
    Basket.objects.create(pk=number)
    assert second.client.get(path).status_code == 410


class TestOrdering:
    def test_the_order_is_shown_where_it_was_placed_alone(self, first: Visitor, second: Visitor) -> None:
        path = link_of(first)
        join(second, path)
        first.order()
        order = Order.objects.get()
        assert order.secret in first.page("basket")
        assert order.secret not in second.page("basket")
        assert "bestellt" in second.page("basket")
        assert second.get("contact")["Location"] == reverse("checkout:basket")
        late = Visitor(Client())
        page = late.client.get(path).content.decode()
        assert order.secret not in page
        assert "<form method" not in page.split("<main")[1]
        assert late.client.post(path).status_code == 200
        assert "basket" not in late.client.cookies

    def test_of_two_who_order_at_once_one_does(
        self, first: Visitor, second: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both have seen the basket free; the first is quicker between the look and the lock of the second."""
        join(second, link_of(first))
        second.fill_in(given_name="Eva", email="eva@example.org")
        agreed = second.agreed()
        order_basket = placing.order_basket

        def overtaken(progress: Progress, token: str) -> Order:
            monkeypatch.setattr(placing, "order_basket", order_basket)
            first.order()
            return order_basket(progress, token)

        monkeypatch.setattr(placing, "order_basket", overtaken)
        answer = second.order(agreed)
        order = Order.objects.get()
        assert order.email == "ida@example.org"
        assert order.secret not in answer["Location"]
        assert order.secret not in second.page("basket")
        assert order.secret in first.page("basket")

    def test_when_it_came_to_nothing_both_have_the_basket_again(
        self, first: Visitor, second: Visitor
    ) -> None:
        join(second, link_of(first))
        first.order()
        Order.objects.update(state=State.EXPIRED)
        assert first.lines == second.lines == [(ADULT, 2)]
        assert second.get("start")["Location"] == reverse("checkout:contact")
        assert first.get("start")["Location"] == reverse("checkout:review")


def test_pages_kept_ready_made_show_on_both_what_one_of_them_changed(first: Visitor, second: Visitor) -> None:
    join(second, link_of(first))
    for visitor in (first, second):
        visitor.client.cookies.pop("sessionid", None)
        visitor.client.cookies.pop("messages", None)
    page = reverse("catalog:museums")
    assert "2 Karten" in second.client.get(page).content.decode()
    first.renumber(BasketLine.objects.get(), 3)
    assert "3 Karten" in second.client.get(page).content.decode()
