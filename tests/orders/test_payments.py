"""Money: one payment at most, decided once, given back when it comes too late or too often."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from orders import desk, services
from orders.desk import NotPayable
from orders.lifecycle import State, Step
from orders.models import DemoCharge, Order, Payment
from orders.payments import demo
from orders.payments.demo import DEMO
from orders.payments.methods import alternatives
from orders.payments.port import ChargeState, PaymentRefused
from tests.orders.given import an_order
from tests.orders.test_transitions import together

pytestmark = pytest.mark.django_db
RETURN = "/en/order/secret/"


def waiting(**fields: object) -> Order:
    return an_order(state=State.DRAFTED, **fields)


def pay(order: Order) -> DemoCharge:
    """The customer goes to the payment page and pays there; the shop is not told."""
    services.start_payment(order=order, return_url=RETURN)
    charge = DemoCharge.objects.latest("pk")
    demo.decide(charge, pay=True)
    return charge


def test_the_payment_page_is_the_same_while_one_payment_is_open() -> None:
    order = waiting()
    first = services.start_payment(order=order, return_url=RETURN)
    assert services.start_payment(order=order, return_url=RETURN) == first
    assert order.payments.count() == DemoCharge.objects.count() == 1


def test_paying_authorises_the_order_once_somebody_asks() -> None:
    order = waiting()
    pay(order)
    desk.observe(order)
    desk.observe(Order.objects.get(pk=order.pk))
    order.refresh_from_db()
    assert order.state == State.AUTHORISED
    assert order.payments.get().state == Payment.State.AUTHORISED


def test_a_declined_payment_may_be_tried_again() -> None:
    order = waiting()
    services.start_payment(order=order, return_url=RETURN)
    demo.decide(DemoCharge.objects.get(), pay=False)
    services.start_payment(order=order, return_url=RETURN)
    assert [payment.state for payment in order.payments.all()] == [Payment.State.FAILED, Payment.State.OPEN]
    assert [payment.reference for payment in order.payments.all()] == [
        f"{order.number}-1",
        f"{order.number}-2",
    ]


def test_the_first_decision_counts() -> None:
    order = waiting()
    charge = pay(order)
    demo.decide(charge, pay=False)
    demo.decide(charge, pay=True)
    assert charge.state == DemoCharge.State.AUTHORISED


def test_nothing_is_paid_after_the_deadline_or_in_another_state() -> None:
    late = waiting(pay_until=timezone.now() - timedelta(seconds=1))
    for order in (late, an_order(state=State.PLACED), an_order(state=State.EXPIRED)):
        with pytest.raises(NotPayable):
            services.start_payment(order=order, return_url=RETURN)
    assert not Payment.objects.exists()


def test_an_authorisation_that_comes_too_late_is_released_and_told() -> None:
    order = waiting()
    charge = pay(order)
    Order.objects.update(state=State.EXPIRED)
    order.refresh_from_db()
    desk.observe(order)
    charge.refresh_from_db()
    assert charge.state == DemoCharge.State.VOIDED
    assert order.payments.get().state == Payment.State.VOIDED
    assert order.journal.get().step == Step.RELEASE


def test_a_second_success_is_released() -> None:
    order = waiting()
    old = pay(order)
    Payment.objects.update(state=Payment.State.FAILED)  # we believed it declined
    new = pay(order)
    desk.observe(order)
    old.refresh_from_db()
    new.refresh_from_db()
    assert {old.state, new.state} == {DemoCharge.State.VOIDED, DemoCharge.State.AUTHORISED}
    order.refresh_from_db()
    assert order.state == State.AUTHORISED


def test_another_amount_is_not_ours() -> None:
    order = waiting()
    charge = pay(order)
    DemoCharge.objects.update(amount_cents=1)
    desk.observe(order)
    order.refresh_from_db()
    charge.refresh_from_db()
    assert order.state == State.DRAFTED
    assert charge.state == DemoCharge.State.VOIDED


def test_an_order_has_one_live_payment_in_the_database_too() -> None:
    order = waiting()
    desk.book(order, Payment.State.OPEN)
    with pytest.raises(IntegrityError):
        desk.book(order, Payment.State.PROMISED)


def test_collecting_and_returning_are_idempotent() -> None:
    order = waiting()
    pay(order)
    payment = order.payments.get()
    assert DEMO.capture(payment) == DEMO.capture(payment)
    assert DEMO.void(payment).state == ChargeState.CAPTURED
    DEMO.refund(payment, 1000, "part")
    DEMO.refund(payment, 1000, "part")
    assert DEMO.fetch(payment).state == ChargeState.CAPTURED
    with pytest.raises(PaymentRefused):
        DEMO.refund(payment, payment.amount_cents, "more than is left")
    DEMO.refund(payment, payment.amount_cents - 1000, "rest")
    assert DEMO.fetch(payment).state == ChargeState.RELEASED
    with pytest.raises(PaymentRefused):
        DEMO.capture(payment)


def test_a_payment_closed_before_it_arrived_cannot_open_later() -> None:
    order = waiting()
    payment = desk.open_payment(order)
    desk.release(order, payment)
    DEMO.start(payment, RETURN)
    charge = DemoCharge.objects.get()
    demo.decide(charge, pay=True)
    assert charge.state == DemoCharge.State.ABANDONED


def test_another_method_closes_the_open_page_first() -> None:
    order = waiting(street="Feldstraße 8", zip_code="24105", city="Kiel")
    services.start_payment(order=order, return_url=RETURN)
    assert services.choose_method(order=order, method="invoice")
    charge = DemoCharge.objects.get()
    demo.decide(charge, pay=True)
    assert charge.state == DemoCharge.State.ABANDONED
    assert Order.objects.get().payment_method == "invoice"


def test_another_method_is_refused_once_paid_or_without_an_address() -> None:
    addressed = waiting(street="Feldstraße 8", zip_code="24105", city="Kiel")
    pay(addressed)
    assert not services.choose_method(order=addressed, method="invoice")
    assert Order.objects.get(pk=addressed.pk).state == State.AUTHORISED
    assert alternatives(waiting()) == {}


def test_the_address_of_the_payment_page_cannot_be_guessed() -> None:
    order = waiting()
    services.start_payment(order=order, return_url=RETURN)
    assert demo.charge_behind(f"{order.number}-1") is None
    assert demo.charge_behind(f"{order.number}-1:forged") is None


@pytest.mark.django_db(transaction=True)
def test_two_tabs_open_one_payment() -> None:
    order = waiting()
    urls = together(
        4, lambda: services.start_payment(order=Order.objects.get(pk=order.pk), return_url=RETURN)
    )
    assert len(set(urls)) == Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_book_one_authorisation_and_release_none() -> None:
    order = waiting()
    charge = pay(order)
    together(6, lambda: desk.observe(Order.objects.get(pk=order.pk)))
    charge.refresh_from_db()
    assert charge.state == DemoCharge.State.AUTHORISED
    assert Order.objects.get().state == State.AUTHORISED
    assert not order.journal.exists()
