"""The journal: written before the act, closed after it, and honest about what nobody knows."""

import pytest
from django.db import transaction

from orders import journal
from orders.lifecycle import Outcome, Step
from orders.models import JournalEntry, Order
from orders.payments.port import PaymentUnavailable
from shop.api.errors import OutcomeUnknown, Unavailable, refusal
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db


def only_row(order: Order) -> JournalEntry:
    return order.journal.get()


def test_a_row_is_open_during_the_act_and_ok_after_it() -> None:
    order = an_order()
    with journal.step(order, Step.CREATE, {"total": 1}) as entry:
        assert only_row(order).outcome == Outcome.OPEN
        entry.note(total_cents=1)
    row = only_row(order)
    assert (row.outcome, row.answer) == (Outcome.OK, {"total_cents": 1})
    assert row.ended_at is not None
    assert row.payload_hash == journal.fingerprint({"total": 1}) != journal.fingerprint({"total": 2})


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (refusal("POST /orders", 422, code="sold_out"), Outcome.REFUSED),
        (Unavailable("POST /orders", "busy"), Outcome.UNAVAILABLE),
        (OutcomeUnknown("POST /orders", "silence"), Outcome.UNKNOWN),
        (PaymentUnavailable("silence"), Outcome.UNAVAILABLE),
    ],
)
def test_an_error_names_the_outcome_and_passes_on(error: Exception, outcome: Outcome) -> None:
    order = an_order()
    with pytest.raises(type(error)), journal.step(order, Step.CREATE):
        raise error
    assert only_row(order).outcome == outcome
    assert only_row(order).answer["error"] == str(error)


def test_a_fault_of_ours_leaves_the_row_open_for_nobody_knows() -> None:
    order = an_order()
    with pytest.raises(ZeroDivisionError), journal.step(order, Step.CREATE):
        raise ZeroDivisionError
    assert only_row(order).outcome == Outcome.OPEN
    assert journal.in_doubt(order, Step.CREATE)


def test_a_lookup_settles_the_doubt_and_a_refusal_leaves_none() -> None:
    order = an_order()
    JournalEntry.objects.create(order=order, step=Step.CREATE, outcome=Outcome.UNKNOWN)
    assert journal.in_doubt(order, Step.CREATE)
    JournalEntry.objects.create(order=order, step=Step.LOOKUP, outcome=Outcome.OK)
    assert not journal.in_doubt(order, Step.CREATE)
    JournalEntry.objects.create(order=order, step=Step.CREATE, outcome=Outcome.REFUSED)
    assert not journal.in_doubt(order, Step.CREATE)


def test_an_answer_whose_consequence_was_not_stored_is_in_doubt_too() -> None:
    order = an_order()
    JournalEntry.objects.create(order=order, step=Step.CREATE, outcome=Outcome.OK)
    assert journal.in_doubt(order, Step.CREATE)


@pytest.mark.django_db(transaction=True)
def test_no_act_inside_a_transaction() -> None:
    order = an_order()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), journal.step(order, Step.CREATE):
        pytest.fail("the network was reached inside a transaction")
