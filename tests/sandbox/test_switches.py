"""Switches: the clock, the rate limit, and words that are refused."""

from pathlib import Path

import httpx
import pytest

from tests.sandbox.buyer import ADULT, Buyer, item
from tests.sandbox_process import Sandbox


def test_time_can_stand_still(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.switch(clock_frozen="2031-03-14T11:00:00+01:00")
    told = [buyer.http.get("/version").json()["version"]["time"] for _ in range(2)]
    assert told == ["2031-03-14T11:00:00+01:00"] * 2
    sandbox.switch(clock_frozen="")
    assert buyer.http.get("/version").json()["version"]["time"] < "2031"


@pytest.mark.parametrize(
    "switches",
    [
        {"maintenance": "on"},
        {"order_mode": "three_phase"},
        {"rate_limit": "sometimes"},
        {"clock_frozen": "noon"},
        {"list_permission": "balloons"},
        {"draft_ttl_s": None},
        {"latency_ms": 1, "flood": 1},
    ],
)
def test_a_wrong_word_sets_nothing(sandbox: Sandbox, switches: dict[str, object]) -> None:
    before = sandbox.control.get("/switches").json()
    assert sandbox.control.post("/switches", json=switches).status_code == 422
    assert sandbox.control.get("/switches").json() == before


def test_a_bucket_of_requests_runs_empty_and_fills_again(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.switch(rate_limit="on", rate_burst=3, rate_per_minute=60)
    answers = [buyer.http.get("/version") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert httpx.get(f"{sandbox.base_url}/api/v4/version").status_code == 200, (
        "others have a bucket of their own"
    )
    sandbox.switch(rate_per_minute=60_000)
    assert [buyer.http.get("/version").status_code for _ in range(3)] == [200] * 3


def test_what_was_too_much_was_not_done(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time(left=10)
    sandbox.switch(rate_limit="on", rate_burst=1, rate_per_minute=0)
    assert [buyer.create(item(ADULT, 1, at)).status_code for _ in range(2)] == [201, 429]
    assert len(sandbox.ledger()) == 1


def test_switches_outlive_a_restart_and_end_with_a_reset(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.switch(order_mode="direct", clock_frozen="2031-03-14T11:00:00+01:00")
    sandbox.restart()
    assert buyer.http.get("/version").json()["version"]["time"] == "2031-03-14T11:00:00+01:00"
    sandbox.reset()
    assert sandbox.control.get("/switches").json()["order_mode"] == "two_phase"


# --- the page for people --------------------------------------------------------------------------------------


def test_the_page_shows_what_happened(buyer: Buyer, sandbox: Sandbox) -> None:
    buyer.create(item(ADULT, 2, buyer.time()), reference="<R&1>")
    asked = {"order_id": "5", "first_name": "Ida", "last_name": "Brandt", "email": "ida@example.org"}
    assert buyer.http.post("/orders/withdrawals", json=asked).status_code == 201
    page = sandbox.control.get("/").text
    assert "&lt;R&amp;1&gt;" in page
    assert "<R&1>" not in page
    assert "Earth, Fire, Hand – Adult" in page
    assert "ida@example.org" in page


def test_forms_of_the_page_work_without_a_script(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time(left=5)
    for path, form in (
        ("/left", {"quota_id": "41", "time": at}),
        ("/switches", {"latency_ms": "1"}),
        ("/faults", {"route": "POST /orders", "kind": "status_500"}),
    ):
        answer = sandbox.control.post(path, data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/_sandbox/")
    assert at not in buyer.left(ADULT)
    assert sandbox.control.get("/switches").json()["latency_ms"] == 1
    assert [fault["kind"] for fault in sandbox.control.get("/faults").json()["faults"]] == ["status_500"]
    sandbox.control.post("/reset", data={})
    assert buyer.left(ADULT)[at] > 0


@pytest.mark.parametrize("body", [{}, {"ticket_id": 0, "time": "x"}, {"ticket_id": ADULT}, {"tour_id": "x"}])
def test_places_that_are_not_there_cannot_be_set(sandbox: Sandbox, body: dict[str, object]) -> None:
    assert sandbox.control.post("/left", json=body).status_code == 422


def test_switches_may_be_set_from_the_start(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, order_mode="direct", draft_ttl_s=60, clock_frozen="2031-03-14T11:00:00+01:00")
    try:
        told = sandbox.control.get("/switches").json()
        assert (told["order_mode"], told["draft_ttl_s"]) == ("direct", 60)
        assert sandbox.reseller.get("/version").json()["version"]["time"] == "2031-03-14T11:00:00+01:00"
    finally:
        sandbox.stop()
