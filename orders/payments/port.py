"""What every way to pay can do. Nothing here knows a provider; nothing of a provider is known outside its adapter.

PaymentError
├── PaymentRefused       definite no: nothing was done
└── PaymentUnavailable   no trustworthy answer: ask again with the same reference, which makes repeats harmless
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from orders.models import Payment

CONNECT_SECONDS, ANSWER_SECONDS = 3, 10  # how long a provider on the network may take


class PaymentError(Exception):
    """A provider did not do what was asked. `str()` is safe to store and show to staff."""


class PaymentRefused(PaymentError):
    """The provider said no; nothing happened."""


class PaymentUnavailable(PaymentError):
    """No trustworthy answer. The same call may be repeated, the payment's reference is its idempotency key."""


class ChargeState(StrEnum):
    """What a provider says about one payment."""

    MISSING = "missing"  # never heard of it: `start` did not get through
    OPEN = "open"
    PENDING = "pending"  # the customer is done, the money is under way
    AUTHORISED = "authorised"
    FAILED = "failed"
    CAPTURED = "captured"
    RELEASED = "released"  # voided or refunded in full


@dataclass(frozen=True, slots=True)
class Charge:
    """A provider's word on one payment, money in integer cents."""

    state: ChargeState
    amount_cents: int
    currency: str


class Provider(Protocol):
    """A way to pay. Every call is idempotent by `payment.reference` and raises only PaymentError."""

    name: str
    title: str  # told to the ticket system
    redirects: bool  # the customer goes to the provider's page; otherwise the shop's word is enough
    in_advance: bool  # the money comes first, and staff say when; it goes back by their hands too

    def start(self, payment: Payment, return_url: str) -> str:
        """Announce the payment and return the address of the page where the customer pays.

        `return_url` is a path of the shop, always the same for one payment.
        """

    def fetch(self, payment: Payment) -> Charge:
        """Return what the provider knows about the payment."""

    def capture(self, payment: Payment) -> Charge:
        """Collect the authorised money."""

    def void(self, payment: Payment) -> Charge:
        """Close the payment for good: nobody can pay it any more, held money is released. Never takes money back."""

    def refund(self, payment: Payment, cents: int, key: str) -> None:
        """Return so much of the collected money, once per `key`."""
