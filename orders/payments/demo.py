"""The demo's payment provider: an honest stand-in with a ledger of its own and a page where one pays or declines.

It behaves like a provider on another machine: idempotent by reference, asked with `fetch`, and never told by the
shop what the customer did.
"""

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from orders.models import DemoCharge, Payment
from orders.payments.port import Charge, ChargeState, PaymentRefused

S = DemoCharge.State
SAID = {
    S.OPEN: ChargeState.OPEN,
    S.AUTHORISED: ChargeState.AUTHORISED,
    S.DECLINED: ChargeState.FAILED,
    S.ABANDONED: ChargeState.FAILED,
    S.CAPTURED: ChargeState.CAPTURED,
    S.VOIDED: ChargeState.RELEASED,
    S.REFUNDED: ChargeState.RELEASED,
}
_signer = Signer(salt="orders.payments.demo")


class DemoProvider:
    """The shop's side of the stand-in."""

    name = "demo"
    title = "Demo payment"
    redirects = True
    in_advance = False

    def start(self, payment: Payment, return_url: str) -> str:
        """Open the charge and return the address of the demo's payment page."""
        _charge(payment, return_url)
        return reverse("orders:demo_pay", args=[_signer.sign(payment.reference)])

    def fetch(self, payment: Payment) -> Charge:
        """Return the ledger's word."""
        charge = DemoCharge.objects.filter(reference=payment.reference).first()
        if charge is None:
            return Charge(ChargeState.MISSING, payment.amount_cents, payment.currency)
        return _said(charge)

    def capture(self, payment: Payment) -> Charge:
        """Collect held money; refused when none is held."""
        charge = _turn(_charge(payment), {S.AUTHORISED: S.CAPTURED})
        if charge.state != S.CAPTURED:
            raise PaymentRefused(f"nothing to collect, the charge is {charge.state}")
        return _said(charge)

    def void(self, payment: Payment) -> Charge:
        """Close the charge; one that never arrived is noted as closed, so that it cannot open later."""
        return _said(_turn(_charge(payment), {S.OPEN: S.ABANDONED, S.AUTHORISED: S.VOIDED}))

    def refund(self, payment: Payment, cents: int, key: str) -> None:
        """Return so much of the collected money, once per key; refused when less than that is left."""
        with transaction.atomic():
            charge = DemoCharge.objects.select_for_update().filter(reference=payment.reference).first()
            if charge is None or charge.state not in (S.CAPTURED, S.REFUNDED):
                raise PaymentRefused("nothing to return")
            if key in charge.refunds:
                return
            if sum(charge.refunds.values()) + cents > charge.amount_cents:
                raise PaymentRefused("more to return than was collected")
            charge.refunds[key] = cents
            if sum(charge.refunds.values()) == charge.amount_cents:
                charge.state = S.REFUNDED
            charge.save()


DEMO = DemoProvider()


def charge_behind(signed: str) -> DemoCharge | None:
    """Return the charge named by the address of its page."""
    try:
        reference = _signer.unsign(signed)
    except BadSignature:
        return None
    return DemoCharge.objects.filter(reference=reference).first()


def decide(charge: DemoCharge, *, pay: bool) -> None:
    """Take the customer's decision on the page. Only the first one counts."""
    _turn(charge, {S.OPEN: S.AUTHORISED if pay else S.DECLINED})


def _charge(payment: Payment, return_url: str = "") -> DemoCharge:
    facts = {"amount_cents": payment.amount_cents, "currency": payment.currency, "return_url": return_url}
    charge, _ = DemoCharge.objects.get_or_create(reference=payment.reference, defaults=facts)
    return charge


def _turn(charge: DemoCharge, turns: dict[DemoCharge.State, DemoCharge.State]) -> DemoCharge:
    """Turn the charge by conditional UPDATE: of two at once only one succeeds, a repeat changes nothing."""
    for before, after in turns.items():
        if DemoCharge.objects.filter(pk=charge.pk, state=before).update(state=after):
            break
    charge.refresh_from_db()
    return charge


def _said(charge: DemoCharge) -> Charge:
    return Charge(SAID[S(charge.state)], charge.amount_cents, charge.currency)
