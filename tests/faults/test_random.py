"""Whatever goes wrong in whatever order: in the end the museum, the payment provider and our books agree to the cent.

`FAULT_SEQUENCES` says how many random lives of an order are lived, `FAULT_SEED` with which one to begin: a failure
names its seed, and that seed alone tells the same story again.
"""

import os
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as shop_settings
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders.lifecycle import FAILED, Outcome, State
from orders.models import Delivery, DemoCharge, Finding, LedgerLine, Order, Payment, Refund
from orders.payments.demo import DEMO
from orders.payments.methods import PROVIDERS
from shop import gateway
from shop.api import Gomus
from shop.options import Feature
from tests.faults.luck import Luck, UnluckyProvider, UnluckyWay
from tests.faults.sequence import Sequence
from tests.orders.clock import Clock
from tests.orders.museum import Museum

pytestmark = pytest.mark.django_db(transaction=True)
SEQUENCES = int(os.environ.get("FAULT_SEQUENCES", "100"))
FIRST = int(os.environ.get("FAULT_SEED", "1"))
P = Payment.State


@pytest.fixture
def way(museum: Museum, monkeypatch: pytest.MonkeyPatch) -> Iterator[UnluckyWay]:
    """The way of the shop to the museum; every life brings its own luck."""
    way = UnluckyWay(Luck(random.Random(0), mishaps=0))
    client = Gomus(museum.url, shop_settings.GOMUS_TOKEN, transport=way, sleep=lambda _: None)
    monkeypatch.setattr(gateway, "client", lambda: client)
    yield way
    client.close()


@pytest.fixture
def _everything_on_sale(settings: Settings) -> None:
    settings.PAYMENT_METHODS = ["demo", "invoice", "transfer"]
    settings.ORDER_LEASE_SECONDS = 30


@pytest.mark.usefixtures("_everything_on_sale")
def test_the_books_agree_after_any_bad_luck(
    museum: Museum, way: UnluckyWay, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    on, off = set[Feature](), set[Feature]()
    settings.FEATURES_ON, settings.FEATURES_OFF = on, off
    line = museum.line()
    long_ago = timezone.now() - timedelta(days=99)
    ends: dict[str, int] = {}
    for seed in range(FIRST, FIRST + SEQUENCES):
        dice = random.Random(seed)
        way.luck = luck = Luck(dice, mishaps=dice.randint(1, 6))
        monkeypatch.setitem(PROVIDERS, "demo", UnluckyProvider(DEMO, luck))
        direct = dice.random() < 0.15
        (on if direct else off).add(Feature.DIRECT_ORDERS)
        (off if direct else on).discard(Feature.DIRECT_ORDERS)
        museum.start_afresh(order_mode="direct" if direct else "two_phase")
        with time_machine.travel(timezone.now()) as traveller:
            try:
                order = Sequence(museum, Clock(traveller), way, luck, line).run()
                agree(museum, order)
            except Exception as fault:
                raise AssertionError(f"seed {seed}:\n" + "\n".join(luck.story)) from fault
        Order.objects.update(created_at=long_ago)  # leaves the next comparison alone
        ends[order.state] = ends.get(order.state, 0) + 1
    if SEQUENCES >= 100:
        assert ends.keys() >= {State.FINALIZED, State.EXPIRED, State.REFUNDED}, ends


def agree(museum: Museum, order: Order) -> None:
    """The museum's ledger, the provider's ledger, our ledger and the state of the order tell one story."""
    assert not Finding.objects.exists()
    live = museum.live(order)  # fails when the museum's own books are wrong
    payments = list(order.payments.all())
    kept = sum(payment.collected_cents - payment.returned_cents for payment in payments)
    assert not order.journal.filter(outcome=Outcome.OPEN).exists()
    provider_agrees(order)
    book_adds_up(order)
    if order.state == State.FINALIZED:
        (theirs,) = live
        (paid,) = (payment for payment in payments if payment.state in (P.CAPTURED, P.PROMISED))
        assert (theirs["status"], theirs["total"]) == ("finalized", order.total_cents)
        assert order.upstream_binding or theirs["payment_id"] == paid.reference
        assert kept == (0 if paid.state == P.PROMISED else order.total_cents)
        assert sum(item.admissions.count() for item in order.items.all()) == 2
        assert order.deliveries.filter(kind=Delivery.Kind.RECEIVED).count() == 1
        assert not order.deliveries.filter(kind=Delivery.Kind.REFUNDED).exists()
    elif order.state in FAILED:
        assert (live, kept) == ([], 0)
        assert not any(payment.state in Payment.LIVE for payment in payments)
        refunded = order.deliveries.filter(kind=Delivery.Kind.REFUNDED).count()
        assert refunded == (order.state == State.REFUNDED)
    else:  # a direct order whose creation was never seen again: not repeated, for staff
        assert (order.state, live, kept) == (State.DRAFT_UNKNOWN, [], 0)


def provider_agrees(order: Order) -> None:
    """Every charge is where our payment says, nothing is still held, and the sums are the same."""
    for charge in DemoCharge.objects.filter(reference__startswith=f"{order.number}-"):
        payment = order.payments.get(reference=charge.reference)
        collected = charge.state in (DemoCharge.State.CAPTURED, DemoCharge.State.REFUNDED)
        has = charge.amount_cents - sum(charge.refunds.values()) if collected else 0
        assert has == payment.collected_cents - payment.returned_cents, charge
        assert charge.state != DemoCharge.State.AUTHORISED, charge


def book_adds_up(order: Order) -> None:
    """Each line of the book of money is there once and adds up to what the payment and the refunds say."""
    for payment in order.payments.all():
        lines = LedgerLine.objects.filter(payment=payment)
        back = sum(line.cents for line in lines if line.kind == LedgerLine.Kind.REFUNDED)
        done = payment.refunds.filter(state=Refund.State.DONE)
        assert back == payment.returned_cents == sum(refund.cents for refund in done), payment
        came = sum(line.cents for line in lines if line.kind == LedgerLine.Kind.RECEIVED)
        assert payment.provider != "transfer" or came == payment.collected_cents, payment
