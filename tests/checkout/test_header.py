"""The basket in the header of every page, and what it costs to know it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Ticket
from checkout.context import basket
from checkout.models import BasketLine
from orders.lifecycle import State
from orders.models import Order
from tests.checkout.given import ADULT, CHILD, OTHER, a_line, a_time, tomorrow
from tests.checkout.visitor import Visitor

pytestmark = pytest.mark.django_db


def summary(visitor: Visitor) -> tuple[int, int]:
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in visitor.client.cookies.items()}
    found = basket(request)["basket_summary"]
    return found.count, found.total_cents


def test_tickets_and_their_price(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 2, CHILD: 1})
    assert summary(visitor) == (3, 2800)
    assert "28,00" in visitor.client.get(reverse("pages:legal", args=["terms"])).content.decode()


def test_only_what_can_be_bought_counts(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 2})
    visitor.add(a_time(OTHER), {OTHER: 1})
    a_line(visitor.basket, CHILD, 4, at=timezone.now() - timedelta(minutes=1))
    assert summary(visitor) == (3, 3600)
    Ticket.objects.filter(pk=OTHER).update(retired_at=timezone.now())
    assert summary(visitor) == (2, 2800)


def test_what_is_being_ordered_is_not_in_the_basket(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 2})
    visitor.fill_in()
    visitor.order()
    assert summary(visitor) == (0, 0)
    Order.objects.update(state=State.EXPIRED)
    assert summary(visitor) == (2, 2800)


def test_two_queries_with_a_basket_however_full_and_none_without(visitor: Visitor) -> None:
    with CaptureQueriesContext(connection) as none:
        assert summary(visitor) == (0, 0)
    visitor.add(a_time(ADULT), {ADULT: 1})
    for hour in range(10, 18):
        a_line(visitor.basket, OTHER, at=tomorrow(hour))
    with CaptureQueriesContext(connection) as two:
        assert summary(visitor)[0] == 9
    assert (len(none), len(two)) == (0, 2)


def test_a_page_that_does_not_show_it_does_not_ask(visitor: Visitor) -> None:
    visitor.add(a_time(ADULT), {ADULT: 1})
    with CaptureQueriesContext(connection) as queries:
        visitor.quote(a_time(ADULT), {ADULT: 1})
    assert not [query for query in queries if "dynamic_prices" in query["sql"] and "secret" in query["sql"]]


@pytest.mark.parametrize("cookie", ["", "x", "secret:1xV1Ea:signature", "a" * 4000, "\u00e4", "0"])
def test_a_cookie_we_never_gave_is_no_basket(museum: object, cookie: str) -> None:
    client = Client()
    client.cookies["basket"] = cookie
    assert summary(Visitor(client)) == (0, 0)
    assert Visitor(client).get("basket").status_code == 200
    assert not BasketLine.objects.exists()
