"""The table of states: complete, without dead ends, and careful with money."""

from orders.lifecycle import DRIVEN, FAILED, FINAL, IN_DOUBT, TRANSITIONS, State


def reachable(start: State) -> set[State]:
    seen = {start}
    todo = [start]
    while todo:
        for state in TRANSITIONS[todo.pop()] - seen:
            seen.add(state)
            todo.append(state)
    return seen


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(State)


def test_every_state_is_reached_from_the_first() -> None:
    assert reachable(State.PLACED) == set(State)


def test_every_order_can_end() -> None:
    for state in State:
        assert reachable(state) & FINAL, state


def test_exactly_the_final_states_are_left_by_nothing() -> None:
    assert {State.READY, State.REFUSED, State.PRICE_CHANGED, State.EXPIRED, State.REFUNDED} == FINAL
    assert FINAL - {State.READY} == FAILED
    assert set(State) == DRIVEN | FINAL | {State.FINALIZED}


def test_doubt_never_returns_money_nor_ends_an_order() -> None:
    for state in IN_DOUBT:
        assert not TRANSITIONS[state] & FINAL
    assert State.REFUND_DUE not in TRANSITIONS[State.DRAFT_UNKNOWN]


def test_only_paid_orders_are_booked_and_only_booked_ones_become_ready() -> None:
    assert {state for state in State if State.FINALIZED in TRANSITIONS[state]} == {
        State.PAID,
        State.FINALIZE_UNKNOWN,
    }
    assert {state for state in State if State.READY in TRANSITIONS[state]} == {State.FINALIZED}


def test_a_booked_order_is_never_given_back_by_itself() -> None:
    assert reachable(State.FINALIZED) == {State.FINALIZED, State.READY}


def test_money_is_returned_only_from_states_that_may_have_taken_it() -> None:
    """Before PAID it is money in advance, and the engine looks whether there is any."""
    assert {state for state in State if State.REFUND_DUE in TRANSITIONS[state]} == {
        State.PLACED,
        State.AWAITING,
        State.CANCELLING,
        State.PAID,
        State.FINALIZE_UNKNOWN,
    }
