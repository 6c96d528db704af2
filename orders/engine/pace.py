"""What all phases share: a journaled act under a fresh lease, and when to try again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

from orders import journal, transitions
from orders.lifecycle import Step
from orders.models import Order
from orders.transitions import Overtaken
from shop.api.errors import Unavailable

SOONEST = timedelta(seconds=2)
LATEST = timedelta(minutes=1)
PATIENCE = timedelta(minutes=15)  # after this staff are told; the engine keeps looking, but slowly
SLOWLY = timedelta(minutes=10)


@contextmanager
def act(order: Order, step: Step, payload: object = None) -> Iterator[journal.Entry]:
    """Run the block as one journaled act while the order is surely ours; Overtaken when it no longer is."""
    if not transitions.renew(order):
        raise Overtaken(order.number)
    with journal.step(order, step, payload) as entry:
        yield entry


def waited(order: Order) -> timedelta:
    """Return how long the order has been in its state."""
    return timezone.now() - order.state_since


def again(order: Order, why: str, error: Exception | None = None) -> datetime:
    """Return when to try the same again: soon at first, then ever slower, and with staff told after 15 minutes."""
    past = waited(order)
    if past > PATIENCE:
        attend(order, why)
        return timezone.now() + SLOWLY
    wait = min(LATEST, max(SOONEST, past / 2))
    asked = error.retry_after if isinstance(error, Unavailable) else None
    return timezone.now() + max(wait, timedelta(seconds=min(asked or 0, 120)))


def attend(order: Order, why: str) -> None:
    """Put the order on the worklist of staff."""
    if order.attention != why:
        transitions.update(order, attention=why)
