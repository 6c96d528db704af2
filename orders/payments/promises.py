"""Ways to pay that need no provider: an invoice to be paid later, and nothing to pay at all."""

from orders.models import Payment
from orders.payments.port import Charge, ChargeState, PaymentRefused


class Promise:
    """The shop's word is enough: there is no page to go to and no money to hold."""

    redirects = False
    in_advance = False

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title

    def start(self, payment: Payment, return_url: str) -> str:  # noqa: ARG002 - the port's signature
        """There is no page to pay on; always refused."""
        raise PaymentRefused(f"{self.name} needs no payment page")

    def fetch(self, payment: Payment) -> Charge:
        """A promise stands until it is released."""
        return Charge(ChargeState.OPEN, payment.amount_cents, payment.currency)

    def capture(self, payment: Payment) -> Charge:  # noqa: ARG002 - the port's signature
        """There is nothing to collect; always refused."""
        raise PaymentRefused(f"{self.name} has nothing to collect")

    def void(self, payment: Payment) -> Charge:
        """Take the promise back."""
        return Charge(ChargeState.RELEASED, payment.amount_cents, payment.currency)

    def refund(self, payment: Payment, cents: int, key: str) -> None:  # noqa: ARG002 - the port's signature
        """No money came, so none can go back; always refused."""
        raise PaymentRefused(f"{self.name} has nothing to return")


FREE = Promise("free", "Free of charge")
INVOICE = Promise("invoice", "Invoice")
# Taken by staff once the museum has booked, see `desk.take_at_counter`; goes back by their hands.
CASH = Promise("cash", "Cash")
COUNTER_CARD = Promise("counter_card", "Card at the counter")
AT_COUNTER = (CASH.name, COUNTER_CARD.name)
