"""Bank transfer in advance: the customer transfers, staff confirm what arrived, refunds go by their hands too."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import segno.helpers
from django.conf import settings
from django.utils import timezone

from orders.models import Payment
from orders.payments.port import Charge, ChargeState, PaymentRefused

MARGIN = timedelta(days=1)  # between the last day to pay and the visit


@dataclass(frozen=True, slots=True)
class Account:
    """Where to transfer what: everything a bank's form asks for, and the picture a phone reads."""

    holder: str
    iban: str  # in groups of four
    bic: str
    bank: str
    purpose: str
    cents: int
    picture: str  # data: address of an EPC QR code, empty where banks know none


class Transfer:
    """The shop's side of a bank account nobody can ask."""

    name = "transfer"
    title = "Bank transfer"
    redirects = False
    in_advance = True

    def start(self, payment: Payment, return_url: str) -> str:  # noqa: ARG002 - the port's signature
        """There is no page to pay on; always refused."""
        raise PaymentRefused("a bank transfer needs no payment page")

    def fetch(self, payment: Payment) -> Charge:
        """Only staff see the account: what they entered is in our own book."""
        return Charge(ChargeState.OPEN, payment.amount_cents, payment.currency)

    def capture(self, payment: Payment) -> Charge:  # noqa: ARG002 - the port's signature
        """Money comes by itself; always refused."""
        raise PaymentRefused("a bank transfer cannot be collected")

    def void(self, payment: Payment) -> Charge:
        """The account stays open; what still arrives is entered and returned by staff."""
        return Charge(ChargeState.RELEASED, payment.amount_cents, payment.currency)

    def refund(self, payment: Payment, cents: int, key: str) -> None:  # noqa: ARG002 - the port's signature
        """Only staff can transfer money back; always refused."""
        raise PaymentRefused("a bank transfer is returned by hand")


TRANSFER = Transfer()


def pay_until(now: datetime) -> datetime:
    """Return the last moment for the money of an order made now: the end of that day."""
    day = timezone.localtime(now + timedelta(days=settings.TRANSFER_DAYS))
    return day.replace(hour=23, minute=59, second=59, microsecond=0)


def in_time_for(visit_at: datetime | None) -> bool:
    """Is there time to transfer before the first visit? None: no visit has a date."""
    return visit_at is None or pay_until(timezone.now()) + MARGIN <= visit_at


def account(payment: Payment) -> Account:
    """Return where to transfer the rest of this payment to."""
    iban = settings.TRANSFER_IBAN
    cents = max(payment.amount_cents - payment.collected_cents, 0)
    return Account(
        holder=settings.TRANSFER_HOLDER,
        iban=" ".join(iban[at : at + 4] for at in range(0, len(iban), 4)),
        bic=settings.TRANSFER_BIC,
        bank=settings.TRANSFER_BANK,
        purpose=payment.order.number,
        cents=cents,
        picture=_picture(payment.order.number, cents) if payment.currency == "EUR" and cents else "",
    )


def _picture(purpose: str, cents: int) -> str:
    code = segno.helpers.make_epc_qr(
        name=settings.TRANSFER_HOLDER[:70],
        iban=settings.TRANSFER_IBAN,
        amount=Decimal(cents) / 100,
        text=purpose,
        bic=settings.TRANSFER_BIC or None,
    )
    return str(code.svg_data_uri(scale=4, border=4, light="#fff"))
