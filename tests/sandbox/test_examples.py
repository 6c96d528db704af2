"""The documented order requests, from the first word to the last, each answer as the OpenAPI document says."""

from typing import Any

import httpx
import pytest

from tests.contract.document import faults
from tests.sandbox.buyer import ADULT, NAMED, REDUCED, Buyer, Json, item, refusal
from tests.sandbox.visits import a_date, a_start, event, free_seats, goods, tour
from tests.sandbox_process import Sandbox

PEOPLE = [{"name": "Ida", "surname": "Brandt"}, {"name": "Noah", "surname": "Brandt"}]
CUSTOMER = {
    "foreign_id": "CRM-20931", "name": "Ida", "surname": "Brandt", "email": "ida.brandt@example.org",
    "language": "Deutsch", "addr_street": "Feldstraße 8", "addr_zip": "24105", "addr_city": "Kiel",
    "addr_country": "Deutschland",
}  # fmt: skip
PAYMENT = {
    "payment_id": "pay_7H2K9QX",
    "provider_id": "sepa",
    "provider_name": "Bank debit",
    "message": "desk 4",
}
ORDERS = "/api/v4/orders"


def told(answer: httpx.Response, path: str, method: str, status: int) -> Any:
    """Return a body after holding it against the document."""
    assert answer.status_code == status, answer.text
    assert faults(f"{method.upper()} {path}", answer) == []
    return answer.json()


def hold(buyer: Buyer, ticket: int, quantity: int, at: str) -> str:
    wanted = {"reservation": {"ticket_id": ticket, "quantity": quantity, "start_at": at}}
    body = told(
        buyer.http.post("/tickets/reservations", json=wanted),
        f"{ORDERS[:-6]}tickets/reservations",
        "post",
        201,
    )
    return str(body["reservation"]["token"])


def two_tickets(buyer: Buyer) -> tuple[list[Json], int]:
    at = buyer.time(left=10)
    adult, reduced = hold(buyer, ADULT, 2, at), hold(buyer, REDUCED, 1, at)
    return [
        item(ADULT, 2, at, reservations=[adult], attendees=PEOPLE),
        item(REDUCED, 1, at, reservations=[reduced]),
    ], 3500


def scale_prices(buyer: Buyer) -> tuple[list[Json], int]:
    return [event(a_date(buyer, 820, left=9), quantities={"61": 2, "62": 1})], 3200


def numbered_seats(buyer: Buyer) -> tuple[list[Json], int]:
    date = a_date(buyer, 821)
    free = free_seats(buyer, date)
    chosen = [(free[1][0], 71), (free[1][1], 71), (free[2][0], 72)]
    return [event(date, seats=[{"seat_id": seat, "scale_price_id": price} for seat, price in chosen])], 6600


def group_tour(buyer: Buyer) -> tuple[list[Json], int]:
    gear = [{"id": 7, "quantity": 6}]
    at = a_start(buyer, 930, 12)
    return [tour(930, at, quantity=12, surcharges={"15": 1, "16": 6}, equipment=gear)], 12000


def scaled_tour(buyer: Buyer) -> tuple[list[Json], int]:
    facts = {"language_id": 2, "quantities": {"81": 10, "82": 2}, "surcharges": {"17": 1}}
    return [tour(931, a_start(buyer, 931, 12), **facts, equipment=[{"id": 7, "quantity": 12}])], 9310


def everything_else(buyer: Buyer) -> tuple[list[Json], int]:
    return [goods("Coupon", 12), goods("Merchandise", 3), item(601, 1, "")], 3000 + 450 + 6500


EXAMPLES = [two_tickets, scale_prices, numbered_seats, group_tour, scaled_tour, everything_else]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_order_from_draft_to_the_end(buyer: Buyer, example: Any) -> None:
    items, total = example(buyer)
    body = told(
        buyer.create(*items, total=total, reference="KMX-01J9ZK3V7C", comment="desk 4"), ORDERS, "post", 201
    )
    order = body["order"]
    assert body["meta"] == {"status": "success", "payment_url": None, "payment_data": None}
    assert (order["id"], order["status"], order["total_price_cents"]) == (None, "created", total)
    assert (order["source"], order["rating"], order["invoice"]) == ("resellershop", None, False)
    facts = {"order": {"customer": CUSTOMER, "payment": PAYMENT, "completed": True}}
    answer = buyer.http.post(f"/orders/{order['token']}/finalize", json=facts)
    done = told(answer, f"{ORDERS}/{{id}}/finalize", "post", 200)["order"]
    assert (done["status"], done["is_valid"], done["completed"], done["expires_at"]) == (
        "finalized",
        True,
        True,
        None,
    )
    assert (done["payment"], done["token"], done["total"]) == (PAYMENT, order["token"], total)
    shown = told(buyer.http.get(f"/orders/{done['id']}"), f"{ORDERS}/{{id}}", "get", 200)
    assert shown["order"] == done
    gone = told(buyer.cancel(done["id"]), f"{ORDERS}/{{id}}/cancellations", "post", 200)["order"]
    assert (gone["status"], gone["is_valid"], gone["total"]) == ("cancelled", False, 0)
    listed = told(buyer.http.get("/orders"), ORDERS, "get", 200)["orders"]
    assert "payment_status" not in listed[0]
    assert [row["token"] for row in listed] == [order["token"]]


def test_the_holds_of_an_order_are_its_places(buyer: Buyer) -> None:
    items, total = two_tickets(buyer)
    at = items[0]["attributes"]["time"]
    assert buyer.left(ADULT)[at] == 7
    buyer.create(*items, total=total)
    assert buyer.left(ADULT)[at] == 7


def test_a_known_customer_buys_again(buyer: Buyer) -> None:
    buyer.finalize(buyer.draft()["token"], customer=CUSTOMER)
    cash = {"payment_id": "pay_7H2KA01", "provider_id": "cash", "provider_name": "Till", "message": ""}
    answer = buyer.finalize(buyer.draft()["token"], customer={"foreign_id": "CRM-20931"}, payment=cash)
    assert answer.json()["order"]["customer"]["email"] == CUSTOMER["email"]


def test_one_item_is_given_back(buyer: Buyer) -> None:
    items, total = two_tickets(buyer)
    order = buyer.bought_for(total, *items)
    second = order["items"][1]["id"]
    answer = buyer.cancel(order["id"], {"order_item_ids": [second]})
    left = told(answer, f"{ORDERS}/{{id}}/cancellations", "post", 200)["order"]
    assert (left["status"], left["is_valid"], left["total_price_cents"]) == ("finalized", True, 2800)
    assert left["items"][1]["canceled_at"]


def test_refusals_are_worded_as_documented(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time(left=1)
    for answer in (
        buyer.create(item(ADULT, 2, at)),
        buyer.create(item(ADULT, 12, at)),
        buyer.create(item(NAMED, 2, buyer.time(NAMED), attendees=[{"name": "Ida"}])),
        buyer.create(item(ADULT, 1, at), total=3400),
    ):
        assert refusal(answer)
        assert faults(f"POST {ORDERS}", answer) == []


def test_a_last_place_is_one_place(buyer: Buyer) -> None:
    at = buyer.time(left=1)
    message = refusal(buyer.create(item(ADULT, 2, at)))["error"]
    assert message == f"Earth, Fire, Hand – Adult: {at[11:16]} has 1 place left, 2 were requested."


def test_annual_answers_are_as_documented(buyer: Buyer) -> None:
    order = buyer.bought_for(6500, item(601, 1, None))
    answer = buyer.http.get("/annual/order", params={"token": order["token"]})
    told(answer, "/api/v4/annual/order", "get", 200)


def test_codes_are_told_as_documented(buyer: Buyer) -> None:
    [line] = buyer.bought_for(2000, goods("Coupon", 4))["items"]
    answer = buyer.http.get(f"/coupon_sales/barcode/{line['attributes']['codes'][0]}")
    told(answer, "/api/v4/coupon_sales/barcode/{token}", "get", 200)
    cart = {"items": [item(ADULT, 2, buyer.time(), uuid="a")], "coupons": ["MUSEUMSNACHT"]}
    told(buyer.http.post("/cart", json=cart), "/api/v4/cart", "post", 200)
