"""Cancels at the museum what a customer gave back; then, and only then, returns the money. For workers only."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders import deliveries, journal, renewing, returns, transitions
from orders.lifecycle import Step
from orders.models import Cancellation, Delivery, Order, OrderItem, Payment, Refund
from orders.payments.port import PaymentError
from orders.returns import NotReturnable
from shop import gateway
from shop.api import records
from shop.api.errors import GomusError, OutcomeUnknown, Refused, Unavailable
from shop.jobs import Job
from shop.queue import ring

C = Cancellation.State
GONE = frozenset({"already_cancelled", "item_already_cancelled", "order_cancelled"})
LATEST = timedelta(hours=1)
TOLD_AFTER = 6  # attempts
BUSY = timedelta(seconds=10)  # somebody else works on the order


def cancel(cancellation_id: int) -> None:
    """Bring one cancellation forward. Safe to run twice at once and after a death at any point."""
    row = Cancellation.objects.filter(pk=cancellation_id, state__in=Cancellation.OPEN).first()
    if row is None:
        return
    order = transitions.claim(row.order_id)
    if order is None:
        Cancellation.objects.filter(pk=row.pk).update(due_at=timezone.now() + BUSY)
        return
    refund: Refund | None = None
    try:
        row.refresh_from_db()
        if row.state in Cancellation.OPEN and row.due_at <= timezone.now():
            refund = _work(row, order)
    finally:
        transitions.release(order)
    row.refresh_from_db()
    if row.state == C.DONE:
        ring(Job.FETCH_DOCUMENTS, order.pk)
    if refund is not None:
        _return(refund)


def _work(row: Cancellation, order: Order) -> Refund | None:
    if row.state == C.DOUBT:
        journal.abandon(order, [Step.CANCEL])
        found = _is_cancelled(row, order)
        if found is None:
            return None
        if found:
            return _done(row, order)
    ours = Cancellation.objects.filter(pk=row.pk)
    ours.update(state=C.DOUBT, attempts=F("attempts") + 1)  # whoever dies from here on leaves a doubt
    row.refresh_from_db()
    try:
        with journal.step(order, Step.CANCEL, row.item_ids) as entry:
            entry.note(cancellation=row.serial, whole=row.whole)
            _send(row, order)
    except Refused as refusal:
        return _refused(row, order, refusal)
    except OutcomeUnknown as error:
        _later(row, order, C.DOUBT, error)
    except Unavailable as error:
        _later(row, order, C.WAITING, error)
    else:
        return _done(row, order)
    return None


def _send(row: Cancellation, order: Order) -> None:
    orders = gateway.client().orders
    if row.whole:
        orders.cancel(order.upstream_token)
    else:
        orders.cancel_items(order.upstream_token, records.ItemCancellation(tuple(_theirs(row))))


def _theirs(row: Cancellation) -> list[int]:
    """The museum's ids of the items; none was offered to be given back without one."""
    known = OrderItem.objects.filter(pk__in=row.item_ids, upstream_item_id__isnull=False)
    return [item.upstream_item_id for item in known if item.upstream_item_id is not None]


def _is_cancelled(row: Cancellation, order: Order) -> bool | None:
    """Ask the museum whether everything is cancelled; None when nobody knows, and it is asked again later."""
    try:
        with journal.step(order, Step.LOOKUP) as entry:
            theirs = gateway.client().orders.get(order.upstream_token)
            entry.note(status=theirs.status)
    except GomusError as error:
        Cancellation.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
        row.refresh_from_db()
        _later(row, order, C.DOUBT, error)
        return None
    live = {item.id for item in theirs.items if item.canceled_at is None}
    return theirs.is_cancelled() or not live & set(_theirs(row))


def _refused(row: Cancellation, order: Order, refusal: Refused) -> Refund | None:
    """Somebody else may have cancelled it before us; anything else is the museum's no."""
    if refusal.codes() & GONE:
        found = _is_cancelled(row, order)
        if found is None:
            return None
        if found:
            return _done(row, order)
    Cancellation.objects.filter(pk=row.pk).update(state=C.REFUSED, done_at=timezone.now())
    return None


def _done(row: Cancellation, order: Order) -> Refund | None:
    """Write down that it is cancelled, together with the money that goes back, the papers to renew and the mail."""
    with transaction.atomic():
        mine = Cancellation.objects.filter(pk=row.pk, state__in=Cancellation.OPEN)
        if not mine.update(state=C.DONE, done_at=timezone.now()):
            return None
        OrderItem.objects.filter(pk__in=row.item_ids).update(cancelled_at=timezone.now())
        renewing.renew_papers(order, row.item_ids)
        refund = _promise(row, order)
        deliveries.announce(order, Delivery.Kind.CANCELLED, serial=row.serial)
    return refund


def _promise(row: Cancellation, order: Order) -> Refund | None:
    if not row.refund_cents:
        return None
    payment = order.payments.filter(state=Payment.State.CAPTURED).first()
    if payment is not None:
        with suppress(NotReturnable):  # staff have returned it meanwhile
            return returns.promise(payment, row.refund_cents, Refund.Reason.CANCELLED)
    why = f"cancellation {row.serial}: nothing collected covers the refund, correct invoice or payment"
    transitions.update(order, attention=why)
    return None


def _return(refund: Refund) -> None:
    try:
        returns.settle(refund)
    except PaymentError:
        return  # written in the journal; the sweep tries again, and a refusal has gone to staff


def _later(row: Cancellation, order: Order, state: Cancellation.State, error: Exception) -> None:
    wait = min(timedelta(seconds=5 * 2 ** min(row.attempts, 12)), LATEST)
    Cancellation.objects.filter(pk=row.pk).update(state=state, due_at=timezone.now() + wait)
    if row.attempts == TOLD_AFTER:
        transitions.update(order, attention=f"a cancellation does not get through: {error}"[:300])
