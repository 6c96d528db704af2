"""Taking over barcodes: every one once, in whatever order and portions the museum tells them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from orders import admissions
from orders.models import Admission, Order
from orders.services import place_order
from shop.api import records
from tests.orders.given import a_line, a_snapshot

CODES = ("A-1", "A-2", "A-3")


def told(
    order: Order, codes: list[str], *, ticket_id: int = 311, quantity: int = len(CODES)
) -> records.Order:
    """What the museum says of the order."""
    item = records.OrderItem(
        id=1,
        type="Ticket",
        price_cents=0,
        attributes_id=7,
        ticket_id=ticket_id,
        quantity=quantity,
        barcodes=tuple(records.Barcode(None, code) for code in codes),
    )
    return records.Order(
        id=1,
        token="t" * 20,
        status="finalized",
        is_valid=True,
        completed=True,
        total_cents=order.total_cents,
        items=(item,),
    )


def booked() -> Order:
    line = a_line(ticket_id=311, quantity=len(CODES))
    return place_order(snapshot=a_snapshot(line, key=f"basket-{Order.objects.count()}"))


def stored(order: Order) -> list[tuple[int, str]]:
    return list(Admission.objects.filter(item__order=order).values_list("position", "barcode"))


class Portions(TestCase):
    """However the answers are cut and shuffled, the admissions are the museum's barcodes."""

    @given(st.lists(st.lists(st.sampled_from(CODES), unique=True), max_size=4), st.permutations(CODES))
    def test_every_barcode_becomes_one_admission(self, portions: list[list[str]], whole: list[str]) -> None:
        order = booked()
        for codes in portions:
            known = {code for _position, code in stored(order)}
            missing = admissions.record(order, told(order, codes))
            assert missing == len(CODES) - len(known | set(codes))
        assert admissions.record(order, told(order, whole)) == 0
        assert [position for position, _code in stored(order)] == [1, 2, 3]
        assert {code for _position, code in stored(order)} == set(CODES)


@pytest.mark.django_db
def test_a_barcode_keeps_its_sheet() -> None:
    order = booked()
    admissions.record(order, told(order, ["A-2"]))
    admissions.record(order, told(order, ["A-1", "A-2", "A-3"]))
    assert stored(order) == [(1, "A-2"), (2, "A-1"), (3, "A-3")]


@pytest.mark.django_db
def test_an_item_the_museum_does_not_name_misses_all_its_barcodes() -> None:
    order = booked()
    assert admissions.record(order, told(order, list(CODES), ticket_id=999)) == len(CODES)
    assert stored(order) == []
