"""The engine as a whole: one order, many hands, one story."""

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders import selectors
from orders.engine import advance
from orders.lifecycle import State, Step
from orders.models import Order
from tests.orders.clock import Clock, drive
from tests.orders.museum import Museum
from tests.orders.test_transitions import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_workers_make_one_order(museum: Museum, clock: Clock) -> None:
    order = museum.order(payment_method="invoice")
    together(4, lambda: advance(order.pk))
    drive(order, clock, until=State.FINALIZED)
    steps = list(order.journal.values_list("step", flat=True))
    assert steps == [Step.CREATE, Step.PAY, Step.FINALIZE]
    assert [theirs["status"] for theirs in museum.orders_of(order)] == ["finalized"]


def test_a_lease_too_short_for_the_work_still_makes_one_order(
    museum: Museum, clock: Clock, settings: Settings
) -> None:
    settings.ORDER_LEASE_SECONDS = 0.05
    order = museum.order(payment_method="invoice")
    together(4, lambda: advance(order.pk))
    settings.ORDER_LEASE_SECONDS = 60
    drive(order, clock, until=State.FINALIZED)
    assert len(museum.live(order)) == 1


def test_the_sweep_finds_what_no_bell_announced(museum: Museum) -> None:
    order = museum.order()
    assert selectors.due_orders() == [order.pk]
    advance(order.pk)
    assert selectors.due_orders() == []
    Order.objects.update(due_at=timezone.now())
    assert selectors.due_orders() == [order.pk]


def test_a_fault_of_ours_is_told_and_tried_again_later(museum: Museum, clock: Clock) -> None:
    order = museum.order()
    payload = order.items.get().payload
    order.items.update(payload={})
    with pytest.raises(KeyError):
        advance(order.pk)
    order.refresh_from_db()
    assert "unexpected KeyError" in order.attention
    assert order.due_at > timezone.now()
    assert order.claimed_until is None
    order.items.update(payload=payload)
    drive(order, clock, until=State.DRAFTED)
    assert order.attention == ""
