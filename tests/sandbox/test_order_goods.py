"""Vouchers and articles in an order, and vouchers that pay for one."""

import pytest

from tests.sandbox.buyer import ADULT, Buyer, Json, codes, item, refusal
from tests.sandbox.visits import goods
from tests.sandbox_process import Sandbox

TWENTY, FIFTY, SHIPPED, SHIPPING = 4, 8, 12, 3


def sold(buyer: Buyer, number: int = TWENTY, quantity: int = 1, total: int = 2000) -> tuple[Json, list[str]]:
    order = buyer.bought_for(total, goods("Coupon", number, quantity))
    return order, order["items"][0]["attributes"]["codes"]


def told(buyer: Buyer, code: str) -> Json:
    found: Json = buyer.http.get(f"/coupon_sales/barcode/{code}").json()["coupon_sale"]
    return found


def test_a_sold_voucher_tells_its_worth_and_not_its_price(buyer: Buyer) -> None:
    order = buyer.draft(goods("Coupon", FIFTY, 2), total=9000)
    [line] = order["items"]
    assert (line["price_cents"], order["total"], order["total_price_cents"]) == (0, 9000, 9000)
    assert (line["attributes"]["value_cents"], line["attributes"]["quantity"]) == (5000, 2)
    assert line["attributes"]["codes"] == []
    booked = buyer.finalize(order["token"]).json()["order"]["items"][0]["attributes"]["codes"]
    assert len(set(booked)) == 2
    assert told(buyer, booked[0].lower()) == {
        "is_valid": True, "value_action": None, "is_voucher_for": None, "value_cents": 5000,
    }  # fmt: skip


def test_an_article_stands_for_shipping(buyer: Buyer) -> None:
    order = buyer.draft(goods("Coupon", SHIPPED), goods("Merchandise", SHIPPING), total=3450)
    assert [(line["type"], line["price_cents"]) for line in order["items"]] == [
        ("Coupon", 0),
        ("Merchandise", 450),
    ]
    assert order["items"][1]["vat_pct"] == "19.0"


def test_a_voucher_pays_until_it_is_empty(buyer: Buyer) -> None:
    _, [code] = sold(buyer)
    at = buyer.time(left=10)
    order = buyer.draft(item(ADULT, 1, at), coupons=[code.lower()], total=0)
    assert (order["total"], order["items"][0]["price_cents"]) == (0, 1400)
    assert told(buyer, code)["value_cents"] == 600
    part = buyer.draft(item(ADULT, 1, at), coupons=[code], total=800)
    assert told(buyer, code)["is_valid"] is False
    assert codes(buyer.create(item(ADULT, 1, at), coupons=[code], total=1400)) == ["coupon_invalid"]
    buyer.cancel(part["token"])
    assert told(buyer, code)["value_cents"] == 600


def test_what_a_voucher_paid_is_part_of_the_total(buyer: Buyer) -> None:
    _, [code] = sold(buyer)
    answer = buyer.create(item(ADULT, 2, buyer.time()), coupons=[code], total=2800)
    assert refusal(answer)["details"][0]["meta"]["expected_total"] == 800
    assert told(buyer, code)["value_cents"] == 2000, "refused, so nothing was spent"


def test_a_voucher_ends_with_the_order_it_was_sold_in(buyer: Buyer, sandbox: Sandbox) -> None:
    order, [code] = sold(buyer)
    sandbox.restart()
    assert told(buyer, code)["is_valid"]
    buyer.cancel(order["id"])
    assert not told(buyer, code)["is_valid"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (goods("Coupon", 999), "unknown_product"),
        (goods("Coupon", TWENTY, 0), "quantity_invalid"),
        (goods("Merchandise", 999), "unknown_product"),
        (goods("Merchandise", SHIPPING, "1"), "quantity_invalid"),
    ],
)
def test_odd_goods_are_refused(buyer: Buyer, line: Json, code: str) -> None:
    assert codes(buyer.create(line, total=0)) == [code]


def test_only_known_codes_are_good_for_something(buyer: Buyer) -> None:
    at = buyer.time()
    [detail] = refusal(buyer.create(item(ADULT, 1, at), coupons=["NOTHING"]))["details"]
    assert (detail["code"], detail["path"]) == ("coupon_invalid", "coupons[0]")
    assert told(buyer, "NOTHING") == {
        "is_valid": False, "value_action": None, "is_voucher_for": None, "value_cents": None,
    }  # fmt: skip
    assert told(buyer, "museumsnacht")["value_action"] == "TokenActions::ApplyOrderDiscount"
    assert buyer.create(item(ADULT, 1, at), coupons=["MUSEUMSNACHT"]).status_code == 201


# --- the cart of the browser shop -----------------------------------------------------------------------------


def priced(buyer: Buyer, *items: Json, coupons: object = None) -> list[Json]:
    answer = buyer.http.post("/cart", json={"items": items, "coupons": coupons or []})
    assert answer.status_code == 200
    return [line["attributes"] for line in answer.json()["items"]]


def test_a_cart_is_priced_by_the_piece(buyer: Buyer) -> None:
    line = item(ADULT, 2, buyer.time(), uuid="a")
    assert priced(buyer) == []
    assert priced(buyer, line) == [
        {"uuid": "a", "id": ADULT, "quantity": 2, "price_cents": 1400, "coupon": None}
    ]
    [cut] = priced(buyer, line, coupons=["museumsnacht"])
    assert (cut["price_cents"], cut["coupon"]) == (1260, "MUSEUMSNACHT")


def test_a_free_ticket_splits_its_line(buyer: Buyer) -> None:
    line = item(ADULT, 2, buyer.time(), uuid="a")
    parts = priced(buyer, line, coupons=["FREIKARTE"])
    assert [(part["uuid"], part["quantity"], part["price_cents"], part["coupon"]) for part in parts] == [
        ("a", 1, 0, "FREIKARTE"), ("a", 1, 1400, None),
    ]  # fmt: skip


def test_tours_are_not_priced_in_a_cart(buyer: Buyer) -> None:
    [line] = priced(buyer, {"type": "Tour", "attributes": {"uuid": "t", "id": 930, "quantity": 12}})
    assert line == {"uuid": "t", "id": 930, "quantity": 12}


@pytest.mark.parametrize(
    "body", [{}, {"items": None}, {"items": "x", "coupons": 7}, {"items": [None, {"type": []}]}]
)
def test_an_odd_cart_does_no_harm(buyer: Buyer, body: Json) -> None:
    assert buyer.http.post("/cart", json=body).status_code == 200
