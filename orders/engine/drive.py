"""Takes an order, does what its state asks for until it has to wait, and gives it back."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders import journal, transitions
from orders.engine import book, collect, reserve, surplus, unwind
from orders.lifecycle import State, Step
from orders.models import Order
from orders.transitions import Overtaken
from shop.jobs import Job
from shop.queue import ring

log = logging.getLogger(__name__)

# A handler returns when to look again, or None after it moved the order (or found that someone else did).
Handler = Callable[[Order], datetime | None]
HANDLERS: dict[State, Handler] = {
    State.PLACED: reserve.create_draft,
    State.AWAITING: collect.await_transfer,
    State.DRAFT_UNKNOWN: reserve.find_draft,
    State.DRAFTED: collect.await_payment,
    State.AUTHORISED: collect.capture,
    State.PAID: book.finalize,
    State.FINALIZE_UNKNOWN: book.find_out,
    State.CANCELLING: unwind.give_back,
    State.REFUND_DUE: unwind.refund,
}
# In these states one act of unknown outcome forbids to go on as if nothing had happened.
DOUBTS = {
    State.PLACED: (Step.CREATE, State.DRAFT_UNKNOWN),
    State.PAID: (Step.FINALIZE, State.FINALIZE_UNKNOWN),
}
OURS = (Step.CREATE, Step.LOOKUP, Step.PAY, Step.FINALIZE, Step.CANCEL, Step.REFUND, Step.RELEASE)
AFTER_A_FAULT = timedelta(minutes=1)


def advance(order_id: int) -> None:
    """Do everything the order needs now; nothing if it is not due or another worker has it. Safe to call any time."""
    order = transitions.claim(order_id, due=True)
    if order is None:
        return
    due_at = None
    try:
        due_at = _work(order)
    except Overtaken:
        log.info("order %s: left to whoever moved it", order.number)
    except Exception as fault:
        order.refresh_from_db()
        transitions.update(order, attention=f"stopped by an unexpected {type(fault).__name__}, see the log")
        due_at = timezone.now() + AFTER_A_FAULT
        raise
    finally:
        _give_back(order, due_at)


def _give_back(order: Order, due_at: datetime | None) -> None:
    """Release the order; ring again if it was moved meanwhile or is due before the next sweep."""
    unmoved = transitions.release(order, due_at=due_at)
    if order.state == State.FINALIZED:  # only now can the makers of documents claim it
        ring(Job.FETCH_DOCUMENTS, order.pk)
    wait = (due_at - timezone.now()).total_seconds() if due_at and unmoved else 0.0
    if not unmoved or (due_at and wait < settings.SWEEP_SECONDS):
        ring(Job.ADVANCE_ORDER, order.pk, delay=max(wait, 0.0))


def _work(order: Order) -> datetime | None:
    _recover(order)
    if surplus.is_due(order):
        surplus.clear(order)
    while handler := HANDLERS.get(State(order.state)):
        if order.due_at > timezone.now():
            return order.due_at
        due_at = handler(order)
        if due_at is not None:
            return due_at
        if not transitions.renew(order):
            raise Overtaken(order.number)
        order.refresh_from_db()
    return None


def _recover(order: Order) -> None:
    """If the last holder died in the middle of an act, say so in the journal and put the order in doubt."""
    with transaction.atomic():
        step, unknown = DOUBTS.get(State(order.state), (None, None))
        if step and unknown and journal.in_doubt(order, step):
            transitions.go(order, unknown)
        journal.abandon(order, OURS)
