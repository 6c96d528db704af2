"""Money that goes back: written down first, then returned by the provider or by the hands of staff, once."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders import deliveries, journal, transitions
from orders.lifecycle import Outcome, State, Step
from orders.models import Delivery, LedgerLine, Order, Payment, Refund
from orders.payments import ledger
from orders.payments.methods import PROVIDERS
from orders.payments.port import PaymentError, PaymentRefused
from shop.jobs import Job
from shop.money import format_money
from shop.queue import ring

P, R = Payment.State, Refund.State
FIRST_SWEEP = timedelta(minutes=1)  # whoever writes a refund also makes it; the sweep is for who died before
LATEST = timedelta(hours=1)


class NotReturnable(Exception):
    """There is not so much of this payment left to return."""


def promise(payment: Payment, cents: int, reason: Refund.Reason) -> Refund:
    """Write down that so much of a collected payment goes back. NotReturnable when less is left of it.

    Of two at once that together want more than is there, one succeeds. Make it with `settle` after the commit.
    """
    with transaction.atomic():
        enough = Payment.objects.filter(
            pk=payment.pk,
            state__in=(P.CAPTURED, P.RETURNING),
            collected_cents__gte=F("returned_cents") + cents,
        )
        if cents <= 0 or not enough.update(returned_cents=F("returned_cents") + cents):
            raise NotReturnable(payment.reference)
        # The row of the payment is locked now; serials count within the order, which has few payments.
        serial = Refund.objects.filter(order_id=payment.order_id).count() + 1
        refund = Refund.objects.create(
            order_id=payment.order_id,
            payment=payment,
            serial=serial,
            key=f"{payment.order.number}-R{serial}",
            cents=cents,
            reason=reason,
            by_hand=PROVIDERS[payment.provider].in_advance,
            due_at=timezone.now() + FIRST_SWEEP,
        )
        if refund.by_hand:
            _ask_staff(refund)
        else:
            ring(Job.SETTLE_REFUND, refund.pk, delay=FIRST_SWEEP.total_seconds())
    return refund


def promise_rest(payment: Payment, reason: Refund.Reason) -> None:
    """Write down that everything left of a collected payment goes back; nothing when nothing is left."""
    payment.refresh_from_db()
    rest = payment.collected_cents - payment.returned_cents
    if rest:
        promise(payment, rest, reason)


def settle(refund: Refund) -> None:
    """Have the provider return the money. PaymentError passes; what is refused for good is then for staff."""
    if refund.by_hand or refund.state != R.DUE:
        return
    payment, order = refund.payment, refund.order
    facts = {"payment": payment.reference, "refund": refund.key, "amount_cents": refund.cents}
    try:
        with journal.step(order, Step.REFUND, facts) as entry:
            entry.note(**facts)
            PROVIDERS[payment.provider].refund(payment, refund.cents, refund.key)
            with transaction.atomic():
                _done(refund)
                entry.close(Outcome.OK)
    except PaymentRefused:
        if Refund.objects.filter(pk=refund.pk, state=R.DUE).update(state=R.REFUSED, by_hand=True):
            _ask_staff(refund)
        raise


def left_to_return(order: Order) -> bool:
    """Is there money of this order that should go back and has not?"""
    return order.refunds.exclude(state=R.DONE).exists()


def settle_later(refund_id: int) -> None:
    """The sweep's try at a refund; on failure again, ever later."""
    refund = Refund.objects.select_related("payment", "order").get(pk=refund_id)
    wait = min(timedelta(seconds=30 * 2 ** min(refund.attempts, 12)), LATEST)
    due = Refund.objects.filter(pk=refund_id, state=R.DUE, by_hand=False, due_at__lte=timezone.now())
    if not due.update(attempts=F("attempts") + 1, due_at=timezone.now() + wait):
        return
    try:
        settle(refund)
    except PaymentError:
        return  # written in the journal; the next try is planned, and a refusal has gone to staff


def returned_by_hand(refund: Refund, *, by: str) -> bool:
    """Staff have transferred the money back. False when it was done already."""
    facts = {"refund": refund.key, "amount_cents": refund.cents, "by": by}
    with journal.step(refund.order, Step.REFUND, facts) as entry, transaction.atomic():
        entry.note(**facts, by_hand=True)
        done = _done(refund)
        entry.close(Outcome.OK)
        if done:
            Order.objects.filter(pk=refund.order_id, state=State.REFUND_DUE).update(due_at=timezone.now())
            ring(Job.ADVANCE_ORDER, refund.order_id)
    return done


def due() -> list[int]:
    """Return the ids of refunds a provider should be asked for now."""
    waiting = Refund.objects.filter(state=R.DUE, by_hand=False, due_at__lte=timezone.now())
    return list(waiting.order_by("due_at").values_list("pk", flat=True))


def _done(refund: Refund) -> bool:
    with transaction.atomic():
        open_ = Refund.objects.filter(pk=refund.pk).exclude(state=R.DONE)
        if not open_.update(state=R.DONE, done_at=timezone.now()):
            return False
        payment = Payment.objects.get(pk=refund.payment_id)
        ledger.line(payment, LedgerLine.Kind.REFUNDED, refund.cents, key=refund.key)
        left = payment.refunds.exclude(state=R.DONE).exists()
        if not left and payment.returned_cents == payment.collected_cents:
            Payment.objects.filter(pk=payment.pk).update(state=P.REFUNDED, updated_at=timezone.now())
        if refund.reason != Refund.Reason.UNBOOKED:  # the order itself tells of that
            deliveries.announce(refund.order, Delivery.Kind.RETURNED, serial=refund.serial)
    refund.state = R.DONE
    return True


def _ask_staff(refund: Refund) -> None:
    order = Order.objects.get(pk=refund.order_id)
    sum_ = format_money(refund.cents, refund.payment.currency, "en")
    transitions.update(order, attention=f"return {sum_} by hand ({refund.key}), then mark the refund as done")
