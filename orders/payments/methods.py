"""The ways to pay this shop offers."""

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from orders.lifecycle import State
from orders.models import Order
from orders.payments.demo import DEMO
from orders.payments.port import Provider
from orders.payments.promises import CASH, COUNTER_CARD, FREE, INVOICE
from orders.payments.transfer import TRANSFER, in_time_for

# Adapters over a provider's own client, which is loaded by the first process that needs it.
ON_THE_NETWORK = {"stripe": "orders.payments.stripe_checkout", "mollie": "orders.payments.mollie_checkout"}


class Providers(dict[str, Provider]):
    """All providers by name, also those an old order was paid with and the shop no longer offers."""

    def __missing__(self, name: str) -> Provider:
        found: Provider = import_module(ON_THE_NETWORK[name]).PROVIDER
        self[name] = found
        return found


PROVIDERS = Providers(
    {
        **{"demo": DEMO, "free": FREE, "invoice": INVOICE, "transfer": TRANSFER},
        **{"cash": CASH, "counter_card": COUNTER_CARD},
    }
)
LABELS: dict[str, Lazy] = {
    "demo": _("Demo payment (nothing is charged)"),
    "free": _("Free of charge"),
    "cash": _("Cash at the counter"),
    "counter_card": _("Card at the counter"),
    "invoice": _("Invoice, paid later"),
    "transfer": _("Bank transfer in advance"),
    "stripe": _("Card or wallet (Stripe)"),
    "mollie": _("Card, PayPal, bank and more (Mollie)"),
}
HINTS: dict[str, Lazy] = {
    "invoice": _("We send the invoice to your address. Your tickets come right away."),
    "cash": _("For staff: take the money when the museum has booked."),
    "counter_card": _("For staff: charge the card when the museum has booked."),
    "transfer": _(
        "You transfer the money first; we book your places when it has arrived. Until then they are not held."
    ),
    "stripe": _("You pay on the page of Stripe and come back here."),
    "mollie": _("You choose and pay on the page of Mollie and come back here."),
}


def provider_of(order: Order) -> Provider:
    """Return the provider an order is to be paid with; an order of nothing is free."""
    return PROVIDERS[order.payment_method] if order.total_cents else FREE


def offered(first_visit_at: datetime | None) -> list[str]:
    """Return the methods for visits of which the first is then: a bank transfer takes its days."""
    return [name for name in settings.PAYMENT_METHODS if name != "transfer" or in_time_for(first_visit_at)]


def first_of(times: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest time there is."""
    return min((at for at in times if at is not None), default=None)


def is_late(order: Order) -> bool:
    """Has the time to pay for the places held at the museum passed?"""
    return order.pay_until is not None and timezone.now() >= order.pay_until


def alternatives(order: Order) -> dict[str, Lazy]:
    """Return the other methods this order may be paid with.

    An invoice needs an address to go to. Places that are about to go back are not paid at all. Who holds places does
    not give them up for a bank transfer, and who has transferred a part goes on so.
    """
    if not order.total_cents or order.state not in (State.DRAFTED, State.AWAITING):
        return {}
    if order.state == State.DRAFTED and is_late(order):
        return {}
    if order.state == State.AWAITING and order.payments.filter(collected_cents__gt=0).exists():
        return {}
    addressed = bool(order.street and order.zip_code and order.city)
    barred = {order.payment_method, "transfer"} | (set() if addressed else {"invoice"})
    return {name: LABELS[name] for name in settings.PAYMENT_METHODS if name not in barred}
