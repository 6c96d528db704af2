"""Notices before a visit that the museum has cancelled it: asks about a few orders a minute, the nearest visit first.

What is cancelled there no longer admits anybody, so it is cancelled here too, the customer is told at once, and staff
see to the money. Nothing here writes to the museum or moves money. For workers only.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from orders import calling_off, findings, transitions
from orders.finding_models import Finding
from orders.lifecycle import State
from orders.models import Cancellation, Order, OrderItem
from shop import gateway
from shop.api import records
from shop.api.errors import GomusError, NotFound, Refused
from shop.jobs import Job
from shop.queue import ring

log = logging.getLogger(__name__)

SOON = timedelta(days=2)
OFTEN, SELDOM = (
    timedelta(minutes=30),
    timedelta(hours=6),
)  # between two looks at an order, by how near its visit is


def watch() -> int:
    """Ask about the orders whose turn it is; return how many were asked about. Ends early when the museum is away."""
    asked = 0
    for order_id in due():
        try:
            asked += look(order_id)
        except GomusError as error:
            log.warning("the watch over visits pauses: %s", error)
            break
    return asked


def due() -> list[int]:
    """Return the ids of orders to ask about now: visits soon before visits later, the longest unasked first."""
    if not gateway.upstream_state().ok:
        return []
    now = timezone.now()
    soon = _unasked(_visits(now, now + SOON), OFTEN)
    found = list(soon.values_list("pk", flat=True)[: settings.WATCH_PER_MINUTE])
    if left := settings.WATCH_PER_MINUTE - len(found):
        later = _unasked(_visits(now + SOON, None), SELDOM).exclude(pk__in=found)
        found += later.values_list("pk", flat=True)[:left]
    return found


def look(order_id: int) -> bool:
    """Ask the museum about one order and act on what it has cancelled; False if somebody else works on it.

    Raises GomusError when the museum gives no answer.
    """
    order = transitions.claim(order_id)
    if order is None:
        return False
    try:
        if (
            order.state == State.READY
            and not order.cancellations.filter(state__in=Cancellation.OPEN).exists()
        ):
            _compare(order)
    finally:
        transitions.release(order)
    return True


def _compare(order: Order) -> None:
    try:
        theirs = gateway.client().orders.get(order.upstream_token)
    except NotFound:
        findings.report(Finding.Kind.MISSING, order, order.number)
        theirs = None
    except Refused as error:
        log.warning("order %s cannot be compared: %s", order.number, error)
        theirs = None
    Order.objects.filter(pk=order.pk).update(watched_at=timezone.now())
    if theirs is not None:
        _judge(order, theirs)


def _judge(order: Order, theirs: records.Order) -> None:
    gone = calling_off.cancelled_there(order, theirs)
    if not gone:
        return
    facts = {"status": theirs.status, "total_cents": theirs.total_cents, "order_id": theirs.id}
    with transaction.atomic():
        row = calling_off.write_down(order, gone)
        kind = Finding.Kind.CANCELLED if theirs.is_cancelled() else Finding.Kind.PARTLY
        what = (
            short(theirs.token) if kind == Finding.Kind.CANCELLED else f"{short(theirs.token)}-{row.serial}"
        )
        due_cents = {"owed_cents": row.refund_cents, "items": len(gone)}
        findings.report(kind, order, order.number, what=what, **facts, **due_cents)
    ring(Job.FETCH_DOCUMENTS, order.pk)
    log.info("order %s: the museum has cancelled %s items", order.number, len(gone))


def short(token: str) -> str:
    """Tells orders apart without telling their keys."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def _visits(begin: object, end: object) -> QuerySet[OrderItem]:
    """Items of a time in this span that still admit; a combined ticket counts by its first entry."""
    items = OrderItem.objects.filter(order=OuterRef("pk"), cancelled_at=None, slot_at__gte=begin)
    return items.filter(slot_at__lt=end) if end else items


def _unasked(items: QuerySet[OrderItem], pause: timedelta) -> QuerySet[Order]:
    rested = Q(watched_at=None) | Q(watched_at__lte=timezone.now() - pause)
    ready = Order.objects.filter(rested, Exists(items), state=State.READY).exclude(upstream_token="")
    return ready.order_by(F("watched_at").asc(nulls_first=True), "pk")
