"""What an item costs, to the cent, and how a wrong total is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.booking.prices import Part, item_cents, vat_bp
from tests.sandbox.buyer import ADULT, DISCOUNT, FREE, NET, REDUCED, Buyer, item, refusal
from tests.sandbox_process import Sandbox

Row = tuple[int, int, str | None]  # unit cents, how often, a VAT rate of its own


@pytest.mark.parametrize(
    ("rows", "discount", "tax", "cents"),
    [
        ([(1400, 2, None)], 0, ("7", True), 2800),
        ([(999, 3, None)], 10, ("7", True), 2697),
        ([(5, 1, None)], 50, ("7", True), 3),
        ([(333, 3, None)], 0, ("19", False), 1189),
        ([(333, 3, None)], 10, ("19", False), 1070),
        ([(1000, 1, None)], 0, ("8.1", False), 1081),
        ([(125, 7, None)], 33, ("7", True), 586),
        ([(400, 5, None)], 0, ("7", True), 2000),
        ([(1200, 2, None), (800, 1, None)], 15, ("7", True), 2720),
        ([(9000, 1, None)], 0, ("7", True), 9000),
        ([(1000, 2, "19"), (500, 1, "7")], 0, ("7", False), 2915),
        ([(2400, 2, None), (1800, 1, None)], 0, ("7", True), 6600),
        ([(9000, 1, None), (1500, 1, None), (250, 6, None)], 0, ("7", True), 12000),
        ([(600, 10, None), (400, 2, None), (3000, 1, None)], 5, ("7", True), 9310),
        ([(550, 13, None)], 0, ("7", False), 7651),
        ([(0, 5, None)], 0, ("19.0", False), 0),
        ([], 0, ("19.0", False), 0),
    ],
)
def test_items_are_rounded_once_half_up(
    rows: list[Row], discount: int, tax: tuple[str, bool], cents: int
) -> None:
    parts = [Part(unit, count, vat) for unit, count, vat in rows]
    assert item_cents(parts, discount=discount, vat=tax[0], tax_included=tax[1]) == cents


PARTS = st.lists(
    st.builds(Part, st.integers(0, 10**8), st.integers(0, 1000), st.sampled_from([None, "7", "8.1"]))
)


@given(PARTS, st.integers(0, 100), st.sampled_from(["0", "7.0", "19", "8.1"]))
def test_rounding_is_never_off_by_more_than_half_a_cent(parts: list[Part], discount: int, vat: str) -> None:
    told = item_cents(parts, discount=discount, vat=vat, tax_included=False)
    exact = sum(
        Fraction(part.unit * part.count * (100 - discount), 100) * (1 + Fraction(part.vat or vat) / 100)
        for part in parts
    )
    assert -Fraction(1, 2) <= exact - told < Fraction(1, 2)


def test_rates_are_read_from_their_text() -> None:
    assert [vat_bp(text) for text in ("19.0", "8.1", "0", "7.005")] == [1900, 810, 0, 701]


def test_discount_and_tax_on_top_are_in_the_total(buyer: Buyer) -> None:
    discounted, net = buyer.time(DISCOUNT), buyer.time(NET)
    order = buyer.draft(item(DISCOUNT, 3, discounted), item(NET, 3, net), total=2697 + 1189)
    assert [one["price_cents"] for one in order["items"]] == [2697, 1189]
    assert order["total"] == order["total_price_cents"] == 3886
    assert [one["vat_pct"] for one in order["items"]] == ["7.0", "19.0"]
    assert all(one["tax_included"] for one in order["items"])


def test_a_discount_may_already_be_in_the_price(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.switch(discount_mode="already_in_price")
    assert buyer.draft(item(DISCOUNT, 3, buyer.time(DISCOUNT)), total=2997)["total"] == 2997


def test_prices_may_be_told_by_the_piece(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.switch(item_price_mode="unit")
    order = buyer.draft(item(ADULT, 2, buyer.time()))
    assert (order["items"][0]["price_cents"], order["total"]) == (1400, 2800)


@pytest.mark.parametrize("total", [3400, "3500", 3500.0, -1, True, []])
def test_a_wrong_total_says_what_was_expected(buyer: Buyer, total: object) -> None:
    at = buyer.time()
    answer = buyer.create(item(ADULT, 2, at), item(REDUCED, 1, at), total=total)
    [detail] = refusal(answer)["details"]
    assert (detail["code"], detail["path"], detail["item_index"]) == ("wrong_total", "total", None)
    assert detail["meta"]["expected_total"] == 3500
    assert detail["meta"]["item_totals"] == [2800, 700]
    assert detail["meta"]["given_total"] == total
    assert buyer.sandbox.ledger() == []


def test_the_total_is_looked_at_last(buyer: Buyer) -> None:
    at = buyer.time(left=1)
    assert refusal(buyer.create(item(ADULT, 2, at), total=1))["code"] == "sold_out"


def test_a_changed_price_is_the_price(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time()
    sandbox.set_price(ADULT, 1500)
    assert refusal(buyer.create(item(ADULT, 2, at)))["details"][0]["meta"]["expected_total"] == 3000
    assert buyer.http.get(f"/tickets/{ADULT}").json()["ticket"]["price_cents"] == 1500
    assert buyer.draft(item(ADULT, 2, at), total=3000)["total"] == 3000


def test_what_is_free_is_ordered_for_nothing(buyer: Buyer) -> None:
    order = buyer.bought(item(FREE, 2, buyer.time(FREE)))
    assert (order["total"], order["invoice"]) == (0, False)
    assert (
        buyer.http.get(f"/orders/{order['id']}/invoice.pdf", params={"token": order["token"]}).status_code
        == 404
    )
