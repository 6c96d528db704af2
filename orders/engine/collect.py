"""The second phase: the customer's money, at most once."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from orders import deliveries, desk
from orders.engine import pace
from orders.journal import Entry
from orders.lifecycle import Outcome, State, Step
from orders.models import Delivery, Order, Payment
from orders.payments import ledger, transfer
from orders.payments.methods import provider_of
from orders.payments.port import PaymentError, PaymentRefused, PaymentUnavailable
from orders.transitions import Overtaken, go, update

ASK_EVERY = timedelta(seconds=15)  # of a provider, while the customer is on its page
LOOK_EVERY = timedelta(minutes=1)
GRACE = timedelta(minutes=2)  # after `pay_until`, to collect money that was authorised in time


def needs_money_first(order: Order) -> bool:
    """Is this order to be paid before anything is reserved, and not yet paid?"""
    return provider_of(order).in_advance and not money_is_here(order)


def money_is_here(order: Order) -> bool:
    """Has money of this order been collected that is still with us?"""
    return order.payments.filter(state=Payment.State.CAPTURED).exists()


def await_transfer(order: Order) -> datetime | None:
    """AWAITING: tell where to transfer to, remind once, give up at the deadline; staff say when the money is here."""
    payment = order.payments.filter(state=Payment.State.OPEN).first()
    if payment is None:
        until = transfer.pay_until(timezone.now())
        with transaction.atomic():
            desk.book(order, Payment.State.OPEN)
            if not update(order, pay_until=until):
                raise Overtaken(order.number)
            deliveries.announce(order, Delivery.Kind.TRANSFER)
        return order.created_at + timedelta(days=settings.TRANSFER_REMIND_DAYS)
    now = timezone.now()
    if order.pay_until is None or now >= order.pay_until:
        return _transfer_missed(order, payment)
    remind_at = order.created_at + timedelta(days=settings.TRANSFER_REMIND_DAYS)
    if now < remind_at:
        return min(remind_at, order.pay_until)
    deliveries.announce(order, Delivery.Kind.REMINDER)
    return order.pay_until


def _transfer_missed(order: Order, payment: Payment) -> datetime | None:
    """Nothing came: the order ends. A part came: it goes back."""
    with transaction.atomic():
        if payment.collected_cents:
            go(order, State.REFUND_DUE, refusal={"code": "not_paid_in_full"})
            collected = payment.collected_cents
            ledger.turn(payment, Payment.State.CAPTURED, cents=collected, collected_cents=collected)
        else:
            go(order, State.EXPIRED)
            ledger.turn(payment, Payment.State.FAILED, cents=0)
            deliveries.announce(order, Delivery.Kind.EXPIRED)
    return None


def await_payment(order: Order) -> datetime | None:
    """DRAFTED: ask the provider; go on with what needs no customer; give up at the deadline."""
    if (paid := order.payments.filter(state=Payment.State.CAPTURED).first()) is not None:
        with pace.act(order, Step.PAY, {"amount": order.total_cents}) as entry, transaction.atomic():
            _paid(order, paid, entry)
        return None
    with suppress(PaymentError):  # asked again soon; at the deadline everything open is closed first
        desk.observe(order)
    if order.state != State.DRAFTED:
        return None
    if not provider_of(order).redirects:
        return _promise(order)
    now = timezone.now()
    if order.pay_until is None or now >= order.pay_until:
        go(order, State.CANCELLING)
        return None
    paying = order.payments.filter(state=Payment.State.OPEN).exists()
    return min(order.pay_until, now + (ASK_EVERY if paying else LOOK_EVERY))


def capture(order: Order) -> datetime | None:
    """AUTHORISED: collect the held money, by its reference at most once."""
    payment = order.payments.filter(state=Payment.State.AUTHORISED).first()
    if payment is None:  # refused and released before, and then this process died
        go(order, State.DRAFTED)
        return None
    try:
        with pace.act(
            order, Step.PAY, {"payment": payment.reference, "amount": payment.amount_cents}
        ) as entry:
            desk.capture(payment)
            with transaction.atomic():
                if not ledger.turn(payment, Payment.State.CAPTURED):
                    raise Overtaken(payment.reference)
                _paid(order, payment, entry)
    except PaymentRefused:
        return _not_collected(order, payment)
    except PaymentUnavailable as error:
        if order.pay_until and timezone.now() > order.pay_until + GRACE:
            go(order, State.CANCELLING)
            return None
        return pace.again(order, "the payment provider does not answer", error)
    return None


def _promise(order: Order) -> datetime | None:
    """Invoice and free orders: the promise is the payment. A page left open before is closed first."""
    try:
        for left in order.payments.filter(state=Payment.State.OPEN):
            desk.release(order, left)
        with pace.act(order, Step.PAY, {"amount": order.total_cents}) as entry, transaction.atomic():
            _paid(order, desk.book(order, Payment.State.PROMISED), entry)
    except IntegrityError:  # a payment page was opened at the same moment
        raise Overtaken(order.number) from None
    except PaymentError as error:
        return pace.again(order, "the payment provider does not answer", error)
    return None


def _paid(order: Order, payment: Payment, entry: Entry) -> None:
    entry.note(payment=payment.reference, provider=payment.provider, amount_cents=payment.amount_cents)
    entry.close(Outcome.OK)
    go(order, State.PAID)
    deliveries.announce(order, Delivery.Kind.RECEIVED)


def _not_collected(order: Order, payment: Payment) -> datetime | None:
    """The hold was refused: release what is left of it, then let the customer pay in another way."""
    try:
        desk.release(order, payment)
    except PaymentError as error:
        return pace.again(order, "the payment provider does not answer", error)
    go(order, State.DRAFTED)
    return None
