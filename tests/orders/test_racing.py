"""Two workers and two web processes at one order in the same moment, each over a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders import cancelling, returns, tasks
from orders.engine import advance
from orders.lifecycle import Outcome, State, Step
from orders.models import Cancellation, Delivery, DemoCharge, LedgerLine, Order, Payment, Refund
from shop.options import Product
from tests.orders.clock import Clock, drive
from tests.orders.museum import Museum
from tests.orders.payers import DemoPayer
from tests.orders.test_transitions import together
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


@pytest.fixture
def paid(museum: Museum, clock: Clock) -> Order:
    """An order whose customer has paid at the provider; nobody has told the shop."""
    order = museum.order()
    drive(order, clock, until=State.DRAFTED)
    payer = DemoPayer()
    payer.go(order)
    payer.pay()
    Order.objects.update(due_at=timezone.now())
    return order


def race(*acts: Act) -> None:
    """Do all of it at once."""
    waiting = list(acts)

    def next_one() -> object:
        return waiting.pop()()

    together(len(acts), next_one)


def comes_back(order: Order) -> Act:
    """The customer comes back from paying, and the page looks what became of it."""
    return lambda: Client().get(reverse("orders:state", args=[order.secret]))


def pays_again(order: Order) -> Act:
    """The customer, impatient, goes to pay once more."""
    return lambda: Client().post(reverse("orders:pay", args=[order.secret]))


def calls(sandbox: Sandbox, path_end: str) -> int:
    return sum(count for route, count in sandbox.counts().items() if route.endswith(path_end))


def lines(kind: LedgerLine.Kind) -> int:
    return LedgerLine.objects.filter(kind=kind).count()


def done(order: Order, step: Step) -> int:
    return order.journal.filter(step=step, outcome=Outcome.OK).count()


def test_it_is_collected_and_booked_once(sandbox: Sandbox, museum: Museum, clock: Clock, paid: Order) -> None:
    sandbox.forget_requests()

    def work() -> None:
        advance(paid.pk)

    race(work, work, comes_back(paid), pays_again(paid))
    race(work, work, comes_back(paid), pays_again(paid))
    drive(paid, clock, until=State.FINALIZED)
    (theirs,) = museum.live(paid)
    assert (theirs["status"], theirs["payment_id"]) == ("finalized", paid.payments.get().reference)
    assert calls(sandbox, "/finalize") == 1
    assert (done(paid, Step.PAY), done(paid, Step.FINALIZE)) == (1, 1)
    assert lines(LedgerLine.Kind.CAPTURED) == DemoCharge.objects.count() == 1
    assert paid.deliveries.filter(kind=Delivery.Kind.RECEIVED).count() == 1


def test_it_is_refunded_once(museum: Museum, clock: Clock, paid: Order) -> None:
    museum.client().orders.cancel(paid.upstream_token)  # as if the draft had run out

    def work() -> None:
        advance(paid.pk)

    def sweep() -> None:
        for refund in Refund.objects.values_list("pk", flat=True):
            Refund.objects.filter(pk=refund).update(due_at=timezone.now())
            returns.settle_later(refund)

    race(work, work, sweep, comes_back(paid), pays_again(paid))
    race(work, work, sweep, sweep, comes_back(paid))
    drive(paid, clock, until=State.REFUNDED)
    charge, payment = DemoCharge.objects.get(), Payment.objects.get()
    assert list(charge.refunds.values()) == [charge.amount_cents]
    assert (payment.state, payment.returned_cents) == (Payment.State.REFUNDED, charge.amount_cents)
    assert Refund.objects.count() == lines(LedgerLine.Kind.REFUNDED) == 1
    assert paid.deliveries.filter(kind=Delivery.Kind.REFUNDED).count() == 1
    assert museum.live(paid) == []


def test_it_is_cancelled_once(
    sandbox: Sandbox, museum: Museum, clock: Clock, paid: Order, settings: Settings
) -> None:
    settings.CANCELLATION_RULES = {Product.DATED: (24, 10)}
    drive(paid, clock, until=State.FINALIZED)
    Order.objects.update(state=State.READY)
    paid.refresh_from_db()
    item = paid.items.get().pk
    agreed = cancelling.quote(paid, [item]).refund_cents
    sandbox.forget_requests()

    def confirms() -> None:
        address = reverse("orders:cancel_confirm", args=[paid.secret])
        Client().post(address, {"item": item, "agreed": agreed})

    def work() -> None:
        for cancellation in cancelling.due():
            tasks.cancel_items(cancellation)

    race(confirms, confirms, work, work)
    Cancellation.objects.update(due_at=timezone.now())  # who met somebody at work comes again later
    race(confirms, confirms, work, work)
    Cancellation.objects.update(due_at=timezone.now())
    work()
    assert Cancellation.objects.get().state == Cancellation.State.DONE
    assert calls(sandbox, "/cancellations") == 1
    assert list(DemoCharge.objects.get().refunds.values()) == [agreed]
    assert Refund.objects.count() == lines(LedgerLine.Kind.REFUNDED) == 1
    assert paid.deliveries.filter(kind=Delivery.Kind.CANCELLED).count() == 1
    assert museum.live(paid) == []
