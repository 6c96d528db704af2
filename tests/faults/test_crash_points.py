"""Whatever a process was about to do when it was killed: the next one ends the order exactly once.

For every statement to the database and every request to the museum, a process is killed right before it (and right
after each answer), and the order is then driven on by another process. `make nightly` dies everywhere, `make test` at
every third place.
"""

import itertools
import os
from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders import desk, services
from orders.engine import advance
from orders.lifecycle import Outcome, State, Step
from orders.models import Delivery, DemoCharge, Order, Payment
from orders.payments import demo
from tests.faults.mortal import live_and_die
from tests.orders.clock import Clock, drive
from tests.orders.museum import Museum

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded"),  # the child never returns to them
]

STEP = int(os.environ.get("CRASH_STEP", "3"))


@pytest.fixture(autouse=True)
def _short_lease(settings: Settings, museum: Museum) -> None:
    settings.ORDER_LEASE_SECONDS = 10
    settings.GOMUS_URL = museum.url
    museum.prove_two_phase()


def die_everywhere(
    make: Callable[[], Order], life: Callable[[Order], None], check: Callable[[Order, str], None]
) -> int:
    """Live `life` with a fresh order again and again, dying `STEP` deeds later each time; return the last place."""
    for deaths in itertools.count(step=STEP):
        order = make()
        deed = live_and_die(deaths, lambda order=order: life(order))  # type: ignore[misc]
        check(order, f"killed before deed {deaths}: {deed}")
        if deed is None:
            return deaths
    raise AssertionError


def pay(order: Order) -> None:
    """The customer pays if the order still waits for it, as a customer would."""
    order.refresh_from_db()
    if order.state == State.DRAFTED:
        services.start_payment(order=order, return_url="/")
        demo.decide(DemoCharge.objects.latest("pk"), pay=True)
        desk.observe(order)


def booked_once(museum: Museum, order: Order, when: str) -> None:
    (theirs,) = museum.live(order)
    payment = order.payments.get(state__in=Payment.LIVE)
    assert (theirs["status"], theirs["payment_id"]) == ("finalized", payment.reference), when
    assert order.deliveries.filter(kind=Delivery.Kind.RECEIVED).count() == 1, when
    assert order.documents.count() >= 2, when
    assert sum(item.admissions.count() for item in order.items.all()) == 2, when
    assert not order.journal.filter(outcome=Outcome.OPEN).exists(), when


def test_an_order_by_invoice(museum: Museum, clock: Clock) -> None:
    def check(order: Order, when: str) -> None:
        drive(order, clock, until=State.FINALIZED)
        booked_once(museum, order, when)

    deaths = die_everywhere(
        lambda: museum.order(payment_method="invoice"), lambda order: advance(order.pk), check
    )
    assert deaths > 40


def test_an_order_paid_at_a_provider(museum: Museum, clock: Clock) -> None:
    def life(order: Order) -> None:
        advance(order.pk)
        pay(order)
        advance(order.pk)

    def check(order: Order, when: str) -> None:
        clock.forward(seconds=11)
        drive_paying(order, clock)
        booked_once(museum, order, when)
        charges = list(DemoCharge.objects.filter(reference__startswith=order.number))
        assert [charge.state for charge in charges] == [DemoCharge.State.CAPTURED], when

    def make() -> Order:
        clock.agree()  # so many deaths take longer than a draft lives
        return museum.order()

    assert die_everywhere(make, life, check) > 60


def test_an_unpaid_order(museum: Museum, clock: Clock) -> None:
    def make() -> Order:
        order = museum.order()
        advance(order.pk)
        order.refresh_from_db()
        services.start_payment(order=order, return_url="/")
        Order.objects.filter(pk=order.pk).update(pay_until=timezone.now(), due_at=timezone.now())
        return order

    def check(order: Order, when: str) -> None:
        drive(order, clock, until=State.EXPIRED)
        assert museum.live(order) == [], when
        assert not order.payments.filter(state__in=Payment.LIVE).exists(), when
        charge = DemoCharge.objects.get(reference__startswith=order.number)
        assert charge.state == DemoCharge.State.ABANDONED, when

    assert die_everywhere(make, lambda order: advance(order.pk), check) > 20


def test_an_order_the_museum_does_not_book(museum: Museum, clock: Clock) -> None:
    def make() -> Order:
        order = museum.order()
        advance(order.pk)
        pay(order)
        order.refresh_from_db()
        museum.client().orders.cancel(order.upstream_token)  # as if the draft had run out
        return order

    def check(order: Order, when: str) -> None:
        drive(order, clock, until=State.REFUNDED)
        assert museum.live(order) == [], when
        charge = DemoCharge.objects.get(reference__startswith=order.number)
        assert charge.state == DemoCharge.State.REFUNDED, when
        assert order.payments.get().state == Payment.State.REFUNDED, when
        assert order.deliveries.filter(kind=Delivery.Kind.REFUNDED).count() == 1, when
        assert order.journal.filter(step=Step.REFUND, outcome=Outcome.OK).exists(), when

    assert die_everywhere(make, lambda order: advance(order.pk), check) > 40


def drive_paying(order: Order, clock: Clock) -> None:
    """Advance the order to its booking; whenever it waits for the customer, the customer pays."""
    for _ in range(30):
        drive(order, clock, turns=1)
        if order.state == State.FINALIZED:
            return
        pay(order)
    raise AssertionError(order.state)
