"""Stripe: the customer pays on Stripe's page, the money is held there and collected when the museum has the order.

A payment's `provider_reference` is its checkout session. Nothing is repeated by the client itself; every change has
an idempotency key made of the payment's reference.
"""

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import stripe
from django.conf import settings

from orders.models import Payment
from orders.payments.events import BadCall, Call
from orders.payments.port import (
    ANSWER_SECONDS,
    CONNECT_SECONDS,
    Charge,
    ChargeState,
    PaymentRefused,
    PaymentUnavailable,
)

# Stripe keeps no page open for less than half an hour; we close ours long before.
PAGE_OPEN = timedelta(minutes=45)
HELD = {
    "requires_capture": ChargeState.AUTHORISED,
    "succeeded": ChargeState.CAPTURED,
    "processing": ChargeState.PENDING,
    "canceled": ChargeState.RELEASED,
}
LANGUAGES = {"de": "de", "en": "en"}
stripe.enable_telemetry = False


class StripeCheckout:
    """The shop's side of Stripe's hosted checkout."""

    name = "stripe"
    title = "Stripe"
    redirects = True
    in_advance = False

    def start(self, payment: Payment, return_url: str) -> str:
        """Open the session, once, and return the address of its page."""
        with _asking():
            if payment.provider_reference:
                session = _client().v1.checkout.sessions.retrieve(payment.provider_reference)
            else:
                session = _client().v1.checkout.sessions.create(
                    _session(payment, return_url), {"idempotency_key": f"{payment.reference}-start"}
                )
                Payment.objects.filter(pk=payment.pk).update(provider_reference=session.id)
                payment.provider_reference = session.id
        if session.status != "open" or not session.url:
            raise PaymentRefused("Stripe: the payment page is closed")
        return str(session.url)

    def fetch(self, payment: Payment) -> Charge:
        """Return what Stripe knows of the session and the money behind it."""
        if not payment.provider_reference:
            return Charge(ChargeState.MISSING, payment.amount_cents, payment.currency)
        with _asking():
            return _said(_retrieve(payment))

    def capture(self, payment: Payment) -> Charge:
        """Collect the held money; collected already is fine, refused when none is held."""
        with _asking():
            session = _retrieve(payment)
            charge = _said(session)
            if charge.state == ChargeState.AUTHORISED:
                _client().v1.payment_intents.capture(
                    session.payment_intent.id,
                    {"amount_to_capture": payment.amount_cents},
                    {"idempotency_key": f"{payment.reference}-capture"},
                )
                charge = _said(_retrieve(payment))
        if charge.state != ChargeState.CAPTURED:
            raise PaymentRefused(f"Stripe: nothing to collect, the payment is {charge.state}")
        return charge

    def void(self, payment: Payment) -> Charge:
        """Close the page, or release what is held. Who pays at this very moment is told as paid."""
        charge = self.fetch(payment)
        if charge.state == ChargeState.OPEN:
            try:
                with _asking():
                    _client().v1.checkout.sessions.expire(
                        payment.provider_reference, {}, {"idempotency_key": f"{payment.reference}-close"}
                    )
                return Charge(ChargeState.RELEASED, charge.amount_cents, charge.currency)
            except PaymentRefused:  # paid meanwhile
                charge = self.fetch(payment)
        if charge.state == ChargeState.AUTHORISED:
            with _asking():
                _client().v1.payment_intents.cancel(
                    _retrieve(payment).payment_intent.id, {}, {"idempotency_key": f"{payment.reference}-void"}
                )
        elif charge.state == ChargeState.CAPTURED:
            return charge
        elif charge.state in (ChargeState.PENDING, ChargeState.OPEN):
            raise PaymentUnavailable("Stripe: the payment is under way and cannot be closed now")
        return Charge(ChargeState.RELEASED, charge.amount_cents, charge.currency)

    def refund(self, payment: Payment, cents: int, key: str) -> None:
        """Return so much, once per key, however long ago the first try was."""
        with _asking():
            intent = _retrieve(payment).payment_intent
            if intent is None:
                raise PaymentRefused("Stripe: nothing was paid")
            made = _client().v1.refunds.list({"payment_intent": intent.id, "limit": 100})
            refund = next((one for one in made.data if _of(one, "metadata", "key") == key), None)
            refund = refund or _client().v1.refunds.create(
                {"payment_intent": intent.id, "amount": cents, "metadata": {"key": key}},
                {"idempotency_key": key},
            )
        if refund.status in ("failed", "canceled"):
            raise PaymentRefused(f"Stripe: the refund is {refund.status}")


PROVIDER = StripeCheckout()


def read_call(body: bytes, signature: str) -> Call | None:
    """Return what a signed call is about, None if it is about no payment page. BadCall when Stripe did not sign it."""
    try:
        stripe.WebhookSignature.verify_header(body.decode(), signature, settings.STRIPE_WEBHOOK_SECRET, 300)
        event = json.loads(body)
        subject = event["data"]["object"]
        reference = (subject.get("metadata") or {}).get("reference", "")
        found = Call(str(event["id"])[:200], str(event["type"])[:100], str(reference))
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadCall(type(error).__name__) from error
    return found if found.reference else None


@functools.cache
def _client_of(key: str, url: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS)),
    )


def _client() -> stripe.StripeClient:
    return _client_of(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_URL)


@contextmanager
def _asking() -> Iterator[None]:
    """Turn Stripe's errors into ours; no message of Stripe's is passed on, it may name the customer."""
    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise PaymentRefused(f"Stripe: {error.code or type(error).__name__}") from error
    except stripe.StripeError as error:
        raise PaymentUnavailable(f"Stripe: {error.code or type(error).__name__}") from error


def _session(payment: Payment, return_url: str) -> Any:
    back = urljoin(settings.PUBLIC_URL, return_url)
    known = {"reference": payment.reference}
    item = {
        "currency": payment.currency.lower(),
        "unit_amount": payment.amount_cents,
        "product_data": {"name": f"{settings.SHOP_NAME} {payment.order.number}"},
    }
    return {
        "mode": "payment",
        "client_reference_id": payment.reference,
        "metadata": known,
        "line_items": [{"quantity": 1, "price_data": item}],
        "payment_intent_data": {
            "capture_method": "manual",
            "metadata": known,
            "description": payment.order.number,
        },
        "customer_email": payment.order.email,
        "locale": LANGUAGES.get(payment.order.language, "auto"),
        "success_url": back,
        "cancel_url": back,
        "expires_at": int((payment.created_at + PAGE_OPEN).timestamp()),
    }


def _retrieve(payment: Payment) -> Any:
    return _client().v1.checkout.sessions.retrieve(
        payment.provider_reference, {"expand": ["payment_intent.latest_charge"]}
    )


def _said(session: Any) -> Charge:
    intent = _of(session, "payment_intent")
    currency = str(session.currency).upper()
    state = HELD.get(_of(intent, "status"))
    if state is None:
        state = ChargeState.OPEN if session.status == "open" else ChargeState.FAILED
        return Charge(state, session.amount_total, currency)
    if state == ChargeState.CAPTURED:
        if (_of(intent, "latest_charge", "amount_refunded") or 0) >= intent.amount_received:
            state = ChargeState.RELEASED
        return Charge(state, intent.amount_received, currency)
    return Charge(state, intent.amount, currency)


def _of(thing: Any, *names: str) -> Any:
    """Return what stands at the end of the path, None where it breaks off: not every answer has every field."""
    for name in names:
        thing = getattr(thing, name, None)
    return thing
