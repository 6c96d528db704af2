"""Our book of money: payments move forwards only, and every move is a line written together with it."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from orders.models import LedgerLine, Payment

P = Payment.State

# state -> the states it may follow; nothing ever leads back
FOLLOWS: dict[Payment.State, tuple[Payment.State, ...]] = {
    P.AUTHORISED: (P.OPEN,),
    P.CAPTURED: (P.OPEN, P.AUTHORISED, P.PROMISED),  # the last at the counter
    P.FAILED: (P.OPEN, P.AUTHORISED),
    P.VOIDED: (P.OPEN, P.AUTHORISED, P.PROMISED, P.FAILED),
    # Also money that came although we had given the payment up.
    P.RETURNING: (P.OPEN, P.AUTHORISED, P.CAPTURED, P.FAILED, P.VOIDED),
    P.REFUNDED: (P.RETURNING, P.CAPTURED),
}
UNPAID = (P.FAILED, P.VOIDED)
LOOK_AGAIN = (timedelta(hours=1), timedelta(days=1), timedelta(days=4))  # after a payment was given up


def start(payment: Payment) -> None:
    """Write the first line of a payment."""
    kind = LedgerLine.Kind.PROMISED if payment.state == P.PROMISED else LedgerLine.Kind.STARTED
    line(payment, kind, payment.amount_cents)


def turn(payment: Payment, to: Payment.State, *, cents: int | None = None, **fields: Any) -> bool:
    """Move the payment on and write the line; False when it is not in a state that `to` may follow.

    Of two who turn it at once one succeeds. `cents` is the money that moved, the agreed amount by default.
    """
    moved = payment.amount_cents if cents is None else cents
    if to in UNPAID:
        fields = {"look_at": timezone.now() + LOOK_AGAIN[0], "pending": False} | fields
    if to in (P.CAPTURED, P.RETURNING) and payment.state != P.CAPTURED:
        fields = {"collected_cents": moved} | fields
    with transaction.atomic():
        before = Payment.objects.filter(pk=payment.pk, state__in=FOLLOWS[to])
        if not before.update(state=to, updated_at=timezone.now(), **fields):
            return False
        line(payment, LedgerLine.Kind(to.value), moved)
    payment.state = to
    for name, value in fields.items():
        setattr(payment, name, value)
    return True


def line(payment: Payment, kind: LedgerLine.Kind, cents: int, *, key: str = "", note: str = "") -> LedgerLine:
    """Write one line. IntegrityError when the same was written already: each kind comes once, or once per `key`."""
    return LedgerLine.objects.create(
        payment=payment, kind=kind, cents=cents, key=key or f"{payment.reference}-{kind.value}", note=note
    )


def looked(payment: Payment) -> None:
    """Plan the next look at a payment that was given up, ever later, then never."""
    age = timezone.now() - payment.created_at
    later = next((wait for wait in LOOK_AGAIN if wait > age), None)
    Payment.objects.filter(pk=payment.pk).update(look_at=payment.created_at + later if later else None)
