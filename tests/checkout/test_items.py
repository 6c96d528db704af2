"""Order items: the examples of the ticket system's contract, and that an order sends what it keeps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout import items
from checkout.price_lists import Terms, charges, chosen_rows, flat_rows, scales, single, surcharges, total
from checkout.pricing import HIGHEST_UNIT, Line, item_total, shares
from orders.requests import item_of
from orders.snapshot import Attendee
from shop.api.records import Price

AT, LATER = "2027-03-14T12:30:00+01:00", "2027-03-14T14:00:00+01:00"
START = "2027-03-16T10:15:00+01:00"
EXAMPLES: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "ticket": (items.ticket_item(311, AT, 2), "Ticket", {"id": 311, "quantity": 2, "time": AT}),
    "names": (
        items.ticket_item(321, AT, 1, [Attendee("Ida", "Brandt")]),
        "Ticket",
        {"id": 321, "quantity": 1, "time": AT, "attendees": [{"name": "Ida", "surname": "Brandt"}]},
    ),
    "annual": (items.ticket_item(601, None, 1), "Ticket", {"id": 601, "quantity": 1}),
    "combined": (
        items.ticket_item(340, AT, 2, parts={341: AT, 342: LATER}),
        "Ticket",
        {"id": 340, "quantity": 2, "time": AT, "sub_ticket_times": {"341": AT, "342": LATER}},
    ),
    "single price": (items.event_item(5101, number=5), "Event", {"id": 5101, "quantity": 5}),
    "scale prices": (
        items.event_item(5101, scales={61: 2, 62: 1}),
        "Event",
        {"id": 5101, "quantities": {"61": 2, "62": 1}},
    ),
    "seats": (
        items.event_item(5102, seats=[(1204, 71), (1311, None)]),
        "Event",
        {"id": 5102, "seats": [{"seat_id": 1204, "scale_price_id": 71}, {"seat_id": 1311}]},
    ),
    "group tour": (
        items.tour_item(
            930, START, 1, 3, number=12, surcharges={15: 1, 16: 6, 17: 0}, equipment={7: 6, 8: 0}
        ),
        "Tour",
        {
            "id": 930,
            "start_time": START,
            "language_id": 1,
            "age_group_id": 3,
            "quantity": 12,
            "surcharges": {"15": 1, "16": 6},
            "equipment": [{"id": 7, "quantity": 6}],
        },
    ),
    "tour without surcharges": (
        items.tour_item(931, START, 2, None, scales={81: 10, 82: 2}),
        "Tour",
        {"id": 931, "start_time": START, "language_id": 2, "quantities": {"81": 10, "82": 2}},
    ),
    "only optional surcharges, none chosen": (
        items.tour_item(931, START, 2, None, number=3, surcharges={}),
        "Tour",
        {"id": 931, "start_time": START, "language_id": 2, "quantity": 3, "surcharges": {}},
    ),
    "vouchers": (items.coupon_item(4, 2), "Coupon", {"id": 4, "quantity": 2}),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_item_is_what_the_contract_says_and_is_sent_as_it_is_kept(name: str) -> None:
    item, kind, attributes = EXAMPLES[name]
    assert item == {"type": kind, "attributes": attributes}
    assert item_of(item).as_json() == item


def test_what_this_shop_does_not_sell_is_not_sent() -> None:
    with pytest.raises(ValueError, match="Merchandise"):
        item_of({"type": "Merchandise", "attributes": {"id": 1, "quantity": 1}})


a_line = st.builds(
    Line, st.integers(0, HIGHEST_UNIT), st.integers(0, 100), st.sampled_from([0, 700, 1900]), st.booleans()
)


@given(st.lists(a_line, max_size=8), st.integers(0, 100))
def test_the_parts_of_a_price_add_up_and_none_is_a_cent_off(lines: list[Line], discount: int) -> None:
    parts = shares(lines, discount)
    assert sum(parts) == item_total(lines, discount)
    assert all(part >= 0 for part in parts)
    assert all(abs(part - item_total([line], discount)) <= 1 for part, line in zip(parts, lines, strict=True))


def test_scale_prices_with_vat_of_their_own() -> None:
    prices = [
        Price(1000, scale_price_id=65, vat_bp=1900),
        Price(500, scale_price_id=66, vat_bp=700),
        Price(99999),
    ]
    found = charges(chosen_rows(scales(prices), {65: 2, 66: 1}), Terms(0, 1900, tax_included=False))
    assert [(charge.number, charge.vat_bp, charge.cents) for charge in found] == [
        (2, 1900, 2380),
        (1, 700, 535),
    ]
    assert total(found) == 2915


def test_a_group_pays_once_and_an_optional_price_without_a_name_cannot_be_chosen() -> None:
    prices = [
        Price(9000, group=True),
        Price(300, optional=True),
        Price(1500, group=True, price_surcharge_id=15),
        Price(250, optional=True, price_surcharge_id=16),
    ]
    rows = flat_rows(prices, 12) + chosen_rows(surcharges(prices), {15: 1, 16: 6})
    assert [charge.cents for charge in charges(rows, Terms())] == [9000, 1500, 1500]


def test_a_single_price_with_discount_and_vat() -> None:
    assert total(single(333, 3, Terms(10, 1900, tax_included=False))) == 1070
