"""What happens to an order once it is sold: found by its codes, rated, redeemed, withdrawn."""

from typing import Any

import pytest

from tests.sandbox.buyer import ADULT, IDA, Buyer, Json, codes, item, refusal
from tests.sandbox.visits import a_date, event, free_seats
from tests.sandbox_process import Sandbox

CUSTOMER = {"Authorization": "Bearer sandbox-customer"}


def found_by(buyer: Buyer, code: str) -> int:
    return buyer.http.get(f"/orders/barcode/{code}").status_code


# --- codes ----------------------------------------------------------------------------------------------------


def test_any_items_code_finds_the_order_for_good(buyer: Buyer) -> None:
    date = a_date(buyer, 821)
    seat = {"seat_id": free_seats(buyer, date)[3][0], "scale_price_id": 73}
    order = buyer.bought_for(2300, item(ADULT, 1, buyer.time()), event(date, seats=[seat]))
    ticket, concert = (line["attributes"] for line in order["items"])
    both = [ticket["barcodes"][0]["barcode"], concert["seats"][0]["barcode"]]
    assert [found_by(buyer, code) for code in both] == [200, 200]
    buyer.cancel(order["id"])
    assert [found_by(buyer, code) for code in both] == [200, 200], "still known, though worth nothing"


def test_codes_that_are_late_are_late_everywhere(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.switch(barcode_delay_s=60)
    order = buyer.bought()
    assert order["items"][0]["attributes"]["barcodes"] == []
    code = sandbox.ledger()[0]["items"][0]["barcodes"][0]
    assert found_by(buyer, code) == 404
    sandbox.switch(clock_shift_s=61)
    assert found_by(buyer, code) == 200
    assert buyer.order(order["id"])["items"][0]["attributes"]["barcodes"][0]["barcode"] == code


def test_a_used_ticket_cannot_be_given_back(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time(left=10)
    order = buyer.bought(item(ADULT, 2, at), item(ADULT, 1, at))
    used, other = order["items"]
    code = used["attributes"]["barcodes"][0]["barcode"]
    sandbox.control.post("/redeem", json={"barcode": code}).raise_for_status()
    assert sandbox.control.post("/redeem", json={"barcode": "nothing"}).status_code == 422
    both = {"order_item_ids": [used["id"], other["id"]]}
    [detail] = refusal(buyer.cancel(order["id"], both))["details"]
    assert (detail["code"], detail["meta"]["ids"]) == ("item_redeemed", [used["id"]])
    assert codes(buyer.cancel(order["id"])) == ["item_redeemed"]
    assert buyer.left(ADULT)[at] == 7
    assert buyer.cancel(order["id"], {"order_item_ids": [other["id"]]}).status_code == 200


# --- rating ---------------------------------------------------------------------------------------------------


def rate(buyer: Buyer, key: object, body: object, **headers: str) -> Any:
    return buyer.http.put(f"/orders/{key}/rate", json=body, headers=headers or CUSTOMER)


def test_only_a_customer_rates_and_the_last_word_counts(buyer: Buyer) -> None:
    order = buyer.bought()
    assert rate(buyer, order["token"], {"rating": 4}).json()["order"]["rating"] == 4
    assert rate(buyer, order["token"], {"order": {"rating": 5}}).json()["order"]["rating"] == 5
    assert buyer.order(order["id"]) == order | {"rating": 5}
    assert (
        rate(buyer, order["token"], {"rating": 1}, Authorization="Bearer sandbox-reseller").status_code == 403
    )
    assert rate(buyer, buyer.draft()["token"], {"rating": 1}).status_code == 404


@pytest.mark.parametrize("rating", [0, 6, "5", None, 4.5, True])
def test_a_rating_is_one_to_five(buyer: Buyer, rating: object) -> None:
    assert codes(rate(buyer, buyer.bought()["token"], {"rating": rating})) == ["invalid_value"]


# --- withdrawals ----------------------------------------------------------------------------------------------

ASKED = {"order_id": "500001", "first_name": "Ida", "last_name": "Brandt", "email": "ida@example.org"}


def withdrawals(sandbox: Sandbox) -> list[Json]:
    rows: list[Json] = sandbox.control.get("/ledger").json()["withdrawals"]
    return rows


def test_a_withdrawal_is_a_letter_to_the_staff(buyer: Buyer, sandbox: Sandbox) -> None:
    order = buyer.bought()
    for body in (
        ASKED | {"order_id": str(order["id"]), "note": 7},
        ASKED | {"order_id": "unknown", "last_name": True},
    ):
        answer = buyer.http.post("/orders/withdrawals", json=body)
        assert (answer.status_code, answer.content) == (201, b"")
    first, second = withdrawals(sandbox)
    assert (first["order_id"], first["note"], second["last_name"]) == (str(order["id"]), "7", "true")
    assert buyer.order(order["id"]) == order
    sandbox.restart()
    assert len(withdrawals(sandbox)) == 2


def test_everything_that_is_missing_is_said(buyer: Buyer, sandbox: Sandbox) -> None:
    answer = buyer.http.post("/orders/withdrawals", json={"email": "  "})
    assert [one["path"] for one in refusal(answer)["details"]] == [
        "order_id",
        "first_name",
        "last_name",
        "email",
    ]
    assert codes(buyer.http.post("/orders/withdrawals", json=ASKED | {"email": "ida"})) == ["invalid_value"]
    assert withdrawals(sandbox) == []


# --- customers ------------------------------------------------------------------------------------------------


def test_a_customer_is_told_by_its_five_facts(buyer: Buyer) -> None:
    whole = IDA | {"foreign_id": "CRM-7", "addr_city": "Kiel", "shoe_size": "41"}
    token = buyer.draft()["token"]
    told = buyer.finalize(token, customer=whole).json()["order"]["customer"]
    assert set(told) == {"id", "foreign_id", "name", "surname", "email"}
    changed = buyer.finalize(buyer.draft()["token"], customer={"foreign_id": "CRM-7", "surname": "Kranz"})
    assert changed.json()["order"]["customer"] == told | {"surname": "Kranz"}


@pytest.mark.parametrize(
    "customer",
    [IDA | {"name": 7}, IDA | {"addr_zip": 24105}, IDA | {"email": "ida"}, IDA | {"surname": None}, {}],
)
def test_customers_are_described_in_words(buyer: Buyer, customer: Json) -> None:
    assert set(codes(buyer.finalize(buyer.draft()["token"], customer=customer))) == {"customer_invalid"}


@pytest.mark.parametrize("payment", [{"payment_id": 7}, {"payment_id": "p", "provider_name": []}, "cash", []])
def test_payments_are_described_in_words(buyer: Buyer, payment: object) -> None:
    assert codes(buyer.finalize(buyer.draft()["token"], payment=payment)) == ["payment_invalid"]


def test_customers_and_their_orders_outlive_a_restart(buyer: Buyer, sandbox: Sandbox) -> None:
    buyer.finalize(buyer.draft()["token"], customer=IDA | {"foreign_id": "CRM-9"})
    date = a_date(buyer, 821)
    seats = [{"seat_id": free_seats(buyer, date)[1][0], "scale_price_id": 71}]
    order = buyer.bought_for(2400, event(date, seats=seats))
    sandbox.restart()
    assert buyer.order(order["id"]) == order
    assert codes(buyer.create(event(date, seats=seats), total=2400)) == ["seat_unavailable"]
    assert buyer.finalize(buyer.draft()["token"], customer={"foreign_id": "CRM-9"}).status_code == 200
