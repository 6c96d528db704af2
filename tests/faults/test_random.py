"""Whatever goes wrong in whatever order: in the end the museum, the payment provider and our books agree to the cent.

`FAULT_SEQUENCES` says how many random lives of an order are lived, `FAULT_SEED` with which one to begin: a failure
names its seed, and that seed alone tells the same story again.
"""

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as shop_settings
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders.lifecycle import FAILED, Outcome, State
from orders.models import Delivery, DemoCharge, Finding, LedgerLine, Order, Payment, Refund
from orders.payments.methods import PROVIDERS
from orders.snapshot import LineSnapshot
from shop import gateway
from shop.api import Gomus
from shop.options import Feature
from tests.faults.luck import Luck, UnluckyProvider, UnluckyWay
from tests.faults.sequence import Sequence
from tests.faults.unlucky_stripe import UnluckyStripe
from tests.orders.clock import Clock
from tests.orders.museum import Museum
from tests.standins import stripe as stripe_standin

pytestmark = pytest.mark.django_db(transaction=True)
SEQUENCES = int(os.environ.get("FAULT_SEQUENCES", "100"))
FIRST = int(os.environ.get("FAULT_SEED", "1"))
PARTS = 4  # so that they may be lived side by side
TOLD_EVERY = 25  # lives; so that who started many sees that they go on
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
def stripe(settings: Settings, way: UnluckyWay) -> Iterator[UnluckyStripe]:
    """The other provider, which calls the shop."""
    running = UnluckyStripe(way.luck)
    settings.STRIPE_API_URL, settings.STRIPE_SECRET_KEY = running.url, stripe_standin.KEY
    settings.STRIPE_WEBHOOK_SECRET = stripe_standin.SECRET
    settings.PAYMENT_CALLS = {"stripe": True, "mollie": False}
    yield running
    running.stop()


@pytest.fixture
def _everything_on_sale(settings: Settings) -> None:
    settings.PAYMENT_METHODS = ["demo", "stripe", "invoice", "transfer"]
    settings.ORDER_LEASE_SECONDS = 30


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch, way: UnluckyWay) -> dict[str, UnluckyProvider]:
    """The two providers with a page, whose callers may die and who may not be heard."""
    found = {name: UnluckyProvider(PROVIDERS[name], way.luck) for name in ("demo", "stripe")}
    for name, provider in found.items():
        monkeypatch.setitem(PROVIDERS, name, provider)
    return found


@dataclass
class World:
    """Everything an order meets: who may be unlucky draws from the same luck, anew in every life."""

    museum: Museum
    way: UnluckyWay
    stripe: UnluckyStripe
    providers: dict[str, UnluckyProvider]
    features: dict[bool, set[Feature]]

    def live(self, seed: int, line: LineSnapshot) -> Order:
        """Live the life of this seed in a museum that has forgotten everything before; return how it ended."""
        dice = random.Random(seed)
        luck = Luck(dice, mishaps=dice.randint(1, 6))
        self.way.luck = self.stripe.luck = luck
        for provider in self.providers.values():
            provider.luck = luck
        direct = dice.random() < 0.15
        self.features[direct].add(Feature.DIRECT_ORDERS)
        self.features[not direct].discard(Feature.DIRECT_ORDERS)
        self.museum.start_afresh(order_mode="direct" if direct else "two_phase")
        with time_machine.travel(timezone.now()) as traveller:
            try:
                order = Sequence(self.museum, Clock(traveller), self.way, self.stripe, line).run()
                agree(self.museum, self.stripe, order)
            except Exception as fault:
                raise AssertionError(f"seed {seed}:\n" + "\n".join(luck.story)) from fault
        return order


@pytest.fixture
def world(
    museum: Museum,
    way: UnluckyWay,
    stripe: UnluckyStripe,
    providers: dict[str, UnluckyProvider],
    settings: Settings,
) -> World:
    features = {True: set[Feature](), False: set[Feature]()}
    settings.FEATURES_ON, settings.FEATURES_OFF = features[True], features[False]
    return World(museum, way, stripe, providers, features)


@pytest.mark.usefixtures("_everything_on_sale")
@pytest.mark.parametrize("part", range(PARTS))
def test_the_books_agree_after_any_bad_luck(
    world: World, part: int, capsys: pytest.CaptureFixture[str]
) -> None:
    line = world.museum.line()
    long_ago = timezone.now() - timedelta(days=99)
    ends: Counter[str] = Counter()
    seeds = range(FIRST + part, FIRST + SEQUENCES, PARTS)
    for lived, seed in enumerate(seeds, start=1):
        order = world.live(seed, line)
        Order.objects.update(created_at=long_ago)  # leaves the next comparison alone
        ends[order.state] += 1
        if SEQUENCES > 100 and lived % TOLD_EVERY == 0:
            told = ", ".join(f"{count} {state}" for state, count in ends.most_common())
            with capsys.disabled():
                sys.stdout.write(f"part {part + 1} of {PARTS}, {lived} of {len(seeds)} lives: {told}\n")
    if len(seeds) >= 25:
        assert ends.keys() >= {State.FINALIZED, State.EXPIRED}, ends
    if len(seeds) >= 100:
        assert State.REFUNDED in ends, ends


def agree(museum: Museum, stripe: UnluckyStripe, order: Order) -> None:
    """The museum's ledger, the providers' ledgers, our ledger and the state of the order tell one story."""
    assert not Finding.objects.exists()
    live = museum.live(order)  # fails when the museum's own books are wrong
    payments = list(order.payments.all())
    kept = sum(payment.collected_cents - payment.returned_cents for payment in payments)
    assert not order.journal.filter(outcome=Outcome.OPEN).exists()
    demo_agrees(order)
    stripe_agrees(stripe, order)
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
    else:  # a direct order whose creation was never seen again: not repeated, for staff; a transfer stays with us
        in_advance = order.payments.filter(provider="transfer", state=P.CAPTURED).exists()
        assert (order.state, live, bool(order.attention)) == (State.DRAFT_UNKNOWN, [], True)
        assert kept == (order.total_cents if in_advance else 0)


def demo_agrees(order: Order) -> None:
    """Every charge is where our payment says, nothing is still held, and the sums are the same."""
    for charge in DemoCharge.objects.filter(reference__startswith=f"{order.number}-"):
        payment = order.payments.get(reference=charge.reference)
        collected = charge.state in (DemoCharge.State.CAPTURED, DemoCharge.State.REFUNDED)
        has = charge.amount_cents - sum(charge.refunds.values()) if collected else 0
        assert has == payment.collected_cents - payment.returned_cents, charge
        assert charge.state != DemoCharge.State.AUTHORISED, charge


def stripe_agrees(stripe: UnluckyStripe, order: Order) -> None:
    """Every page is closed, nothing is still held, and what Stripe has taken and returned is in our book."""
    for reference, session in stripe.pages_of(order).items():
        payment = order.payments.get(reference=reference)
        state, has = stripe.ledger(session["id"])
        assert has == payment.collected_cents - payment.returned_cents, (session, payment)
        assert state != "requires_capture", session
        assert session["status"] != "open" or not payment.provider_reference, "a page can still be paid"
        back = [one["amount"] for one in stripe.refunds if one["payment_intent"] == session["payment_intent"]]
        assert sum(back) == payment.returned_cents, (back, payment)


def book_adds_up(order: Order) -> None:
    """Each line of the book of money is there once and adds up to what the payment and the refunds say."""
    for payment in order.payments.all():
        lines = LedgerLine.objects.filter(payment=payment)
        back = sum(line.cents for line in lines if line.kind == LedgerLine.Kind.REFUNDED)
        done = payment.refunds.filter(state=Refund.State.DONE)
        assert back == payment.returned_cents == sum(refund.cents for refund in done), payment
        came = sum(line.cents for line in lines if line.kind == LedgerLine.Kind.RECEIVED)
        assert payment.provider != "transfer" or came == payment.collected_cents, payment
