"""Reservations: five minutes at a time, an hour at most, and never more than there is."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.sandbox.buyer import ADULT, GROUP, PRESS, REDUCED, Buyer, Json, codes, item
from tests.sandbox_process import Sandbox


def hold(buyer: Buyer, **wanted: Any) -> httpx.Response:
    return buyer.http.post("/tickets/reservations", json={"reservation": wanted})


def held(buyer: Buyer, at: str, quantity: int = 2, ticket: int = ADULT) -> Json:
    answer = hold(buyer, ticket_id=ticket, quantity=quantity, start_at=at)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()["reservation"]
    return found


def change(buyer: Buyer, token: str, quantity: object) -> httpx.Response:
    return buyer.http.put(f"/tickets/reservations/{token}", json={"reservation": {"quantity": quantity}})


def minutes(hold: Json, since: str) -> float:
    return (datetime.fromisoformat(hold["valid_until"]) - datetime.fromisoformat(since)).total_seconds() / 60


def freeze(sandbox: Sandbox, at: datetime, after: int = 0) -> str:
    moment = (at + timedelta(minutes=after)).isoformat()
    sandbox.switch(clock_frozen=moment)
    return moment


@pytest.fixture
def noon(buyer: Buyer) -> datetime:
    return datetime.fromisoformat(f"{buyer.today()}T12:00:00+02:00")


def test_a_hold_tells_what_it_holds(buyer: Buyer, sandbox: Sandbox, noon: datetime) -> None:
    now = freeze(sandbox, noon)
    at = buyer.time(left=4)
    found = held(buyer, at)
    assert set(found) == {"token", "quantity", "ticket_id", "start_at", "valid_until"}
    assert (found["quantity"], found["ticket_id"], found["start_at"]) == (2, ADULT, at)
    assert minutes(found, now) == 5


def test_a_hold_is_prolonged_up_to_an_hour(buyer: Buyer, sandbox: Sandbox, noon: datetime) -> None:
    now = freeze(sandbox, noon)
    token = held(buyer, buyer.time(left=4))["token"]
    for after in range(4, 60, 4):
        freeze(sandbox, noon, after)
        found = change(buyer, token, 2).json()["reservation"]
        assert minutes(found, now) == min(after + 5, 60)
    freeze(sandbox, noon, 60)
    assert change(buyer, token, 2).status_code == 404, "over by itself at the very minute"


def test_a_change_that_cannot_be_does_not_prolong(buyer: Buyer, sandbox: Sandbox, noon: datetime) -> None:
    freeze(sandbox, noon)
    at = buyer.time(left=4)
    token = held(buyer, at)["token"]
    freeze(sandbox, noon, 4)
    assert codes(change(buyer, token, 5)) == ["sold_out"]
    assert codes(change(buyer, token, 0)) == ["quantity_invalid"]
    assert buyer.left(ADULT)[at] == 2, "the old hold is untouched"
    freeze(sandbox, noon, 6)
    assert change(buyer, token, 2).status_code == 404
    assert buyer.left(ADULT)[at] == 4


def test_a_hold_may_grow_into_what_it_holds(buyer: Buyer) -> None:
    at = buyer.time(left=4)
    token = held(buyer, at, 3)["token"]
    assert change(buyer, token, 4).json()["reservation"]["quantity"] == 4
    assert at not in buyer.left(ADULT)
    assert change(buyer, token, 1).status_code == 200
    assert buyer.left(ADULT)[at] == 3


def test_a_hold_is_given_back_once(buyer: Buyer) -> None:
    at = buyer.time(left=4)
    token = held(buyer, at)["token"]
    assert buyer.http.delete(f"/tickets/reservations/{token}").status_code == 204
    assert buyer.left(ADULT)[at] == 4
    assert buyer.http.delete(f"/tickets/reservations/{token}").status_code == 404
    assert change(buyer, token, 1).status_code == 404


def test_another_accounts_hold_is_not_there(buyer: Buyer) -> None:
    at = buyer.time(left=4)
    token = held(buyer, at, 3)["token"]
    till = {"Authorization": "Bearer sandbox-cashpoint"}
    path = f"/tickets/reservations/{token}"
    assert buyer.http.delete(path, headers=till).status_code == 404
    assert buyer.http.put(path, headers=till, json={"reservation": {"quantity": 1}}).status_code == 404
    body = {"items": [item(ADULT, 2, at, reservations=[token])], "total": 2800}
    assert codes(buyer.http.post("/orders", headers=till, json=body)) == ["sold_out"], (
        "nor credited to others"
    )


def test_an_order_uses_up_more_than_it_needs(buyer: Buyer) -> None:
    at = buyer.time(left=10)
    tokens = [held(buyer, at, 3)["token"], held(buyer, at, 2)["token"]]
    assert buyer.create(item(ADULT, 1, at, reservations=tokens)).status_code == 201
    assert buyer.left(ADULT)[at] == 9


def test_a_refused_order_leaves_holds(buyer: Buyer) -> None:
    at = buyer.time(left=4)
    token = held(buyer, at, 3)["token"]
    assert codes(buyer.create(item(ADULT, 3, at, reservations=[token]), total=1)) == ["wrong_total"]
    assert codes(buyer.create(item(ADULT, 5, at, reservations=[token]))) == ["sold_out"]
    assert codes(buyer.create(item(REDUCED, 3, at, reservations=[token]))) == ["reservation_mismatch"]
    assert buyer.left(ADULT)[at] == 1
    assert change(buyer, token, 3).status_code == 200


def test_too_few_is_a_matter_of_the_order(buyer: Buyer) -> None:
    at = next(iter(buyer.left(GROUP)))
    buyer.sandbox.set_left(GROUP, at, 30)
    token = held(buyer, at, 3, GROUP)["token"]
    assert codes(buyer.create(item(GROUP, 3, at, reservations=[token]))) == ["quantity_below_minimum"]
    assert codes(change(buyer, token, 26)) == ["quantity_above_maximum"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"ticket_id": 999}, "unknown_product"),
        ({"ticket_id": [1]}, "unknown_product"),
        ({"ticket_id": PRESS}, "not_bookable"),
        ({"quantity": 0}, "quantity_invalid"),
        ({"quantity": True}, "quantity_invalid"),
        ({"quantity": 11}, "quantity_above_maximum"),
        ({"start_at": None}, "time_missing"),
        ({"start_at": "soon"}, "time_invalid"),
        ({"start_at": "2020-01-03T12:00:00+01:00"}, "time_in_past"),
    ],
)
def test_each_wrong_word_has_its_code(buyer: Buyer, wanted: Json, code: str) -> None:
    usual = {"ticket_id": ADULT, "quantity": 1, "start_at": buyer.time()}
    assert codes(hold(buyer, **usual | wanted)) == [code]


def test_a_hold_has_a_body(buyer: Buyer) -> None:
    assert codes(buyer.http.post("/tickets/reservations", json={})) == ["missing_field"]
