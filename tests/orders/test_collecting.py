"""Collecting: what needs no customer goes on alone, what does waits for one and not for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders import services
from orders.engine import advance
from orders.lifecycle import Outcome, State, Step
from orders.models import DemoCharge, Order, Payment
from orders.payments import demo
from orders.payments.demo import DemoProvider
from orders.payments.methods import PROVIDERS
from orders.payments.port import Charge, PaymentRefused, PaymentUnavailable
from tests.orders.clock import Clock, drive
from tests.orders.museum import FREE, Museum

pytestmark = pytest.mark.django_db(transaction=True)


class Flaky(DemoProvider):
    """The demo's provider behind a bad line: so many calls fail, done or not."""

    def __init__(self, *, lost_questions: int = 0, lost_answers: int = 0, refusals: int = 0) -> None:
        self.lost_questions, self.lost_answers, self.refusals = lost_questions, lost_answers, refusals

    def capture(self, payment: Payment) -> Charge:
        if self.refusals:
            self.refusals -= 1
            raise PaymentRefused("the hold has lapsed")
        if self.lost_questions:
            self.lost_questions -= 1
            raise PaymentUnavailable("no line")
        charge = super().capture(payment)
        if self.lost_answers:
            self.lost_answers -= 1
            raise PaymentUnavailable("line cut")
        return charge


@pytest.fixture
def waiting(museum: Museum) -> Order:
    order = museum.order()
    advance(order.pk)
    order.refresh_from_db()
    return order


def pay(order: Order) -> None:
    services.start_payment(order=order, return_url="/")
    demo.decide(DemoCharge.objects.latest("pk"), pay=True)


def charge_states() -> list[str]:
    return list(DemoCharge.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("method", ["invoice", "demo"])
def test_what_needs_no_customer_goes_on_alone(museum: Museum, clock: Clock, method: str) -> None:
    order = (
        museum.order(museum.line(FREE), payment_method=method)
        if method == "demo"
        else museum.order(payment_method=method)
    )
    drive(order, clock, until=State.FINALIZED)
    payment = order.payments.get()
    assert payment.state == Payment.State.PROMISED
    assert payment.provider == ("invoice" if method == "invoice" else "free")
    assert not DemoCharge.objects.exists()


def test_a_customer_who_pays_and_closes_the_tab_is_found(
    museum: Museum, waiting: Order, clock: Clock
) -> None:
    pay(waiting)
    drive(waiting, clock, until=State.FINALIZED)
    assert waiting.payments.get().state == Payment.State.CAPTURED
    assert charge_states() == [DemoCharge.State.CAPTURED]
    rows = waiting.journal.filter(step=Step.PAY).values_list("outcome", flat=True)
    assert list(rows) == [Outcome.OK]


def test_a_decline_leaves_the_places_held(museum: Museum, waiting: Order) -> None:
    services.start_payment(order=waiting, return_url="/")
    demo.decide(DemoCharge.objects.get(), pay=False)
    Order.objects.update(due_at=timezone.now())
    advance(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == State.DRAFTED
    assert waiting.payments.get().state == Payment.State.FAILED
    assert len(museum.live(waiting)) == 1


@pytest.mark.parametrize("went_to_pay", [False, True])
def test_an_unpaid_order_gives_its_places_back(
    museum: Museum, waiting: Order, clock: Clock, went_to_pay: bool
) -> None:
    if went_to_pay:
        services.start_payment(order=waiting, return_url="/")
    drive(waiting, clock, until=State.EXPIRED)
    assert waiting.pay_until is not None
    assert timedelta(0) <= timezone.now() - waiting.pay_until < timedelta(minutes=1)
    assert museum.live(waiting) == []
    assert charge_states() == ([DemoCharge.State.ABANDONED] if went_to_pay else [])
    for charge in DemoCharge.objects.all():
        demo.decide(charge, pay=True)  # the page is still open in some tab
        assert charge.state == DemoCharge.State.ABANDONED


def test_paid_at_the_last_second_is_paid(museum: Museum, waiting: Order, clock: Clock) -> None:
    pay(waiting)
    clock.forward(minutes=16)
    drive(waiting, clock, until=State.FINALIZED)
    assert charge_states() == [DemoCharge.State.CAPTURED]


def test_a_lost_answer_collects_once(
    museum: Museum, waiting: Order, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROVIDERS, "demo", Flaky(lost_questions=1, lost_answers=1))
    pay(waiting)
    drive(waiting, clock, until=State.FINALIZED)
    assert charge_states() == [DemoCharge.State.CAPTURED]
    outcomes = waiting.journal.filter(step=Step.PAY).values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.UNAVAILABLE, Outcome.UNAVAILABLE, Outcome.OK]


def test_money_that_cannot_be_collected_may_be_paid_in_another_way(
    museum: Museum, waiting: Order, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROVIDERS, "demo", Flaky(refusals=1))
    pay(waiting)
    Order.objects.update(due_at=timezone.now())
    advance(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == State.DRAFTED
    assert charge_states() == [DemoCharge.State.VOIDED]
    pay(waiting)
    drive(waiting, clock, until=State.FINALIZED)
    assert charge_states() == [DemoCharge.State.VOIDED, DemoCharge.State.CAPTURED]


def test_a_provider_silent_for_too_long_gives_everything_back(
    museum: Museum, waiting: Order, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROVIDERS, "demo", Flaky(lost_answers=1000))
    pay(waiting)
    drive(waiting, clock, until=State.EXPIRED)
    assert charge_states() == [DemoCharge.State.REFUNDED]
    assert waiting.payments.get().state == Payment.State.REFUNDED
    assert museum.live(waiting) == []
