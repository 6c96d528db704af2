"""The life of an order and of a hold: every step answers as docs/openapi.yaml says."""

from typing import Any

import pytest

from tests.contract.baskets import MAKERS
from tests.contract.rows import BOTH
from tests.contract.served import served
from tests.contract.witness import API, Witness
from tests.sandbox.buyer import ADULT, IDA, REDUCED, item
from tests.sandbox_process import Sandbox

Json = dict[str, Any]
PARTS = ("tickets", "events", "tours", "coupons", "invoices")
PAID: Json = {"customer": IDA, "payment": {"payment_id": "pay-1"}, "completed": True}
ORDER_LIFE = {
    f"POST {API}/orders",
    f"GET {API}/orders",
    f"GET {API}/orders/{{id}}",
    f"GET {API}/orders/barcode/{{barcode}}",
    f"POST {API}/orders/{{id}}/finalize",
    f"POST {API}/orders/{{id}}/cancellations",
    *(f"GET {API}/orders/{{order_id}}/{part}" for part in PARTS),
    f"GET {API}/orders/{{order_id}}/tickets/{{ticket_sale_id}}.pdf",
    f"GET {API}/orders/{{order_id}}/invoice.pdf",
}
HOLD_LIFE = {
    f"POST {API}/tickets/reservations",
    f"PUT {API}/tickets/reservations/{{token}}",
    f"DELETE {API}/tickets/reservations/{{token}}",
}
PAPERS = {
    "tickets": f"GET {API}/orders/{{order_id}}/tickets/{{ticket_sale_id}}.pdf",
    "events": f"GET {API}/orders/{{order_id}}/events/{{booking_id}}.pdf",
    "tours": f"GET {API}/orders/{{order_id}}/tours/{{booking_id}}.pdf",
    "coupons": f"GET {API}/orders/{{order_id}}/coupons/{{booking_id}}.pdf",
}
FOLLOWED = {
    "tickets": {
        f"GET {API}/orders/{{order_id}}/tickets/{{ticket_sale_id}}.ics",
        f"GET {API}/orders/{{order_id}}/tickets/{{ticket_sale_id}}/passbooks/{{barcode}}.pkpass",
    },
    "events": {f"GET {API}/orders/{{order_id}}/events/{{booking_id}}.ics"},
    "tours": {f"GET {API}/orders/{{order_id}}/tours/{{booking_id}}.ics"},
    "coupons": set(),
}
LIVES = ORDER_LIFE.union(HOLD_LIFE, PAPERS.values(), *FOLLOWED.values())
# A kind is sold here as soon as the sandbox has papers for it; those in scope.SERVED it must have.
KINDS = [kind for kind, operation in PAPERS.items() if operation in served()]


def ordered(own: Witness, query: str = "", **more: object) -> Json:
    """Create an order over two adults and a reduced one."""
    time = own.buyer.time()
    body = {"items": [item(ADULT, 2, time), item(REDUCED, 1, time)], "total": 3500, "reference": "R-1"}
    told = own.told("POST", f"/orders{query}", 201, body=body | more)
    order: Json = told["order"]
    return order


def finalized(own: Witness, token: str, status: int = 200, **changes: object) -> Json:
    return own.told("POST", f"/orders/{token}/finalize", status, body={"order": PAID | changes})


def test_an_order_from_draft_to_cancellation(own: Witness) -> None:
    draft = ordered(own)
    token = draft["token"]
    assert (draft["id"], draft["completed"]) == (None, False)
    own.get(f"/orders/{token}")
    own.get("/orders")
    finalized(own, token, completed=False)
    order = finalized(own, token)["order"]
    number, first = order["id"], order["items"][0]["attributes"]
    for query in ("", "?locale=en", f"?{BOTH}"):
        own.get(f"/orders/{number}{query}")
    own.get(f"/orders?{BOTH}&valid=true")
    assert own.get(f"/orders/barcode/{first['barcodes'][0]['barcode']}")["order"]["id"] == number
    for part in PARTS:
        own.get(f"/orders/{number}/{part}")
    own.get(f"/orders/{number}/tickets/{first['id']}.pdf?token={token}", key=None)
    own.get(f"/orders/{number}/tickets/{first['id']}.pdf?token=wrong", 404, key=None)
    own.get(f"/orders/{number}/invoice.pdf?token={token}", key=None)
    without = own.told(
        "POST", f"/orders/{number}/cancellations", 200, body={"order_item_ids": [order["items"][1]["id"]]}
    )
    assert without["order"]["total_price_cents"] == 2800
    assert own.told("POST", f"/orders/{token}/cancellations", 200)["order"]["status"] == "cancelled"
    own.get(f"/orders/{number}/invoice.pdf?token={token}", 404, key=None)
    assert own.seen >= ORDER_LIFE


def test_an_order_bought_by_creating_it(own: Witness, sandbox: Sandbox) -> None:
    sandbox.switch(order_mode="direct")
    order = ordered(own, f"?{BOTH}")
    assert order["completed"] is True
    assert finalized(own, order["token"], 422)["code"] == "already_finalized"


def priced(own: Witness, one: Json) -> Json:
    """Order one item for the total the sandbox names when told a wrong one."""
    body = {"items": [one], "total": 99_999_999, "reference": "R-4"}
    told = own.told("POST", "/orders", 422, body=body)
    total = told["details"][0]["meta"]["expected_total"]
    order: Json = own.told("POST", "/orders", 201, body=body | {"total": total})["order"]
    return order


def announced(attributes: Json) -> list[str]:
    """The addresses an item tells of: its calendar entry and the passes of its tickets."""
    codes = attributes.get("barcodes", [])
    links = [attributes.get("ical_url"), *(code.get("passbook_url") for code in codes)]
    return [link for link in links if link]


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_of_every_kind(own: Witness, kind: str) -> None:
    token = priced(own, MAKERS[kind](own))["token"]
    sold = finalized(own, token)["order"]["items"][0]
    for query in ("", f"?{BOTH}"):
        own.get(f"/orders/{token}{query}")
    assert [one["id"] for one in own.get(f"/orders/{token}/{kind}")[kind]] == [sold["id"]]
    number = sold["attributes"]["id"]
    own.get(f"/orders/{token}/{kind}/{number}.pdf?token={token}", key=None)
    for link in announced(sold["attributes"]):
        assert own.ask("GET", link, key=None).status_code == 200
    own.told("POST", f"/orders/{token}/cancellations", 200, body={"order_item_ids": [sold["id"]]})
    assert own.seen >= {PAPERS[kind]} | (FOLLOWED[kind] & set(served()))


def test_what_an_order_is_refused_for(own: Witness) -> None:
    draft = ordered(own)
    token, one = draft["token"], draft["items"][0]["id"]
    own.told("POST", f"/orders/{token}/finalize", 422, body={"order": {}})
    finalized(own, token, 422, customer={"foreign_id": "nobody"})
    finalized(own, token, 422, payment={})
    own.told("POST", f"/orders/{token}/cancellations", 422, body={"order_item_ids": []})
    own.told("POST", f"/orders/{token}/cancellations", 422, body={"order_item_ids": [1]})
    own.told("POST", f"/orders/{token}/cancellations", 200, body={"order_item_ids": [one]})
    own.told("POST", f"/orders/{token}/cancellations", 422, body={"order_item_ids": [one]})
    own.told("POST", f"/orders/{token}/cancellations", 200)
    own.told("POST", f"/orders/{token}/cancellations", 422)
    finalized(own, token, 422)


def test_what_the_creation_is_refused_for(own: Witness, sandbox: Sandbox) -> None:
    time = own.buyer.time()
    wrong: list[tuple[list[Json], object]] = [
        ([item(ADULT, 2, time)], 1),
        ([item(ADULT, 0, time)], 0),
        ([item(ADULT, 200, time)], 280_000),
        ([item(ADULT, 1, "2020-01-01T10:00:00+01:00")], 1400),
        ([item(ADULT, 1, None)], 1400),
        ([item(999_999, 1, time)], 1400),
        ([item(ADULT, "two", "soon"), item(999_999, 1, time)], None),
    ]
    for items, total in wrong:
        told = own.told("POST", "/orders", 422, body={"items": items, "total": total, "reference": "R-2"})
        assert len(told["errors"]) == len(told["details"])
    sandbox.set_left(ADULT, time, 0)
    sold_out = {"items": [item(ADULT, 1, time)], "total": 1400, "reference": "R-3"}
    assert own.told("POST", "/orders", 422, body=sold_out)["code"] == "sold_out"


def test_parts_that_are_not_permitted(own: Witness, sandbox: Sandbox) -> None:
    token = ordered(own)["token"]
    sandbox.switch(list_permission="none")
    for part in PARTS:
        assert own.get(f"/orders/{token}/{part}", 422)["code"] == "not_implemented"


def test_a_hold_from_begin_to_end(own: Witness) -> None:
    time = own.buyer.time()
    wanted = {"ticket_id": ADULT, "quantity": 2, "start_at": time}
    token = own.told("POST", "/tickets/reservations", 201, body={"reservation": wanted})["reservation"][
        "token"
    ]
    changed = own.told("PUT", f"/tickets/reservations/{token}", 200, body={"reservation": {"quantity": 3}})
    assert changed["reservation"]["quantity"] == 3
    own.told("PUT", f"/tickets/reservations/{token}", 422, body={"reservation": {"quantity": 0}})
    own.get(f"/tickets/{ADULT}/capacity?date={time[:10]}&reservations[]={token}")
    own.told("DELETE", f"/tickets/reservations/{token}", 204)
    own.told("DELETE", f"/tickets/reservations/{token}", 404)
    assert own.seen >= HOLD_LIFE
