"""Quotas: how many places are left, for whom, and when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.sandbox.buyer import ADULT, CENTS, FAMILY, FREE, NET, PRESS, REDUCED, Buyer, codes, item
from tests.sandbox_process import Sandbox

WIDE, NARROW = "41", "44"  # quotas: all kinds of a visit, and the families among them


def quotas(buyer: Buyer, *tickets: int, **query: Any) -> dict[str, Any]:
    wanted = {"ticket_ids[]": list(tickets), "date": buyer.day()} | query
    data: dict[str, Any] = buyer.http.get("/tickets/capacities", params=wanted).json()["data"]
    return data


def calendar(buyer: Buyer, **query: Any) -> dict[str, Any]:
    first = date.fromisoformat(buyer.day())
    span = {"start_at": str(first), "end_at": str(first + timedelta(days=7))}
    data: dict[str, Any] = buyer.http.get("/tickets/calendar", params=span | query).json()["data"]
    return data


def test_two_taken_of_ten_leave_eight_to_every_ticket_of_the_quota(buyer: Buyer) -> None:
    at = buyer.time(left=10)
    buyer.draft(item(REDUCED, 2, at))
    assert [buyer.left(ticket)[at] for ticket in (ADULT, REDUCED, FREE)] == [8, 8, 8]
    buyer.draft(item(ADULT, 3, at), item(FREE, 1, at))
    assert buyer.left(ADULT, at[:10])[at] == 4


def test_a_ticket_of_two_quotas_has_the_smaller_rest(buyer: Buyer) -> None:
    at = buyer.time(left=10)
    wide = quotas(buyer, ADULT, FAMILY)
    assert set(wide) == {WIDE, NARROW}
    assert (wide[WIDE]["tickets"], wide[NARROW]["tickets"]) == ([ADULT, FAMILY], [FAMILY])
    assert wide[WIDE]["capacities"][at] == 10
    assert buyer.left(FAMILY).get(at, 0) == min(10, wide[NARROW]["capacities"][at])
    buyer.sandbox.set_left(FAMILY, at, 3)
    buyer.draft(item(FAMILY, 1, at))
    after = quotas(buyer, ADULT, FAMILY)
    assert (after[WIDE]["capacities"][at], after[NARROW]["capacities"][at]) == (2, 2)


def test_sold_out_is_left_out_of_one_tickets_answer_and_a_zero_in_the_sets(buyer: Buyer) -> None:
    at = buyer.time(left=0)
    assert at not in buyer.left(ADULT)
    found = quotas(buyer, ADULT)[WIDE]
    assert found["capacities"][at] == 0
    assert found["total_capacities"][at] == 40
    assert set(found["capacities"]) == set(found["total_capacities"])


def test_keys_are_instants_of_the_tickets_grid_in_order(buyer: Buyer) -> None:
    for ticket in (ADULT, NET):
        keys = list(buyer.left(ticket))
        assert keys == sorted(keys)
        shown = buyer.http.get(f"/tickets/{ticket}").json()["ticket"]
        for key in keys:
            at = datetime.fromisoformat(key)
            minute = at.hour * 60 + at.minute
            step = shown["entry_duration"]
            assert (
                minute == shown["first_entry"]
                if step is None
                else (minute - shown["first_entry"]) % step == 0
            )
            assert key == at.isoformat(timespec="seconds")
            assert at.utcoffset() in (timedelta(hours=1), timedelta(hours=2))
    assert len(buyer.left(NET)) == 1, "a day ticket has one key"


def test_a_set_is_counted_on_the_common_grid(buyer: Buyer) -> None:
    found = quotas(buyer, ADULT, 321)  # every 30 minutes, every 60
    for quota in (WIDE, "45"):
        keys = [datetime.fromisoformat(key) for key in found[quota]["capacities"]]
        assert {after - before for before, after in pairwise(keys)} == {timedelta(minutes=30)}


def test_nobody_sells_what_is_not_bookable(buyer: Buyer) -> None:
    assert buyer.left(PRESS) == {}
    assert quotas(buyer, PRESS) == {}
    assert buyer.http.get("/tickets/capacities").status_code == 422


def test_the_set_may_be_posted(buyer: Buyer) -> None:
    body = {"ticket_ids": [ADULT], "date": buyer.day()}
    assert buyer.http.post("/tickets/capacities", json=body).json()["data"] == quotas(buyer, ADULT)
    assert codes(buyer.http.post("/tickets/capacities", json={"ticket_ids": [ADULT], "date": "soon"})) == [
        "invalid_value"
    ]


def test_closed_days_and_the_past_have_no_places(buyer: Buyer) -> None:
    monday = buyer.today() + timedelta(days=7 - buyer.today().weekday())
    assert buyer.left(ADULT, str(monday)) == {}
    assert buyer.left(ADULT, str(buyer.today() - timedelta(days=3))) == {}
    closed = item(ADULT, 1, f"{monday}T12:00:00+01:00")
    assert codes(buyer.create(closed))[0] in ("slot_unavailable", "time_invalid")


def test_the_calendar_says_yes_or_no_for_every_day(buyer: Buyer) -> None:
    days = calendar(buyer, **{"by_ticket_ids[]": ADULT})
    assert len(days) == 8
    for day, free in days.items():
        assert free == bool(buyer.left(ADULT, day)), day
    assert False in days.values(), "the house is closed on Mondays"
    words = calendar(buyer, **{"by_ticket_ids[]": ADULT}, depth="availability_status")
    assert set(words.values()) <= {"available", "fully_booked", "unavailable"}
    assert {day for day, word in words.items() if word == "available"} == {
        day for day, free in days.items() if free
    }


def test_the_deep_calendar_has_its_own_spelling_of_instants(buyer: Buyer) -> None:
    days = calendar(buyer, **{"by_ticket_ids[]": ADULT}, depth="all")
    [row] = days[buyer.day()]
    told = {key: left for part in row["quota"]["capacities"] for key, left in part.items()}
    same = quotas(buyer, ADULT)[WIDE]["capacities"]
    assert {
        datetime.strptime(key, "%Y-%m-%d %H:%M:%S %z").isoformat(): left for key, left in told.items()
    } == same
    assert [] in days.values()


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(0, 32, "range_too_long"), (0, -1, "range_invalid"), (0, 31, None), (-40, -20, None)],
)
def test_calendars_span_a_month(buyer: Buyer, start: int, end: int, code: str | None) -> None:
    span = {"start_at": buyer.today() + timedelta(days=start), "end_at": buyer.today() + timedelta(days=end)}
    answer = buyer.http.get("/tickets/calendar", params={name: str(day) for name, day in span.items()})
    assert codes(answer) == [code] if code else answer.status_code == 200


def test_a_hundred_at_once_for_ten_places_get_ten(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time(left=10)
    body = {"reference": "R", "items": [item(ADULT, 1, at)], "total": CENTS[ADULT]}
    with (
        httpx.Client(base_url=buyer.http.base_url, headers=buyer.http.headers) as http,
        ThreadPoolExecutor(20) as pool,
    ):
        answers = list(pool.map(lambda _: http.post("/orders", json=body).status_code, range(100)))
    assert (answers.count(201), answers.count(422)) == (10, 90)
    assert len(sandbox.ledger()) == 10
    assert at not in buyer.left(ADULT)


def test_places_held_for_a_buyer_are_the_buyers(buyer: Buyer) -> None:
    at = buyer.time(left=4)
    wanted = {"reservation": {"ticket_id": ADULT, "quantity": 3, "start_at": at}}
    held = buyer.http.post("/tickets/reservations", json=wanted)
    assert held.status_code == 201
    token = held.json()["reservation"]["token"]
    assert buyer.left(ADULT)[at] == 1
    assert quotas(buyer, ADULT, **{"reservations[]": token})[WIDE]["capacities"][at] == 4
    assert codes(buyer.create(item(ADULT, 2, at))) == ["sold_out"]
    assert codes(buyer.create(item(REDUCED, 1, at, reservations=[token]))) == ["reservation_mismatch"]
    assert buyer.create(item(ADULT, 4, at, reservations=[token, "unknown"])).status_code == 201
    assert buyer.http.delete(f"/tickets/reservations/{token}").status_code == 404, "used up"


def test_a_hold_ends_by_itself_and_can_be_prolonged_for_an_hour(buyer: Buyer, sandbox: Sandbox) -> None:
    at = buyer.time(left=4)
    wanted = {"ticket_id": ADULT, "quantity": 2, "start_at": at}
    token = buyer.http.post("/tickets/reservations", json={"reservation": wanted}).json()["reservation"][
        "token"
    ]
    more = {"reservation": {"quantity": 4}}
    for minutes in range(4, 60, 4):
        sandbox.switch(clock_shift_s=minutes * 60)
        assert buyer.http.put(f"/tickets/reservations/{token}", json=more).status_code == 200
    assert at not in buyer.left(ADULT, at[:10])
    sandbox.switch(clock_shift_s=3601)
    assert buyer.http.put(f"/tickets/reservations/{token}", json=more).status_code == 404
    assert buyer.left(ADULT, at[:10])[at] == 4
