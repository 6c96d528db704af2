"""The only way an order changes its state: a conditional UPDATE, so of two movers exactly one succeeds."""

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from orders.lifecycle import TRANSITIONS, State
from orders.models import Order

log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Someone else moved the order, or our claim ran out: leave it to them."""


def go(order: Order, to: State, **fields: Any) -> None:
    """Move as `move` does; Overtaken instead of False, so that an `atomic()` around it is rolled back."""
    if not move(order, to, **fields):
        raise Overtaken(order.number)


def move(order: Order, to: State, *, frm: State | None = None, **fields: Any) -> bool:
    """Move `order` from `frm` (default: the state it was read in) to `to`, due at once, setting `fields` as well.

    What staff were to look at is settled by moving on, unless `fields` say otherwise.
    False: someone else moved it first, or the claim this object held was lost. ValueError: no such transition.
    """
    source = frm or State(order.state)
    if to not in TRANSITIONS[source]:
        raise ValueError(f"an order cannot go from {source.value} to {to.value}")
    now = timezone.now()
    fields = {"state_since": now, "due_at": now, "attempts": 0, "attention": ""} | fields | {"state": to}
    if not update(order, frm=source, **fields):
        log.info("order %s: %s > %s came too late", order.number, source.value, to.value)
        return False
    log.info("order %s: %s > %s", order.number, source.value, to.value)
    return True


def update(order: Order, *, frm: State | None = None, **fields: Any) -> bool:
    """Set `fields` while the order is still in `frm` (default: the state it was read in) and our claim holds."""
    mine = Order.objects.filter(pk=order.pk, state=frm or order.state)
    if order.held:
        mine = mine.filter(claim=order.held)
    if not mine.update(updated_at=timezone.now(), **fields):
        return False
    for name, value in fields.items():
        setattr(order, name, value)
    return True


def claim(order_id: int, *, due: bool = False) -> Order | None:
    """Take the order for `ORDER_LEASE_SECONDS`; None if another worker has it (or, with `due`, it is not due yet)."""
    now = timezone.now()
    token = secrets.token_hex(16)
    free = Order.objects.filter(pk=order_id).filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    if due:
        free = free.filter(Q(due_at__lte=now) | Q(surplus_due_at__lte=now))
    if not free.update(claim=token, claimed_until=_lease_end(now)):
        return None
    order = Order.objects.get(pk=order_id)
    order.held = token
    return order


def renew(order: Order) -> bool:
    """Prolong our claim; False when it was lost."""
    mine = Order.objects.filter(pk=order.pk, claim=order.held)
    return bool(mine.update(claimed_until=_lease_end(timezone.now())))


def release(order: Order, *, due_at: datetime | None = None) -> bool:
    """Give the order back, to be looked at again at `due_at`; False: it was moved meanwhile, look again now.

    A state somebody else gave it meanwhile (a customer who paid) keeps its own due time.
    """
    mine = Order.objects.filter(pk=order.pk, claim=order.held)
    unmoved = True
    if due_at is not None:
        unmoved = bool(mine.filter(state=order.state).update(due_at=due_at))
    mine.update(claim="", claimed_until=None)
    order.held = ""
    return unmoved


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.ORDER_LEASE_SECONDS)
