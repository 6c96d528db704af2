"""Looks for a second reservation of the same order: a first attempt believed lost that came through late."""

from datetime import timedelta

from django.utils import timezone

from orders.engine import lookup, pace
from orders.lifecycle import FAILED, State, Step
from orders.models import Order
from orders.transitions import update
from shop import gateway
from shop.api.errors import GomusError

NEXT = timedelta(minutes=30)
RETRY = timedelta(minutes=2)
UNDECIDED = (State.PLACED, State.DRAFT_UNKNOWN)  # whatever is found may yet become ours


def is_due(order: Order) -> bool:
    """Is it time to look, and is it known which reservation is ours?"""
    due = order.surplus_due_at is not None and order.surplus_due_at <= timezone.now()
    return due and order.state not in UNDECIDED


def clear(order: Order) -> None:
    """Give surplus drafts back, tell staff of a surplus booking; look once more half an hour later.

    An order that came to nothing needs none at all.
    """
    try:
        with pace.act(order, Step.LOOKUP) as entry:
            live = lookup.live_orders_of(order)
            entry.note(found=len(live), why="a second reservation?")
        for theirs in live:
            if theirs.token != order.upstream_token or order.state in FAILED:
                _drop(order, theirs.token, binding=theirs.is_finalized())
    except GomusError:
        update(order, surplus_due_at=timezone.now() + RETRY)
        return
    again = None if order.surplus_last else timezone.now() + NEXT
    update(order, surplus_due_at=again, surplus_last=True)


def _drop(order: Order, token: str, *, binding: bool) -> None:
    if binding:
        pace.attend(
            order, "the museum has a binding order with this number that is not needed: cancel it there"
        )
        return
    with pace.act(order, Step.CANCEL) as entry:
        entry.note(why="surplus reservation")
        gateway.client().orders.cancel(token)
