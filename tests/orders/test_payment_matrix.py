"""Whatever happens around a payment: the order ends where it should, the buyer is told, and the money is right."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders import desk, hearing, returns
from orders.engine import advance
from orders.lifecycle import State
from orders.models import Delivery, LedgerLine, Order, Payment, PaymentEvent, Refund
from orders.payments.port import PaymentUnavailable
from tests.orders.clock import Clock, drive
from tests.orders.museum import FREE, Museum
from tests.orders.payers import DemoPayer, MolliePayer, Payer, StripePayer, hear, provider_settings
from tests.standins import mollie as mollie_standin
from tests.standins import stripe as stripe_standin
from tests.standins.mollie import Mollie
from tests.standins.stripe import Stripe

pytestmark = pytest.mark.django_db(transaction=True)
TOTAL = 2800
P = Payment.State


@pytest.fixture
def stripe(settings: Settings) -> Iterator[Stripe]:
    running = Stripe()
    settings.STRIPE_API_URL, settings.STRIPE_SECRET_KEY = running.url, stripe_standin.KEY
    settings.STRIPE_WEBHOOK_SECRET = stripe_standin.SECRET
    yield running
    running.stop()


@pytest.fixture
def mollie(settings: Settings) -> Iterator[Mollie]:
    running = Mollie()
    settings.MOLLIE_API_URL, settings.MOLLIE_API_KEY = running.url, mollie_standin.KEY
    yield running
    running.stop()


@pytest.fixture(params=["demo", "stripe", "mollie", "mollie-holds"])
def payer(request: pytest.FixtureRequest, settings: Settings) -> Payer:
    for name, value in provider_settings().items():
        setattr(settings, name, value)
    if request.param == "demo":
        return DemoPayer()
    if request.param == "stripe":
        return StripePayer(request.getfixturevalue("stripe"))
    running = request.getfixturevalue("mollie")
    running.holds = request.param == "mollie-holds"
    return MolliePayer(running)


@pytest.fixture
def order(museum: Museum, payer: Payer) -> Order:
    """An order whose customer stands before the payment page."""
    found = museum.order(payment_method=payer.method)
    advance(found.pk)
    found.refresh_from_db()
    payer.go(found)
    return found


def mails(order: Order) -> list[str]:
    return sorted(order.deliveries.values_list("kind", flat=True))


def books_agree(order: Order, payer: Payer) -> None:
    """Our book and the provider's name the same sum."""
    payments = order.payments.all()
    assert sum(payment.collected_cents - payment.returned_cents for payment in payments) == payer.kept()
    done = Refund.objects.filter(order=order, state=Refund.State.DONE)
    back = LedgerLine.objects.filter(payment__order=order, kind=LedgerLine.Kind.REFUNDED)
    assert sum(refund.cents for refund in done) == sum(line.cents for line in back)


def test_success(museum: Museum, clock: Clock, payer: Payer, order: Order) -> None:
    payer.pay()
    drive(order, clock, until=State.FINALIZED)
    assert payer.kept() == TOTAL
    assert mails(order) == [Delivery.Kind.RECEIVED]
    [theirs] = museum.live(order)
    assert theirs["status"] == "finalized"
    kinds = list(order.payments.get().ledger.values_list("kind", flat=True))
    assert kinds == ["started", "authorised", "captured"]
    books_agree(order, payer)


def test_decline(museum: Museum, clock: Clock, payer: Payer, order: Order) -> None:
    payer.decline()
    drive(order, clock, until=State.EXPIRED)
    assert (payer.kept(), mails(order), museum.live(order)) == (0, [], [])
    books_agree(order, payer)


def test_abandon(museum: Museum, clock: Clock, payer: Payer, order: Order) -> None:
    drive(order, clock, until=State.EXPIRED)
    assert (payer.kept(), mails(order), museum.live(order)) == (0, [], [])
    assert order.payments.get().state in (P.VOIDED, P.FAILED)


def test_late_money_goes_back(
    museum: Museum, clock: Clock, payer: Payer, order: Order, client: Client
) -> None:
    drive(order, clock, until=State.EXPIRED)
    payer.pay_late()
    if payer.calls:
        assert payer.call(client) == 200
        hear()
    else:
        clock.forward(hours=2)
        for payment_id in hearing.due():
            hearing.look_again(payment_id)
    payment = order.payments.get()
    order.refresh_from_db()
    assert (order.state, payer.kept(), payment.trouble) == (State.EXPIRED, 0, Payment.Trouble.LATE)
    collected = payment.state == P.REFUNDED
    assert collected or payment.state == P.VOIDED
    assert mails(order) == ([Delivery.Kind.RETURNED] if collected else [])
    assert museum.live(order) == []
    books_agree(order, payer)


def test_a_call_said_twice_counts_once(
    museum: Museum, clock: Clock, payer: Payer, order: Order, client: Client
) -> None:
    if not payer.calls:
        pytest.skip("the demo's provider never calls")
    payer.pay()
    for _ in range(2):
        assert payer.call(client) == 200
        hear()
    assert PaymentEvent.objects.get().times == 2
    drive(order, clock, until=State.FINALIZED)
    assert payer.call(client) == 200
    hear()
    order.refresh_from_db()
    assert (order.state, payer.kept(), mails(order)) == (State.FINALIZED, TOTAL, [Delivery.Kind.RECEIVED])
    assert order.payments.get().ledger.count() == 3


def test_another_amount_is_given_back(museum: Museum, clock: Clock, payer: Payer, order: Order) -> None:
    payer.pay(1)
    desk.observe(order)
    order.refresh_from_db()
    payment = order.payments.get()
    assert (order.state, payment.trouble) == (State.DRAFTED, Payment.Trouble.AMOUNT)
    assert payer.kept() == 0
    books_agree(order, payer)
    drive(order, clock, until=State.EXPIRED)
    assert museum.live(order) == []


def test_money_that_cannot_be_collected_is_paid_anew(
    museum: Museum, clock: Clock, payer: Payer, order: Order
) -> None:
    if payer.method == "mollie" and not payer.mollie.holds:  # type: ignore[attr-defined]
        pytest.skip("this method collects at once")
    payer.pay()
    desk.observe(order)
    payer.break_capture()
    Order.objects.update(due_at=timezone.now())
    advance(order.pk)
    order.refresh_from_db()
    assert (order.state, payer.kept()) == (State.DRAFTED, 0)
    payer.go(order)
    payer.pay()
    drive(order, clock, until=State.FINALIZED)
    assert payer.kept() == TOTAL
    assert mails(order) == [Delivery.Kind.RECEIVED]
    books_agree(order, payer)


def test_not_booked_means_all_the_money_back(
    museum: Museum, clock: Clock, payer: Payer, order: Order
) -> None:
    payer.pay()
    museum.refuse("/finalize")
    drive(order, clock, until=State.REFUNDED)
    assert payer.kept() == 0
    assert mails(order) == [Delivery.Kind.RECEIVED, Delivery.Kind.REFUNDED]
    assert order.payments.get().state == P.REFUNDED
    assert museum.live(order) == []
    books_agree(order, payer)


def test_a_part_goes_back_once_and_never_too_much(
    museum: Museum, clock: Clock, payer: Payer, order: Order
) -> None:
    payer.pay()
    drive(order, clock, until=State.FINALIZED)
    payment = order.payments.get()
    refund = returns.promise(payment, 1400, Refund.Reason.CANCELLED)
    for _ in range(2):
        returns.settle(Refund.objects.get(pk=refund.pk))
    assert payer.kept() == 1400
    with pytest.raises(returns.NotReturnable):
        returns.promise(payment, 1401, Refund.Reason.CANCELLED)
    payment.refresh_from_db()
    assert payment.state == P.CAPTURED
    returns.settle(returns.promise(payment, 1400, Refund.Reason.CANCELLED))
    payment.refresh_from_db()
    assert (payment.state, payer.kept()) == (P.REFUNDED, 0)
    books_agree(order, payer)


@pytest.mark.parametrize("call", ["start", "capture", "refund"])
def test_a_lost_answer_changes_nothing_twice(
    museum: Museum, clock: Clock, stripe: Stripe, settings: Settings, call: str
) -> None:
    for name, value in provider_settings().items():
        setattr(settings, name, value)
    payer = StripePayer(stripe)
    lost = {"start": "POST /v1/checkout/sessions", "capture": "/capture", "refund": "POST /v1/refunds"}[call]
    found = museum.order(payment_method="stripe")
    advance(found.pk)
    found.refresh_from_db()
    stripe.lose[lost] = 1
    if call == "start":
        with pytest.raises(PaymentUnavailable):
            payer.go(found)
    payer.go(found)
    payer.pay()
    if call == "refund":
        museum.refuse("/finalize")
    drive(found, clock, until=State.REFUNDED if call == "refund" else State.FINALIZED)
    assert len(stripe.sessions) == 1
    assert payer.kept() == (0 if call == "refund" else TOTAL)
    assert len(stripe.refunds) == (1 if call == "refund" else 0)


def test_nothing_to_pay_asks_no_provider(
    museum: Museum, clock: Clock, stripe: Stripe, settings: Settings
) -> None:
    order = museum.order(museum.line(FREE), payment_method="stripe")
    drive(order, clock, until=State.FINALIZED)
    assert stripe.calls == []


# --- bank transfer ----------------------------------------------------------------------------------------


@pytest.fixture
def transferring(museum: Museum) -> Order:
    order = museum.order(payment_method="transfer")
    advance(order.pk)
    order.refresh_from_db()
    assert order.state == State.AWAITING
    return order


def arrive(order: Order, cents: int) -> None:
    desk.receive(order.payments.get(), cents, note="statement 12", by="staff")
    order.refresh_from_db()


def test_a_transfer_is_told_reminded_and_booked_when_it_is_here(
    museum: Museum, clock: Clock, transferring: Order
) -> None:
    assert mails(transferring) == [Delivery.Kind.TRANSFER]
    assert museum.orders_of(transferring) == []
    clock.forward(days=4, minutes=1)
    advance(transferring.pk)
    assert Delivery.Kind.REMINDER in mails(transferring)
    museum_time_is_real(transferring)
    arrive(transferring, TOTAL)
    drive(transferring, clock, until=State.FINALIZED)
    assert mails(transferring) == [Delivery.Kind.RECEIVED, Delivery.Kind.REMINDER, Delivery.Kind.TRANSFER]
    assert transferring.payments.get().state == P.CAPTURED
    assert museum.live(transferring)[0]["status"] == "finalized"


def museum_time_is_real(order: Order) -> None:
    """The museum has its own clock: give the draft to come the same deadline to pay as today."""
    Order.objects.filter(pk=order.pk).update(pay_until=timezone.now() + timedelta(days=1))


def test_a_transfer_that_never_comes_ends_the_order(clock: Clock, transferring: Order) -> None:
    drive(transferring, clock, until=State.EXPIRED)
    assert mails(transferring) == [Delivery.Kind.EXPIRED, Delivery.Kind.REMINDER, Delivery.Kind.TRANSFER]
    assert transferring.payments.get().state == P.FAILED


def test_a_transfer_after_the_end_is_returned_by_hand(clock: Clock, transferring: Order) -> None:
    drive(transferring, clock, until=State.EXPIRED)
    arrive(transferring, TOTAL)
    payment, refund = transferring.payments.get(), transferring.refunds.get()
    assert (payment.state, payment.trouble) == (P.RETURNING, Payment.Trouble.LATE)
    assert (refund.cents, refund.by_hand, refund.state) == (TOTAL, True, Refund.State.DUE)
    assert "by hand" in transferring.attention
    assert returns.returned_by_hand(refund, by="staff")
    assert not returns.returned_by_hand(refund, by="staff")
    payment.refresh_from_db()
    assert payment.state == P.REFUNDED
    assert Delivery.Kind.RETURNED in mails(transferring)


def test_a_part_waits_for_the_rest(museum: Museum, clock: Clock, transferring: Order) -> None:
    arrive(transferring, 1000)
    assert transferring.state == State.AWAITING
    assert "missing" in transferring.attention
    arrive(transferring, 1800)
    drive(transferring, clock, until=State.FINALIZED)
    assert transferring.payments.get().collected_cents == TOTAL


def test_a_part_without_the_rest_goes_back(clock: Clock, transferring: Order) -> None:
    arrive(transferring, 1000)
    drive(transferring, clock, until=State.REFUND_DUE)
    advance(transferring.pk)
    refund = transferring.refunds.get()
    assert (refund.cents, refund.by_hand) == (1000, True)
    returns.returned_by_hand(refund, by="staff")
    drive(transferring, clock, until=State.REFUNDED)
    assert transferring.payments.get().state == P.REFUNDED


def test_too_much_is_booked_and_the_rest_returned(museum: Museum, clock: Clock, transferring: Order) -> None:
    arrive(transferring, TOTAL + 500)
    drive(transferring, clock, until=State.FINALIZED)
    assert transferring.refunds.get().cents == 500
    payment = transferring.payments.get()
    assert (payment.state, payment.trouble) == (P.CAPTURED, Payment.Trouble.AMOUNT)
    assert payment.collected_cents - payment.returned_cents == TOTAL


def test_the_same_transfer_twice_returns_the_second(
    museum: Museum, clock: Clock, transferring: Order
) -> None:
    arrive(transferring, TOTAL)
    drive(transferring, clock, until=State.FINALIZED)
    arrive(transferring, TOTAL)
    payment = transferring.payments.get()
    assert (transferring.state, payment.state, payment.trouble) == (
        State.FINALIZED,
        P.CAPTURED,
        Payment.Trouble.DOUBLE,
    )
    assert transferring.refunds.get().cents == TOTAL


@pytest.mark.parametrize("refused", ["sold out", "not booked"])
def test_paid_in_advance_and_not_booked_is_returned(museum: Museum, clock: Clock, refused: str) -> None:
    line = museum.line()
    order = museum.order(line, payment_method="transfer")
    advance(order.pk)
    order.refresh_from_db()
    if refused == "sold out":
        museum.sell_out(line)
    else:
        museum.refuse("/finalize")
    arrive(order, TOTAL)
    drive(order, clock, until=State.REFUND_DUE)
    advance(order.pk)
    order.refresh_from_db()
    assert (order.state, order.refunds.get().cents) == (State.REFUND_DUE, TOTAL)
    assert "by hand" in order.attention
    returns.returned_by_hand(order.refunds.get(), by="staff")
    drive(order, clock, until=State.REFUNDED)
    assert Delivery.Kind.REFUNDED in mails(order)
    assert museum.live(order) == []
