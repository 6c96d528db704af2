"""The ways back: places go back to the museum, money goes back to the customer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from orders import deliveries, desk, returns
from orders.engine import pace
from orders.lifecycle import State, Step
from orders.models import Delivery, Order, Payment
from orders.payments.port import PaymentError, PaymentRefused
from orders.transitions import go
from shop import gateway
from shop.api.errors import GomusError, NotFound, OutcomeUnknown, Refused, Unavailable

GONE = frozenset({"already_cancelled", "order_cancelled", "order_expired"})
NO_PROVIDER = "money cannot be released or returned: the payment provider does not do it"
BY_HAND = "money must be returned by hand: see the refunds of this order"
DAY = timedelta(days=1)
NO_MUSEUM = "the places cannot be given back: the museum's system does not do it"
ENDS = {"": State.EXPIRED, "wrong_total": State.PRICE_CHANGED}


def give_back(order: Order) -> datetime | None:
    """CANCELLING: close every payment, then the order at the museum."""
    if order.payments.filter(state=Payment.State.CAPTURED).exists():
        go(order, State.REFUND_DUE)
        return None
    due_at = _release_payments(order) or _cancel(order)
    if due_at is None:
        go(order, ENDS.get(order.refusal.get("code", ""), State.REFUSED))
    return due_at


def refund(order: Order) -> datetime | None:
    """REFUND_DUE: return the money, give back what may be left at the museum, tell the customer."""
    due_at = _release_payments(order) or _cancel(order) or _await_staff(order)
    if due_at is None:
        with transaction.atomic():
            go(order, State.REFUNDED)
            deliveries.announce(order, Delivery.Kind.REFUNDED)
    return due_at


def _release_payments(order: Order) -> datetime | None:
    """Close all payments; None when done, else when to try again. Idempotent by the payments' references."""
    try:
        for payment in order.payments.filter(state__in=(*Payment.LIVE, Payment.State.RETURNING)):
            desk.release(order, payment)
    except PaymentRefused:
        return None  # written down for staff, who return it by hand
    except PaymentError as error:
        return pace.again(order, NO_PROVIDER, error)
    return None


def _await_staff(order: Order) -> datetime | None:
    """None when nothing is left to return by hand, else when to look again; staff who say it is done ring earlier."""
    if not returns.left_to_return(order):
        return None
    pace.attend(order, BY_HAND)
    return timezone.now() + DAY


def _cancel(order: Order) -> datetime | None:
    """Cancel at the museum; None when surely cancelled or expired there, else when to try again."""
    if not order.upstream_token:  # nothing was ever reserved
        return None
    try:
        with pace.act(order, Step.CANCEL) as entry:
            try:
                gateway.client().orders.cancel(order.upstream_token)
            except Refused as refusal:
                if not _is_gone(order, refusal):
                    raise
                entry.note(already=refusal.code)
    except Unavailable as error:
        return pace.again(order, NO_MUSEUM, error)
    except (OutcomeUnknown, Refused) as error:
        return _unless_gone(order, error)
    return None


def _is_gone(order: Order, refusal: Refused) -> bool:
    """Nothing is left to cancel; an unknown draft was never binding, an unknown booking is a riddle."""
    return bool(refusal.codes() & GONE) or (isinstance(refusal, NotFound) and not order.upstream_binding)


def _unless_gone(order: Order, error: GomusError) -> datetime | None:
    """The cancellation had no clear success: the order itself says whether it is cancelled."""
    try:
        with pace.act(order, Step.LOOKUP) as entry:
            theirs = gateway.client().orders.get(order.upstream_token)
            entry.note(status=theirs.status)
    except (Unavailable, Refused) as silence:
        return pace.again(order, NO_MUSEUM, silence)
    return None if theirs.is_cancelled() or theirs.is_expired() else pace.again(order, NO_MUSEUM, error)
