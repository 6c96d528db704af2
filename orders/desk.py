"""Our book of payments: opens them, asks the provider, and lets an order have one live payment at most."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from orders import journal, returns, transitions
from orders.lifecycle import Outcome, State, Step
from orders.models import LedgerLine, Order, Payment, Refund
from orders.payments import ledger
from orders.payments.methods import PROVIDERS, provider_of
from orders.payments.port import Charge, ChargeState, PaymentRefused
from orders.payments.promises import AT_COUNTER
from orders.transitions import Overtaken
from shop.jobs import Job
from shop.money import format_money
from shop.queue import ring

P = Payment.State
WATCHED = (P.OPEN, P.FAILED, P.VOIDED)  # money may come of these that we do not know of
KEPT = (P.AUTHORISED, P.CAPTURED, P.PROMISED)


class NotPayable(Exception):
    """The order is not waiting for a payment (any more)."""


class WrongAmount(Exception):
    """What is said to have arrived cannot be."""


def open_payment(order: Order) -> Payment:
    """Return the order's open payment, a new one if there is none. NotPayable when it is not waiting for one."""
    try:
        with transaction.atomic():
            # Touching the row first makes two tabs wait for each other here.
            in_time = order.pay_until is not None and timezone.now() < order.pay_until
            payable = in_time and provider_of(order).redirects
            if not payable or not transitions.update(order, frm=State.DRAFTED, due_at=timezone.now()):
                raise NotPayable(order.number)
            live = order.payments.filter(state__in=Payment.LIVE).first()
            return live or book(order, P.OPEN)
    except IntegrityError as error:
        raise NotPayable(order.number) from error


def book(order: Order, state: Payment.State) -> Payment:
    """Write a payment of the whole order. IntegrityError if the order has a live one already."""
    with transaction.atomic():
        payment = Payment.objects.create(
            order=order,
            provider=provider_of(order).name,
            reference=f"{order.number}-{order.payments.count() + 1}",
            amount_cents=order.total_cents,
            currency=order.currency,
            state=state,
        )
        ledger.start(payment)
    return payment


def observe(order: Order) -> None:
    """Ask the provider about every payment the customer may have made and book what it says. PaymentError passes."""
    for payment in order.payments.filter(state__in=WATCHED):
        charge = PROVIDERS[payment.provider].fetch(payment)
        if charge.state in (ChargeState.AUTHORISED, ChargeState.CAPTURED):
            _accept(order, payment, charge)
        elif charge.state in (ChargeState.FAILED, ChargeState.RELEASED):
            if payment.state == P.OPEN:
                ledger.turn(payment, P.FAILED, cents=0)
        elif payment.state == P.OPEN:
            pending = charge.state == ChargeState.PENDING
            Payment.objects.filter(pk=payment.pk, state=P.OPEN).update(pending=pending)


def release(order: Order, payment: Payment, *, trouble: str = "") -> None:
    """Close a payment for good: held money is released, collected money returned. PaymentError passes.

    What only staff can return is written down for them. `trouble` says why money that came is not wanted.
    """
    reason = Refund.Reason.NOT_NEEDED
    if payment.state not in (P.CAPTURED, P.RETURNING):
        if not _close(order, payment, trouble):
            return
    elif payment.state == P.CAPTURED:
        reason = Refund.Reason.UNBOOKED if order.state == State.REFUND_DUE else reason
        with transaction.atomic():
            if ledger.turn(payment, P.RETURNING, cents=payment.collected_cents):
                returns.promise_rest(payment, reason)
    for refund in payment.refunds.exclude(state=Refund.State.DONE).select_related("order", "payment"):
        returns.settle(refund)
    payment.refresh_from_db()


def capture(payment: Payment) -> Charge:
    """Collect the payment, by its reference at most once. PaymentRefused also when the amount is not ours."""
    charge = PROVIDERS[payment.provider].capture(payment)
    if not _is_ours(payment, charge):
        raise PaymentRefused("the provider collected another amount")
    return charge


def receive(payment: Payment, cents: int, *, note: str, by: str) -> None:
    """Staff say that so much has arrived by bank transfer. WrongAmount for what cannot be.

    The whole amount lets the order go on, a part waits for the rest, too much is returned but for what is due, and
    what comes to an order that has ended goes back: each by hand, on the worklist.
    """
    if not PROVIDERS[payment.provider].in_advance or cents <= 0:
        raise WrongAmount("a transfer brings more than nothing")
    order = payment.order
    facts = {"payment": payment.reference, "amount_cents": cents, "by": by}
    with journal.step(order, Step.RECEIVE, facts) as entry, transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
        entry.note(**facts, note=note)
        key = f"{payment.reference}-in-{payment.ledger.filter(kind=LedgerLine.Kind.RECEIVED).count() + 1}"
        ledger.line(payment, LedgerLine.Kind.RECEIVED, cents, key=key, note=note[:200])
        Payment.objects.filter(pk=payment.pk).update(collected_cents=payment.collected_cents + cents)
        payment.refresh_from_db()
        order.refresh_from_db()
        if payment.state == P.OPEN and order.state == State.AWAITING:
            _came_in_time(order, payment)
        else:
            _came_for_nothing(order, payment, cents)
        entry.close(Outcome.OK)


def take_at_counter(payment: Payment, *, by: str) -> bool:
    """Staff have taken the money for a booked order. False when it is here already, or is no such payment."""
    if payment.provider not in AT_COUNTER:
        return False
    facts = {"payment": payment.reference, "amount_cents": payment.amount_cents, "by": by}
    with journal.step(payment.order, Step.RECEIVE, facts) as entry, transaction.atomic():
        entry.note(**facts)
        promised = Payment.objects.select_for_update().filter(pk=payment.pk, state=P.PROMISED).first()
        taken = promised is not None and ledger.turn(promised, P.CAPTURED)
        entry.close(Outcome.OK if taken else Outcome.REFUSED)
    return taken


def _came_in_time(order: Order, payment: Payment) -> None:
    missing = payment.amount_cents - payment.collected_cents
    if missing > 0:
        sum_ = format_money(missing, payment.currency, "en")
        Payment.objects.filter(pk=payment.pk).update(trouble=Payment.Trouble.AMOUNT)
        transitions.update(
            order, attention=f"a part of the transfer arrived, {sum_} are missing: ask for the rest"
        )
        return
    collected = payment.collected_cents
    trouble = Payment.Trouble.AMOUNT if missing < 0 else ""
    ledger.turn(payment, P.CAPTURED, collected_cents=collected, trouble=trouble)
    transitions.go(order, State.PLACED, frm=State.AWAITING)
    if missing < 0:
        returns.promise(payment, -missing, Refund.Reason.NOT_NEEDED)
    ring(Job.ADVANCE_ORDER, order.pk)


def _came_for_nothing(order: Order, payment: Payment, cents: int) -> None:
    """The order is paid already, or has ended: what came goes back."""
    paid = payment.state == P.CAPTURED or order.payments.filter(state__in=KEPT).exists()
    trouble = Payment.Trouble.DOUBLE if paid else Payment.Trouble.LATE
    Payment.objects.filter(pk=payment.pk).update(trouble=trouble)
    if payment.state == P.REFUNDED:  # the earlier money has gone back already, this is more
        Payment.objects.filter(pk=payment.pk).update(state=P.RETURNING)
    elif payment.state not in (P.CAPTURED, P.RETURNING):
        ledger.turn(payment, P.RETURNING, cents=cents, collected_cents=payment.collected_cents)
    returns.promise(payment, cents, Refund.Reason.NOT_NEEDED)


def _accept(order: Order, payment: Payment, charge: Charge) -> None:
    """Book a paid payment if the order waits for it; one too late, too many or of another amount is given back."""
    if payment.state == P.OPEN and _is_ours(payment, charge):
        try:
            _authorise(order, payment)
        except Overtaken:
            order.refresh_from_db()
        if order.state in (State.DRAFTED, State.AUTHORISED):
            return  # booked now, or by somebody quicker who will see to it
        payment.refresh_from_db()
        if payment.state != P.OPEN:
            return
    release(order, payment, trouble=_trouble(order, payment, charge))


def _trouble(order: Order, payment: Payment, charge: Charge) -> str:
    if not _is_ours(payment, charge):
        return Payment.Trouble.AMOUNT.value
    others = order.payments.filter(state__in=(*KEPT, P.OPEN)).exclude(pk=payment.pk)
    waiting = order.state in (State.DRAFTED, State.AUTHORISED)
    return (Payment.Trouble.DOUBLE if others.exists() or waiting else Payment.Trouble.LATE).value


def _authorise(order: Order, payment: Payment) -> None:
    with transaction.atomic():
        if not ledger.turn(payment, P.AUTHORISED, pending=False):
            raise Overtaken(payment.reference)
        transitions.go(order, State.AUTHORISED, frm=State.DRAFTED)
        ring(Job.ADVANCE_ORDER, order.pk)


def _close(order: Order, payment: Payment, trouble: str) -> bool:
    """Close a payment nobody has collected to our knowledge; True when it turns out collected and is to go back."""
    with journal.step(order, Step.RELEASE, _facts(payment)) as entry:
        entry.note(payment=payment.reference)
        charge = PROVIDERS[payment.provider].void(payment)
        state = {ChargeState.CAPTURED: P.RETURNING, ChargeState.RELEASED: P.VOIDED}.get(
            charge.state, P.FAILED
        )
        entry.note(payment_state=state.value, **({"trouble": trouble} if trouble else {}))
        came = charge.amount_cents if state == P.RETURNING else 0
        with transaction.atomic():
            turned = ledger.turn(payment, state, cents=came)
            if turned and state == P.RETURNING:
                returns.promise_rest(payment, Refund.Reason.NOT_NEEDED)
            if trouble and (turned or payment.trouble != trouble):
                Payment.objects.filter(pk=payment.pk).update(trouble=trouble, settled=False)
                payment.trouble = trouble
                _tell_staff(order, payment, state)
            entry.close(Outcome.OK)
    return state == P.RETURNING


def _tell_staff(order: Order, payment: Payment, state: Payment.State) -> None:
    what = "is returned" if state == P.RETURNING else "was released, nothing was collected"
    words = {"late": "came after the order had ended", "double": "came twice", "amount": "has another amount"}
    transitions.update(order, attention=f"payment {payment.reference} {words[payment.trouble]}: it {what}")


def _is_ours(payment: Payment, charge: Charge) -> bool:
    return (charge.amount_cents, charge.currency) == (payment.amount_cents, payment.currency)


def _facts(payment: Payment) -> dict[str, object]:
    return {"payment": payment.reference, "amount_cents": payment.amount_cents, "currency": payment.currency}
