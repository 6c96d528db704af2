"""Placing an order: once per basket, with a number nobody misreads and a link nobody guesses."""

import re
from dataclasses import replace

import pytest

from orders import services
from orders.lifecycle import State
from orders.models import Order
from orders.services import ALPHABET, place_order
from tests.orders.given import a_line, a_snapshot
from tests.orders.test_transitions import together

pytestmark = pytest.mark.django_db


def test_an_order_is_a_copy_of_what_was_agreed() -> None:
    order = place_order(snapshot=a_snapshot(a_line(), a_line(ticket_id=8, quantity=1, unit_cents=700)))
    assert (order.state, order.total_cents, order.email) == (State.PLACED, 3500, "ida@example.org")
    assert [(item.product_id, item.quantity, item.total_cents) for item in order.items.all()] == [
        (7, 2, 2800),
        (8, 1, 700),
    ]


def test_numbers_are_readable_and_links_unguessable() -> None:
    order = place_order(snapshot=a_snapshot())
    assert re.fullmatch(f"VT-[{ALPHABET}]{{6}}", order.number)
    assert not set("01ILOU") & set(ALPHABET)
    assert len(order.secret) >= 32


def test_the_same_basket_is_ordered_once() -> None:
    assert place_order(snapshot=a_snapshot()).pk == place_order(snapshot=a_snapshot()).pk
    assert place_order(snapshot=a_snapshot(key="basket-2")).pk != place_order(snapshot=a_snapshot()).pk


def test_a_basket_whose_order_came_to_nothing_may_be_ordered_again() -> None:
    first = place_order(snapshot=a_snapshot())
    Order.objects.filter(pk=first.pk).update(state=State.REFUSED)
    again = place_order(snapshot=a_snapshot())
    assert again.pk != first.pk
    assert place_order(snapshot=a_snapshot()).pk == again.pk


def test_a_number_already_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = place_order(snapshot=a_snapshot())
    numbers = iter([taken.number, taken.number, "VT-AAAAAA"])
    monkeypatch.setattr(services, "new_number", lambda: next(numbers))
    assert place_order(snapshot=a_snapshot(key="basket-2")).number == "VT-AAAAAA"


@pytest.mark.django_db(transaction=True)
def test_a_double_click_places_one_order() -> None:
    placed = together(6, lambda: place_order(snapshot=replace(a_snapshot(), language="de")).pk)
    assert len(set(placed)) == 1
    assert Order.objects.count() == 1
