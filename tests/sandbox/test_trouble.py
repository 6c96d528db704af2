"""Rehearsed trouble: the client sees a broken call, the ledger tells what really happened."""

from pathlib import Path

import httpx
import pytest

from tests.sandbox.buyer import ADULT, CENTS, Buyer, codes, item
from tests.sandbox_process import Sandbox
from tests.waiting import until

CREATE = "POST /orders"


@pytest.mark.parametrize(("kind", "done"), [("drop_before", False), ("drop_after", True)])
def test_a_dropped_line_may_or_may_not_have_done_its_work(
    buyer: Buyer, sandbox: Sandbox, kind: str, done: bool
) -> None:
    at = buyer.time(left=10)
    sandbox.fault(CREATE, kind)
    with pytest.raises(httpx.RemoteProtocolError):
        buyer.create(item(ADULT, 2, at))
    assert [order["total"] for order in sandbox.ledger()] == ([2800] if done else [])
    assert buyer.left(ADULT)[at] == (8 if done else 10)
    assert buyer.create(item(ADULT, 2, at)).status_code == 201, "once only"


@pytest.mark.parametrize(
    ("kind", "status", "done"),
    [
        ("status_404", 404, False),
        ("status_500", 500, False),
        ("status_502_after", 502, True),
        ("status_503", 503, False),
        ("status_503_retry", 503, False),
        ("status_429", 429, False),
        ("html_500", 500, False),
        ("html_200", 200, False),
        ("empty_200", 200, True),
        ("truncated", 200, True),
    ],
)
def test_odd_answers(buyer: Buyer, sandbox: Sandbox, kind: str, status: int, done: bool) -> None:
    at = buyer.time()
    sandbox.fault(CREATE, kind, seconds=7)
    answer = buyer.create(item(ADULT, 1, at))
    assert answer.status_code == status
    assert answer.headers.get("retry-after") == ("7" if kind in ("status_429", "status_503_retry") else None)
    assert len(sandbox.ledger()) == done
    if not kind.startswith("status"):
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            answer.json()


def test_who_hung_up_while_waiting_has_ordered_nevertheless(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time()
    sandbox.fault(CREATE, "delay_before", seconds=0.5)
    body = {"items": [item(ADULT, 1, at)], "total": CENTS[ADULT]}
    with pytest.raises(httpx.ReadTimeout):
        buyer.http.post("/orders", json=body, timeout=0.1)
    assert sandbox.ledger() == []
    until(sandbox.ledger, what="the order of a client that is gone", seconds=5)


def test_a_late_answer_comes_after_the_deed(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.fault(CREATE, "delay_after", seconds=5)
    at = buyer.time()
    with pytest.raises(httpx.ReadTimeout):
        buyer.http.post("/orders", json={"items": [item(ADULT, 1, at)], "total": 1400}, timeout=0.2)
    assert len(sandbox.ledger()) == 1


def test_faults_hit_their_route_and_no_other_and_end(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.fault("GET /tickets/:id", "status_500", times=2)
    assert buyer.http.get("/tickets").status_code == 200
    assert [buyer.http.get(f"/tickets/{ADULT}").status_code for _ in range(3)] == [500, 500, 200]
    sandbox.fault("*", "status_500", times=None)
    assert buyer.http.get("/museums").status_code == 500
    sandbox.heal()
    assert buyer.http.get("/museums").status_code == 200


def test_maintenance_is_said_in_two_ways(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.switch(maintenance="json")
    answer = buyer.http.get("/museums")
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (
        503,
        "30",
        "maintenance",
    )
    sandbox.switch(maintenance="html")
    answer = buyer.http.get("/museums")
    assert answer.status_code == 503
    assert "retry-after" not in answer.headers
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("shape", ["error_only", "errors_only", "array", "field_map", "html", "empty"])
def test_refusals_come_in_many_shapes(buyer: Buyer, sandbox: Sandbox, shape: str) -> None:
    at = buyer.time(left=0)
    sandbox.switch(error_shape=shape)
    answer = buyer.create(item(ADULT, 1, at))
    assert answer.status_code == 422
    if shape in ("html", "empty"):
        assert ("<html" in answer.text) == (shape == "html")
        assert bool(answer.content) == (shape == "html")
        return
    body = answer.json()
    found = {
        "error_only": lambda: body["error"],
        "errors_only": lambda: body["errors"][0],
        "array": lambda: body[0],
        "field_map": lambda: body["items[0].attributes.time"][0],
    }
    said: str = found[shape]()
    assert said.startswith("Earth, Fire, Hand – Adult: ")


def test_a_killed_sandbox_remembers_what_it_told(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    try:
        buyer = Buyer(sandbox)
        at = buyer.time(left=10)
        booked, draft = buyer.bought(item(ADULT, 2, at)), buyer.draft(item(ADULT, 1, at))
        gone = buyer.draft(item(ADULT, 3, at))["token"]
        buyer.cancel(gone)
        held = {"ticket_id": ADULT, "quantity": 1, "start_at": at}
        buyer.http.post("/tickets/reservations", json={"reservation": held}).raise_for_status()
        sandbox.set_price(ADULT, 1500)
        sandbox.switch(barcode_delay_s=0, draft_ttl_s=900)
        sandbox.restart()
        assert buyer.order(booked["token"]) == booked
        assert buyer.order(draft["token"]) == draft
        assert buyer.order(gone)["status"] == "cancelled"
        assert buyer.left(ADULT)[at] == 6
        assert codes(buyer.finalize(booked["token"])) == ["already_finalized"]
        assert buyer.http.get(f"/tickets/{ADULT}").json()["ticket"]["price_cents"] == 1500
        again = buyer.draft(item(ADULT, 1, at), total=1500)
        assert again["items"][0]["id"] not in [line["id"] for line in booked["items"] + draft["items"]]
        assert buyer.finalize(again["token"]).json()["order"]["id"] != booked["id"]
        sandbox.ledger()
    finally:
        sandbox.stop()


def test_unknown_trouble_and_switches_are_refused(sandbox: Sandbox) -> None:
    assert sandbox.control.post("/faults", json={"route": "*", "kind": "flood"}).status_code == 422
    assert sandbox.control.post("/switches", json={"flood": 1}).status_code == 422
    assert sandbox.control.post("/switches", json={"draft_ttl_s": "long"}).status_code == 422


def test_the_request_log_counts_and_keeps_no_secret(buyer: Buyer, sandbox: Sandbox) -> None:
    order = buyer.bought()
    sandbox.forget_requests()
    buyer.order(order["token"])
    buyer.http.get(f"/orders/{order['id']}/invoice.pdf", params={"token": order["token"]})
    assert sandbox.counts() == {"GET /orders/{id}": 1, "GET /orders/{id}/invoice.pdf": 1}
    log = sandbox.control.get("/requests").text
    assert order["token"] not in log
    assert "sandbox-reseller" not in log


@pytest.mark.parametrize("kind", ["endless", "big"])
def test_an_answer_may_never_end_or_be_very_long(buyer: Buyer, sandbox: Sandbox, kind: str) -> None:
    sandbox.fault("GET /museums", kind)
    size = 0
    with buyer.http.stream("GET", "/museums") as answer:
        assert answer.status_code == 200
        for part in answer.iter_bytes():
            size += len(part)
            if size > 6_000_000:
                break
    assert (size > 6_000_000) == (kind == "endless")
    assert buyer.http.get("/museums").status_code == 200


@pytest.mark.parametrize("kind", ["status_500_after", "status_503_after"])
def test_an_error_may_come_after_the_deed(buyer: Buyer, sandbox: Sandbox, kind: str) -> None:
    sandbox.fault(CREATE, kind)
    assert buyer.create(item(ADULT, 1, buyer.time())).status_code == int(kind.split("_")[1])
    assert len(sandbox.ledger()) == 1
