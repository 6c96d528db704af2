"""Combined tickets (one entry for each part, apart from each other) and annual ones (valid from a day)."""

from datetime import datetime, timedelta

import pytest

from tests.sandbox.buyer import ADULT, Buyer, Json, codes, item, refusal
from tests.sandbox.visits import event
from tests.sandbox_process import Sandbox

COMBINED, FIRST, SECOND = 501, 511, 512


def times(buyer: Buyer) -> tuple[str, str]:
    """Return an entry into each of the two parts, ninety minutes apart, all with room for a few."""
    first = list(buyer.left(FIRST))
    for late in buyer.left(SECOND):
        for early in first:
            if datetime.fromisoformat(late) - datetime.fromisoformat(early) >= timedelta(minutes=90):
                for ticket, at in ((COMBINED, main_time(buyer, early)), (FIRST, early), (SECOND, late)):
                    buyer.sandbox.set_left(ticket, at, 5)
                return early, late
    raise AssertionError("no two entries apart")


def combined(buyer: Buyer, early: str, late: str, quantity: int = 2, **more: object) -> Json:
    parts = {str(FIRST): early, str(SECOND): late}
    return item(COMBINED, quantity, main_time(buyer, early), sub_ticket_times=parts, **more)


def main_time(buyer: Buyer, wish: str) -> str:
    """Return an entry time of the ticket itself."""
    shown = buyer.http.get(f"/tickets/{COMBINED}").json()["ticket"]
    if shown["entry_duration"] is None:
        return buyer.time(COMBINED)
    return wish


def cents(buyer: Buyer, quantity: int) -> int:
    return int(buyer.http.get(f"/tickets/{COMBINED}").json()["ticket"]["price_cents"]) * quantity


def test_every_part_draws_at_its_own_time(buyer: Buyer) -> None:
    early, late = times(buyer)
    order = buyer.bought_for(cents(buyer, 2), combined(buyer, early, late))
    told = order["items"][0]["attributes"]
    assert told["sub_ticket_times"] == {str(FIRST): early, str(SECOND): late}
    assert [row["start_time"] for row in told["sub_ticket_sales"]] == [early, late]
    assert len(told["barcodes"]) == 2, "one code for all entries of a person"
    assert (buyer.left(FIRST)[early], buyer.left(SECOND)[late]) == (3, 3)
    buyer.cancel(order["id"])
    assert (buyer.left(FIRST)[early], buyer.left(SECOND)[late]) == (5, 5)


def test_every_part_must_have_room(buyer: Buyer) -> None:
    early, late = times(buyer)
    buyer.sandbox.set_left(SECOND, late, 1)
    [detail] = refusal(buyer.create(combined(buyer, early, late), total=cents(buyer, 2)))["details"]
    assert (detail["code"], detail["path"]) == ("sold_out", f"items[0].attributes.sub_ticket_times.{SECOND}")
    assert detail["meta"]["available"] == 1
    assert buyer.left(FIRST)[early] == 5


def test_parts_may_be_visited_in_any_order_but_not_too_close(buyer: Buyer, sandbox: Sandbox) -> None:
    early, late = times(buyer)
    close = combined(buyer, late, late)
    for ticket in (COMBINED, FIRST):
        buyer.sandbox.set_left(ticket, late, 5)
    [detail] = refusal(buyer.create(close, total=cents(buyer, 2)))["details"]
    assert (detail["code"], detail["meta"]["min_gap_minutes"]) == ("sub_ticket_times_too_close", 90)
    sandbox.switch(subticket_gap_minutes=0)
    assert buyer.create(close, total=cents(buyer, 2)).status_code == 201
    sandbox.switch(subticket_gap_minutes=-1)
    buyer.sandbox.set_left(SECOND, early, 5)
    assert buyer.create(combined(buyer, late, early), total=cents(buyer, 2)).status_code == 201


@pytest.mark.parametrize("given", [None, {}, [], "x", {"511": ""}])
def test_no_part_may_be_left_out(buyer: Buyer, given: object) -> None:
    early, _ = times(buyer)
    wanted = item(COMBINED, 2, main_time(buyer, early), sub_ticket_times=given)
    found = refusal(buyer.create(wanted, total=cents(buyer, 2)))["details"]
    assert [(one["code"], one["path"]) for one in found] == [
        ("sub_ticket_times_missing", f"items[0].attributes.sub_ticket_times.{part}")
        for part in (FIRST, SECOND)
    ]


def test_a_part_has_its_own_grid(buyer: Buyer) -> None:
    early, late = times(buyer)
    odd = f"{late[:14]}{int(late[14:16]) + 7:02}{late[16:]}"
    [detail] = refusal(buyer.create(combined(buyer, early, odd), total=cents(buyer, 2)))["details"]
    assert (detail["code"], detail["meta"]["ticket_id"]) == ("time_invalid", SECOND)


def test_a_part_is_not_sold_alone_nor_held(buyer: Buyer) -> None:
    early, _ = times(buyer)
    assert codes(buyer.create(item(FIRST, 1, early), total=0)) == ["sub_ticket_only"]
    for ticket in (FIRST, COMBINED, annual(buyer)):
        wanted = {"ticket_id": ticket, "quantity": 1, "start_at": early}
        answer = buyer.http.post("/tickets/reservations", json={"reservation": wanted})
        assert codes(answer) == ["not_reservable"]


# --- annual tickets -------------------------------------------------------------------------------------------


def annual(buyer: Buyer) -> int:
    rows = buyer.http.get("/tickets", params={"by_ticket_type": "annual"}).json()["tickets"]
    found: int = rows[0]["id"]
    return found


def price(buyer: Buyer, ticket: int) -> int:
    found: int = buyer.http.get(f"/tickets/{ticket}").json()["ticket"]["price_cents"]
    return found


@pytest.mark.parametrize("form", ["day", "instant"])
def test_an_annual_ticket_begins_on_a_day(buyer: Buyer, form: str) -> None:
    ticket, day = annual(buyer), buyer.day()
    wished = day if form == "day" else f"{day}T15:00:00+01:00"
    order = buyer.draft(item(ticket, 1, wished), total=price(buyer, ticket))
    assert order["items"][0]["attributes"]["start_time"].startswith(f"{day}T00:00:00")
    assert order["items"][0]["attributes"]["ticket_type"] == "annual"


@pytest.mark.parametrize("wished", [None, ""])
def test_an_annual_ticket_may_leave_its_day_open(buyer: Buyer, wished: str | None) -> None:
    ticket = annual(buyer)
    order = buyer.bought_for(price(buyer, ticket), item(ticket, 1, wished))
    told = order["items"][0]["attributes"]
    assert (told["start_time"], len(told["barcodes"])) == (None, 1)


@pytest.mark.parametrize(
    ("wished", "code"),
    [("2020-01-01", "time_in_past"), ("soon", "time_invalid"), ("9999-99-99", "time_invalid")],
)
def test_an_odd_first_day_is_refused(buyer: Buyer, wished: str, code: str) -> None:
    ticket = annual(buyer)
    assert codes(buyer.create(item(ticket, 1, wished), total=price(buyer, ticket))) == [code]


def test_items_of_all_types_are_checked_together(buyer: Buyer) -> None:
    early, late = times(buyer)
    answer = buyer.create(
        combined(buyer, early, late),
        item(ADULT, 0, early),
        event(1, quantity=1),
        {"type": "Balloon"},
        {},
        total=0,
    )
    found = [(one["item_index"], one["code"]) for one in refusal(answer)["details"]]
    assert found == [
        (1, "quantity_invalid"),
        (2, "unknown_product"),
        (3, "invalid_value"),
        (4, "invalid_value"),
    ]
