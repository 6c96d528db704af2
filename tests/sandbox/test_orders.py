"""The life of an order at the museum: draft, booked, cancelled, expired; what is refused changes nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from orders.code39 import CHARSET
from tests.sandbox.buyer import ADULT, FREE, IDA, REDUCED, Buyer, codes, item, refusal
from tests.sandbox_process import Sandbox


def tomorrow(buyer: Buyer) -> dict[str, str]:
    return {
        "start_at": str(buyer.today() - timedelta(days=1)),
        "end_at": str(buyer.today() + timedelta(days=1)),
    }


# --- drafts ---------------------------------------------------------------------------------------------------


def test_a_draft_takes_places_and_is_nothing_else_yet(buyer: Buyer) -> None:
    at = buyer.time(left=10)
    order = buyer.draft(item(ADULT, 2, at), comment="desk 4")
    assert (order["id"], order["status"], order["is_valid"], order["completed"]) == (
        None,
        "created",
        False,
        False,
    )
    assert (order["reference"], order["comment"], order["total"]) == ("R-1", "desk 4", 2800)
    assert len(order["token"]) >= 18
    lifetime = datetime.fromisoformat(order["expires_at"]) - datetime.fromisoformat(order["created_at"])
    assert lifetime == timedelta(minutes=30)
    [line] = order["items"]
    assert line["attributes"]["barcodes"] == []
    assert (line["attributes"]["start_time"], line["attributes"]["ticket_id"]) == (at, ADULT)
    assert line["canceled_at"] is None
    assert buyer.left(ADULT)[at] == 8
    assert buyer.order(order["token"]) == order


def test_a_forgotten_draft_expires_and_gives_its_places_back(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time(left=10)
    token = buyer.draft(item(ADULT, 2, at))["token"]
    sandbox.switch(clock_shift_s=29 * 60)
    assert (buyer.left(ADULT, at[:10])[at], buyer.order(token)["status"]) == (8, "created")
    sandbox.switch(clock_shift_s=31 * 60)
    assert (buyer.left(ADULT, at[:10])[at], buyer.order(token)["status"]) == (10, "expired")
    assert codes(buyer.finalize(token)) == ["order_expired"]
    assert codes(buyer.cancel(token)) == ["order_expired"]


def test_nothing_is_recognised_by_its_reference(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time(left=10)
    tokens = {buyer.draft(item(ADULT, 2, at))["token"] for _ in range(2)}
    assert len(tokens) == 2
    assert buyer.left(ADULT)[at] == 6
    assert [order["reference"] for order in sandbox.ledger()] == ["R-1", "R-1"]


# --- booking --------------------------------------------------------------------------------------------------


def test_booking_makes_one_code_per_person(buyer: Buyer) -> None:
    at = buyer.time(left=10)
    order = buyer.bought(item(ADULT, 2, at), item(FREE, 3, at))
    assert isinstance(order["id"], int)
    assert (order["status"], order["is_valid"], order["completed"]) == ("finalized", True, True)
    assert (order["expires_at"], order["invoice"]) == (None, True)
    assert order["payment"]["payment_id"] == "pay-1"
    assert order["customer"]["surname"] == "Brandt"
    assert [len(line["attributes"]["barcodes"]) for line in order["items"]] == [2, 3]
    assert buyer.order(order["id"]) == buyer.order(order["token"]) == order


def test_codes_are_unique_and_can_be_printed(buyer: Buyer) -> None:
    at = buyer.time(left=40)
    seen: list[str] = []
    for _ in range(4):
        order = buyer.bought(item(FREE, 10, at))
        rows = [row for line in order["items"] for row in line["attributes"]["barcodes"]]
        seen += [row["barcode"] for row in rows]
        assert len({row["id"] for row in rows}) == 10
    assert len(set(seen)) == 40
    assert set("".join(seen)) <= CHARSET


def test_a_code_finds_its_order_once_it_is_booked(buyer: Buyer) -> None:
    order = buyer.bought()
    code = order["items"][0]["attributes"]["barcodes"][1]["barcode"]
    assert buyer.http.get(f"/orders/barcode/{code}").json()["order"]["id"] == order["id"]
    assert buyer.http.get("/orders/barcode/nothing").status_code == 404


def test_booking_twice_is_refused_and_changes_nothing(buyer: Buyer) -> None:
    order = buyer.bought()
    [detail] = refusal(buyer.finalize(order["token"], payment={"payment_id": "pay-2"}))["details"]
    assert (detail["code"], detail["path"]) == ("already_finalized", "order")
    assert detail["meta"] == {"order_id": order["id"], "payment_id": "pay-1"}
    assert buyer.order(order["id"]) == order


def test_without_completed_an_order_stays_open(buyer: Buyer) -> None:
    token = buyer.draft()["token"]
    answer = buyer.finalize(token, completed=False)
    assert answer.json()["order"]["status"] == "created"
    assert answer.json()["order"]["items"][0]["attributes"]["barcodes"] == []
    assert (
        buyer.finalize(token, payment={"payment_id": "pay-2"}).json()["order"]["payment"]["payment_id"]
        == "pay-2"
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payment": {"payment_id": "  "}}, "payment_invalid"),
        ({"payment": None}, "payment_invalid"),
        ({"customer": None}, "missing_field"),
        ({"customer": IDA | {"email": ""}}, "customer_invalid"),
        ({"customer": {"foreign_id": "never seen"}}, "customer_not_found"),
    ],
)
def test_a_refused_booking_changes_nothing(buyer: Buyer, changes: dict[str, Any], code: str) -> None:
    order = buyer.draft()
    assert codes(buyer.finalize(order["token"], **changes)) == [code]
    assert buyer.order(order["token"]) == order
    assert buyer.finalize(order["token"]).status_code == 200


def test_a_known_customer_needs_only_a_number(buyer: Buyer) -> None:
    refused = buyer.draft()["token"]
    new = IDA | {"foreign_id": "CRM-1"}
    assert codes(buyer.finalize(refused, customer=new, payment=None)) == ["payment_invalid"]
    assert codes(buyer.finalize(refused, customer={"foreign_id": "CRM-1"})) == ["customer_not_found"]
    buyer.finalize(buyer.draft()["token"], customer=new)
    answer = buyer.finalize(buyer.draft()["token"], customer={"foreign_id": "CRM-1"})
    assert answer.json()["order"]["customer"]["email"] == IDA["email"]


def test_an_account_without_drafts_books_at_once(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.switch(order_mode="direct")
    order = buyer.draft()
    assert order["status"] == "finalized"
    assert len(order["items"][0]["attributes"]["barcodes"]) == 2
    assert codes(buyer.finalize(order["token"])) == ["already_finalized"]


# --- giving back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("booked", [False, True])
def test_cancelling_an_order_gives_everything_back(buyer: Buyer, booked: bool) -> None:
    at = buyer.time(left=10)
    order = buyer.bought(item(ADULT, 2, at)) if booked else buyer.draft(item(ADULT, 2, at))
    gone = buyer.cancel(order["token"]).json()["order"]
    assert (gone["status"], gone["is_valid"], gone["total"]) == ("cancelled", False, 0)
    assert gone["canceled_at"]
    assert all(line["canceled_at"] for line in gone["items"])
    assert buyer.left(ADULT)[at] == 10
    assert codes(buyer.cancel(order["token"])) == ["already_cancelled"]
    assert codes(buyer.finalize(order["token"])) == ["order_cancelled"]
    sale = gone["items"][0]["attributes"]["id"]
    paper = buyer.http.get(f"/orders/{order['token']}/tickets/{sale}.pdf", params={"token": order["token"]})
    assert paper.status_code == 404


def test_cancelling_items_leaves_the_order(buyer: Buyer) -> None:
    at = buyer.time(left=10)
    order = buyer.bought(item(ADULT, 2, at), item(REDUCED, 1, at))
    first, second = (line["id"] for line in order["items"])
    left = buyer.cancel(order["id"], {"order_item_ids": [second]}).json()["order"]
    assert (left["status"], left["is_valid"], left["total"]) == ("finalized", True, 2800)
    assert [bool(line["canceled_at"]) for line in left["items"]] == [False, True]
    assert buyer.left(ADULT)[at] == 8
    assert codes(buyer.cancel(order["id"], {"order_item_ids": [second]})) == ["item_already_cancelled"]
    assert codes(buyer.cancel(order["id"], {"order_item_ids": [first, second]})) == ["item_already_cancelled"]
    assert codes(buyer.cancel(order["id"], {"order_item_ids": [first, 1]})) == ["unknown_order_item"]
    assert buyer.left(ADULT)[at] == 8, "a selection is all or nothing"
    last = buyer.cancel(order["id"], {"order_item_ids": [first, first]}).json()["order"]
    assert (last["status"], last["canceled_at"], last["total"]) == ("finalized", None, 0)
    assert buyer.left(ADULT)[at] == 10


@pytest.mark.parametrize("ids", [[], None, "all", [None], [[1]]])
def test_an_empty_selection_is_never_everything(buyer: Buyer, ids: object) -> None:
    order = buyer.bought()
    assert codes(buyer.cancel(order["id"], {"order_item_ids": ids})) == ["invalid_value"]
    assert buyer.order(order["id"]) == order


# --- listing and papers ---------------------------------------------------------------------------------------


def test_orders_are_listed_newest_first_with_drafts(buyer: Buyer, sandbox: Sandbox) -> None:
    first = buyer.bought()["token"]
    sandbox.switch(clock_shift_s=5)
    second = buyer.draft()["token"]
    listed = buyer.http.get("/orders", params=tomorrow(buyer) | {"only_my_orders": "true"}).json()
    assert [order["token"] for order in listed["orders"]] == [second, first]
    assert listed["meta"] == {"total_count": 2, "page": 1, "per_page": 25}
    valid = buyer.http.get("/orders", params=tomorrow(buyer) | {"valid": "true"}).json()["orders"]
    assert [order["token"] for order in valid] == [first]
    past = {"start_at": "2020-01-01", "end_at": "2020-12-31"}
    assert buyer.http.get("/orders", params=past).json()["orders"] == [], "any span may be asked for"


def test_orders_of_another_account_are_not_there(buyer: Buyer) -> None:
    order = buyer.bought()
    code = order["items"][0]["attributes"]["barcodes"][0]["barcode"]
    till = {"Authorization": "Bearer sandbox-cashpoint"}
    for path in (f"/orders/{order['id']}", f"/orders/{order['token']}", f"/orders/barcode/{code}"):
        assert buyer.http.get(path, headers=till).status_code == 404
    assert buyer.http.post(f"/orders/{order['token']}/cancellations", headers=till).status_code == 404
    mine = buyer.http.get("/orders", params={"only_my_orders": "true"}, headers=till).json()
    assert mine["orders"] == []


def test_papers_need_the_token_and_a_valid_order(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.switch(barcode_delay_s=60)
    order = buyer.bought()
    sale = order["items"][0]["attributes"]["id"]
    paths = [f"/orders/{order['id']}/tickets/{sale}.pdf", f"/orders/{order['id']}/invoice.pdf"]
    asked = {"token": order["token"]}
    assert [buyer.http.get(path, params=asked).status_code for path in paths] == [404, 200], (
        "codes come later"
    )
    sandbox.switch(barcode_delay_s=0)
    for path in paths:
        answer = buyer.http.get(path, params=asked)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert buyer.http.get(path, params={"token": "wrong"}).status_code == 404
        assert buyer.http.get(path).status_code == 404
    assert buyer.http.get(f"/orders/{order['id']}/tickets/{sale + 1}.pdf", params=asked).status_code == 404
