"""Mollie: the customer chooses and pays on Mollie's page; most methods collect at once, some hold the money first.

A payment's `provider_reference` is Mollie's id. Nothing is repeated by the client itself; every change has an
idempotency key made of the payment's reference.
"""

import functools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urljoin

import httpx
import mollie
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from mollie import models
from mollie.models import ClientError, NoResponseError
from mollie.types import UNSET
from pydantic import ValidationError

from orders.models import Payment
from orders.payments.events import BadCall, Call
from orders.payments.port import (
    ANSWER_SECONDS,
    Charge,
    ChargeState,
    PaymentRefused,
    PaymentUnavailable,
)

SAID = {
    "open": ChargeState.OPEN,
    "pending": ChargeState.PENDING,
    "authorized": ChargeState.AUTHORISED,
    "paid": ChargeState.CAPTURED,
    "canceled": ChargeState.RELEASED,
    "expired": ChargeState.FAILED,
    "failed": ChargeState.FAILED,
}
LANGUAGES = {"de": "de_DE", "en": "en_GB"}
KEYS = uuid.UUID("6d3f0f6e-8a0b-4a53-9d53-3c1f6d7f3f5a")  # the room our idempotency keys are made in
LONGEST_ID = 100
_signer = Signer(salt="orders.payments.mollie")


class MollieCheckout:
    """The shop's side of Mollie's hosted checkout."""

    name = "mollie"
    title = "Mollie"
    redirects = True
    in_advance = False

    def start(self, payment: Payment, return_url: str) -> str:
        """Open the payment, once, and return the address of its page."""
        with _asking():
            if payment.provider_reference:
                theirs = _client().payments.get(payment_id=payment.provider_reference)
            else:
                theirs = _client().payments.create(
                    payment_request=_request(payment, return_url),
                    idempotency_key=_key(f"{payment.reference}-start"),
                )
                Payment.objects.filter(pk=payment.pk).update(provider_reference=theirs.id)
                payment.provider_reference = theirs.id
        if theirs.links.checkout is None:
            raise PaymentRefused("Mollie: the payment page is closed")
        return str(theirs.links.checkout.href)

    def fetch(self, payment: Payment) -> Charge:
        """Return what Mollie knows of the payment."""
        if not payment.provider_reference:
            return Charge(ChargeState.MISSING, payment.amount_cents, payment.currency)
        with _asking():
            return _said(_client().payments.get(payment_id=payment.provider_reference))

    def capture(self, payment: Payment) -> Charge:
        """Collect money that is only held; collected already is fine, refused when there is none."""
        charge = self.fetch(payment)
        if charge.state == ChargeState.AUTHORISED:
            with _asking():
                capture = _client().captures.create(
                    payment_id=payment.provider_reference,
                    entity_capture={"amount": _amount(payment.amount_cents, payment.currency)},
                    idempotency_key=_key(f"{payment.reference}-capture"),
                )
            if capture.status == "failed":
                raise PaymentRefused("Mollie: the money could not be collected")
            return Charge(ChargeState.CAPTURED, charge.amount_cents, charge.currency)
        if charge.state != ChargeState.CAPTURED:
            raise PaymentRefused(f"Mollie: nothing to collect, the payment is {charge.state}")
        return charge

    def void(self, payment: Payment) -> Charge:
        """Close the page where Mollie lets us, or release what is held.

        A page that cannot be closed ends by itself soon; money it still brings is noticed and returned.
        """
        charge = self.fetch(payment)
        if charge.state == ChargeState.CAPTURED:
            return charge
        if charge.state == ChargeState.AUTHORISED:
            with _asking():
                _client().payments.release_authorization(
                    payment_id=payment.provider_reference, idempotency_key=_key(f"{payment.reference}-void")
                )
        elif charge.state == ChargeState.OPEN and self._can_be_closed(payment):
            with _asking():
                _client().payments.cancel(
                    payment_id=payment.provider_reference, idempotency_key=_key(f"{payment.reference}-close")
                )
        return Charge(ChargeState.RELEASED, charge.amount_cents, charge.currency)

    def refund(self, payment: Payment, cents: int, key: str) -> None:
        """Return so much, once per key, however long ago the first try was."""
        with _asking():
            made = _client().refunds.list(payment_id=payment.provider_reference, limit=250)
            refunds: list[Any] = made.result.embedded.refunds if made else []
            refund: Any = next((one for one in refunds if _note(one) == key), None)
            refund = refund or _client().refunds.create(
                payment_id=payment.provider_reference,
                refund_request={
                    "amount": _amount(cents, payment.currency),
                    "description": payment.order.number,
                    "metadata": {"key": key},
                },
                idempotency_key=_key(key),
            )
        if refund.status in ("failed", "canceled"):
            raise PaymentRefused(f"Mollie: the refund is {refund.status}")

    def _can_be_closed(self, payment: Payment) -> bool:
        with _asking():
            return bool(_client().payments.get(payment_id=payment.provider_reference).is_cancelable)


PROVIDER = MollieCheckout()


def read_call(signed: str, payment_id: str) -> Call:
    """Return what a call is about. Mollie names only the payment; that it is Mollie, the signed address says."""
    try:
        reference = _signer.unsign(signed)
    except BadSignature as error:
        raise BadCall("signature") from error
    if not payment_id or len(payment_id) > LONGEST_ID or not payment_id.replace("_", "").isalnum():
        raise BadCall("id")
    return Call(payment_id, "payment", reference)


@functools.cache
def _client_of(key: str, url: str) -> mollie.ClientSDK:
    return mollie.ClientSDK(
        security=models.Security(api_key=key),
        server_url=url,
        retry_config=None,
        timeout_ms=ANSWER_SECONDS * 1000,
    )


def _client() -> mollie.ClientSDK:
    return _client_of(settings.MOLLIE_API_KEY, settings.MOLLIE_API_URL)


@contextmanager
def _asking() -> Iterator[None]:
    """Turn Mollie's errors into ours; no message of Mollie's is passed on, it may name the customer."""
    try:
        yield
    except ClientError as error:
        said = f"Mollie: status {error.status_code}"
        if error.status_code in (400, 404, 409, 410, 422):
            raise PaymentRefused(said) from error
        raise PaymentUnavailable(said) from error
    except (NoResponseError, httpx.HTTPError, ValidationError) as error:
        raise PaymentUnavailable(f"Mollie: {type(error).__name__}") from error


def _request(payment: Payment, return_url: str) -> Any:
    call = reverse("payments:mollie", args=[_signer.sign(payment.reference)])
    return {
        "amount": _amount(payment.amount_cents, payment.currency),
        "description": f"{settings.SHOP_NAME} {payment.order.number}",
        "redirect_url": urljoin(settings.PUBLIC_URL, return_url),
        "webhook_url": urljoin(settings.PUBLIC_URL, call),
        "metadata": {"reference": payment.reference},
        "locale": LANGUAGES.get(payment.order.language, "en_GB"),
    }


def _said(theirs: Any) -> Charge:
    state = SAID.get(str(getattr(theirs.status, "value", theirs.status)), ChargeState.PENDING)
    cents, currency = _cents(theirs.amount.value), theirs.amount.currency
    returned = theirs.amount_refunded
    if state == ChargeState.CAPTURED and returned not in (None, UNSET) and _cents(returned.value) >= cents:
        state = ChargeState.RELEASED
    return Charge(state, cents, currency)


def _amount(cents: int, currency: str) -> Any:
    return {"currency": currency, "value": f"{Decimal(cents) / 100:.2f}"}


def _cents(value: str) -> int:
    try:
        return int(Decimal(value) * 100)
    except InvalidOperation as error:
        raise PaymentUnavailable("Mollie: an amount nobody can read") from error


def _note(refund: Any) -> str:
    metadata = refund.metadata
    return str(metadata.get("key", "")) if isinstance(metadata, dict) else ""


def _key(text: str) -> str:
    """The same text gives the same key, in the form Mollie asks for."""
    return str(uuid.uuid5(KEYS, text))
