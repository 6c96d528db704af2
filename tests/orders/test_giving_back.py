"""Giving back: places and money, also when the museum answers late, twice or not at all."""

import pytest
from django.utils import timezone

from orders import services
from orders.engine import advance
from orders.lifecycle import State, Step
from orders.models import Delivery, DemoCharge, Order, Payment
from orders.payments import demo
from shop import gateway
from tests.orders.clock import Clock, drive, drive_to_staff
from tests.orders.museum import Museum

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unpaid(museum: Museum) -> Order:
    """A reserved order whose time to pay has just passed."""
    order = museum.order()
    advance(order.pk)
    now = timezone.now()
    Order.objects.update(pay_until=now, due_at=now)
    order.refresh_from_db()
    return order


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "status_500", "status_503_retry"])
def test_a_lost_cancellation_is_found_out(museum: Museum, unpaid: Order, clock: Clock, fault: str) -> None:
    museum.fault("cancel", fault)
    drive(unpaid, clock, until=State.EXPIRED)
    assert museum.live(unpaid) == []


def test_already_cancelled_is_cancelled(museum: Museum, unpaid: Order, clock: Clock) -> None:
    gateway.client().orders.cancel(unpaid.upstream_token)
    drive(unpaid, clock, until=State.EXPIRED)
    assert unpaid.journal.filter(step=Step.CANCEL).get().answer["already"] == "already_cancelled"


def test_a_museum_that_never_answers_is_for_staff(museum: Museum, unpaid: Order, clock: Clock) -> None:
    museum.fault("cancel", "status_503_retry", times=None)
    drive_to_staff(unpaid, clock)
    assert unpaid.state == State.CANCELLING
    assert "cannot be given back" in unpaid.attention


def test_collected_money_goes_back_once_and_is_told_once(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    advance(order.pk)
    order.refresh_from_db()
    services.start_payment(order=order, return_url="/")
    demo.decide(DemoCharge.objects.get(), pay=True)
    museum.refuse("/finalize")
    museum.fault("cancel", "drop_after")
    drive(order, clock, until=State.REFUNDED)
    assert DemoCharge.objects.get().state == DemoCharge.State.REFUNDED
    assert order.payments.get().state == Payment.State.REFUNDED
    assert order.journal.filter(step=Step.REFUND).count() == 1
    assert order.deliveries.filter(kind=Delivery.Kind.REFUNDED).count() == 1
    assert museum.live(order) == []


def test_an_unpaid_binding_order_is_cancelled_too(museum: Museum, clock: Clock) -> None:
    museum.set(order_mode="direct")
    order = museum.order()
    drive(order, clock, until=State.EXPIRED)
    assert museum.live(order) == []
