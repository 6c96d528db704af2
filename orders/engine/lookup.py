"""Finds what the ticket system has under our reference, although it cannot be asked for one."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from orders.models import Order
from shop import gateway
from shop.api import records

CLOCKS = timedelta(minutes=10)  # how far the clocks of the two systems may be apart
DAY = timedelta(days=1)


def live_orders_of(order: Order) -> list[records.Order]:
    """Return every order upstream with our reference that is neither cancelled nor expired, oldest first."""
    found = [gateway.client().orders.get(theirs.token) for theirs in _listed(order)]
    live = [theirs for theirs in found if not theirs.is_cancelled() and not theirs.is_expired()]
    return sorted(live, key=lambda theirs: (theirs.created_at or order.created_at, theirs.id or 0))


def _listed(order: Order) -> Iterator[records.Order]:
    """Yield listed orders with our reference; the list is newest first and left once it is older than ours."""
    start = timezone.localdate(order.created_at - DAY)
    end = timezone.localdate(timezone.now() + DAY)
    for theirs in gateway.client().orders.list(start, end):
        if theirs.created_at and theirs.created_at < order.created_at - CLOCKS:
            return
        if theirs.reference == order.number:
            yield theirs
