"""The books are checked: whatever could be wrong with them is found."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from sandbox.booking.order import Order
from sandbox.clock import stamp
from sandbox.ledger import broken_invariants
from sandbox.state import State
from tests.sandbox.buyer import ADULT, Json


@pytest.fixture
def state() -> State:
    return State(":memory:")


def a_slot(state: State) -> datetime:
    """Return a time with room for a few adults."""
    ticket = state.world.tickets[ADULT]
    for ahead in range(1, 15):
        for at in state.stock.times(ticket, state.clock.today() + timedelta(days=ahead)):
            if state.stock.of_ticket(ticket, at) > 5:
                return at
    raise AssertionError("everything is sold out")


def a_concert(state: State) -> Json:
    today = state.clock.today()
    for date in state.world.dates(
        state.world.events[821], today + timedelta(days=1), today + timedelta(days=28)
    ):
        blocked = state.stock.blocked_seats(date)
        free = [seat.id for seat in state.world.plans[1].seats if seat.row == 11 and seat.id not in blocked]
        if free:
            return {"id": date.id, "seats": [{"seat_id": free[0], "scale_price_id": 71}]}
    raise AssertionError("no seat is free")


def bought(state: State) -> Order:
    ticket = {"id": ADULT, "quantity": 2, "time": stamp(a_slot(state))}
    items = [{"type": "Ticket", "attributes": ticket}, {"type": "Event", "attributes": a_concert(state)}]
    order = state.orders.create({"items": items, "total": 2800 + 2400}, "reseller")
    customer = {"name": "Ida", "surname": "Brandt", "email": "ida@example.org"}
    facts = {"customer": customer, "payment": {"payment_id": "1"}, "completed": True}
    return state.orders.finalize(order, {"order": facts})


def test_good_books_are_good(state: State) -> None:
    order = bought(state)
    assert broken_invariants(state) == []
    state.orders.cancel(order, {})
    assert broken_invariants(state) == []


def lose_a_place(state: State, order: Order) -> None:
    number, start, _ = order.items[0].draws[0]
    state.stock.used[number, datetime.fromisoformat(start)] -= 1


def oversell(state: State, order: Order) -> None:
    number, start, count = order.items[0].draws[0]
    order.items[0].draws = [(number, start, count + 100)]
    state.stock.used[number, datetime.fromisoformat(start)] += 100


def oversell_what_is_left(state: State, order: Order) -> None:
    number, start, _ = order.items[0].draws[0]
    state.stock.fixed[number, datetime.fromisoformat(start)] = 1


def repeat_a_code(_state: State, order: Order) -> None:
    order.items[0].barcodes[0] = order.items[0].barcodes[1]


def sell_a_seat_twice(_state: State, order: Order) -> None:
    order.items[1].seats *= 2


def forget_a_seat(state: State, order: Order) -> None:
    state.stock.seat_taken[order.items[1].product].clear()


def spend_twice(state: State, order: Order) -> None:
    [item, _] = order.items
    item.codes, item.facts["value_cents"] = ["A"], 2000
    state.orders.vouchers.sold(order)
    order.credit = {"A": 1500}
    state.orders.vouchers.spend(order)
    state.orders.vouchers.spend(order)


def change_on_refusal(state: State, _order: Order) -> None:
    state.broken.append("POST /orders: sold_out changed something")


@pytest.mark.parametrize(
    "harm",
    [
        lose_a_place,
        oversell,
        oversell_what_is_left,
        repeat_a_code,
        sell_a_seat_twice,
        forget_a_seat,
        spend_twice,
        change_on_refusal,
    ],
)
def test_what_is_wrong_is_found(state: State, harm: Callable[[State, Order], None]) -> None:
    harm(state, bought(state))
    assert len(broken_invariants(state)) >= 1
