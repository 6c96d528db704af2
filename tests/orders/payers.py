"""Customers of the payment matrix: one for each way to pay, acting where such a customer acts, and their ledgers."""

from typing import Any, Protocol

from django.test import Client
from django.urls import reverse

from orders import hearing, services
from orders.models import DemoCharge, Order, PaymentEvent
from orders.payments import demo
from tests.standins.mollie import Mollie
from tests.standins.stripe import Stripe


class Payer(Protocol):
    """Acts at the provider; the shop is told nothing unless it is called."""

    method: str
    calls: bool  # does this provider call the shop?

    def go(self, order: Order) -> None:
        """Go to the payment page."""

    def pay(self, cents: int | None = None) -> None:
        """Pay on the page, maybe another amount."""

    def decline(self) -> None:
        """Have the payment declined."""

    def pay_late(self) -> None:
        """Pay in the very moment the page is closed."""

    def break_capture(self) -> None:
        """Let what is held be lost before it is collected."""

    def call(self, client: Client) -> int:
        """Have the provider call the shop; return the status it is answered."""

    def kept(self) -> int:
        """The cents the shop has in the end, by the provider's ledger."""


class DemoPayer:
    method = "demo"
    calls = False

    def go(self, order: Order) -> None:
        services.start_payment(order=order, return_url="/")

    def pay(self, cents: int | None = None) -> None:
        charge = DemoCharge.objects.latest("pk")
        if cents is not None:
            DemoCharge.objects.filter(pk=charge.pk).update(amount_cents=cents)
        demo.decide(charge, pay=True)

    def decline(self) -> None:
        demo.decide(DemoCharge.objects.latest("pk"), pay=False)

    def pay_late(self) -> None:
        DemoCharge.objects.update(state=DemoCharge.State.AUTHORISED)

    def break_capture(self) -> None:
        DemoCharge.objects.update(state=DemoCharge.State.VOIDED)

    def call(self, client: Client) -> int:
        raise AssertionError(f"the demo never calls, {client} waits in vain")

    def kept(self) -> int:
        collected = DemoCharge.objects.filter(state=DemoCharge.State.CAPTURED)
        return sum(charge.amount_cents - sum(charge.refunds.values()) for charge in collected)


class StripePayer:
    method = "stripe"
    calls = True

    def __init__(self, stripe: Stripe) -> None:
        self.stripe = stripe

    @property
    def session(self) -> str:
        return list(self.stripe.sessions)[-1]

    def go(self, order: Order) -> None:
        services.start_payment(order=order, return_url=f"/en/order/{order.secret}/")

    def pay(self, cents: int | None = None) -> None:
        self.stripe.pay(self.session, cents)

    def decline(self) -> None:
        """Stripe keeps a declined customer on its page, to try another card: the shop hears nothing."""

    def pay_late(self) -> None:
        self.stripe.force(self.session, status="succeeded")

    def break_capture(self) -> None:
        self.stripe.refuse_capture = 1

    def call(self, client: Client) -> int:
        return client.post(reverse("payments:stripe"), **self.stripe.call(self.session)).status_code

    def kept(self) -> int:
        return sum(self.stripe.ledger(session)[1] for session in self.stripe.sessions)


class MolliePayer:
    method = "mollie"
    calls = True

    def __init__(self, mollie: Mollie) -> None:
        self.mollie = mollie

    @property
    def payment(self) -> str:
        return list(self.mollie.payments)[-1]

    def go(self, order: Order) -> None:
        services.start_payment(order=order, return_url=f"/en/order/{order.secret}/")

    def pay(self, cents: int | None = None) -> None:
        self.mollie.pay(self.payment, cents)

    def decline(self) -> None:
        self.mollie.end(self.payment, "failed")

    def pay_late(self) -> None:
        self.mollie.force(self.payment)

    def break_capture(self) -> None:
        self.mollie.refuse_capture = 1

    def call(self, client: Client) -> int:
        address = self.mollie.payments[self.payment]["webhookUrl"]
        return client.post(address, **self.mollie.call(self.payment)).status_code

    def kept(self) -> int:
        return sum(self.mollie.ledger(payment)[1] for payment in self.mollie.payments)


def hear() -> None:
    """Do what the worker does for every call that was written down."""
    for event in PaymentEvent.objects.filter(handled_at=None):
        hearing.handle(event.pk)


def provider_settings(**more: Any) -> dict[str, Any]:
    """The settings of a shop that offers everything."""
    return {
        "PAYMENT_METHODS": ["demo", "invoice", "transfer", "stripe", "mollie"],
        "PAYMENT_CALLS": {"stripe": True, "mollie": True},
    } | more
