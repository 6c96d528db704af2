"""Calls of payment providers: signed, small and known, or nothing is written."""

import json
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from orders.models import Payment, PaymentEvent
from tests.orders.given import an_order
from tests.standins.stripe import SECRET, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> None:
    settings.PAYMENT_CALLS = {"stripe": True, "mollie": True}
    settings.STRIPE_WEBHOOK_SECRET = SECRET


@pytest.fixture
def payment() -> Payment:
    order = an_order(payment_method="stripe")
    facts = {"provider": "stripe", "reference": f"{order.number}-1", "amount_cents": 2800, "currency": "EUR"}
    return Payment.objects.create(order=order, **facts)


def event(reference: str, event_id: str = "evt_1") -> str:
    thing = {"id": "cs_1", "metadata": {"reference": reference}}
    return json.dumps({"id": event_id, "type": "checkout.session.completed", "data": {"object": thing}})


def call(text: str, signature: str | None = None) -> Any:
    client = Client(enforce_csrf_checks=True)
    headers = {"Stripe-Signature": sign(text) if signature is None else signature}
    return client.post(reverse("payments:stripe"), text, content_type="application/json", headers=headers)


def test_a_signed_call_is_written_down_once(payment: Payment) -> None:
    for _ in range(2):
        assert call(event(payment.reference)).status_code == 200
    found = PaymentEvent.objects.get()
    assert (found.event_id, found.payment, found.times, found.handled_at) == ("evt_1", payment, 2, None)
    payment.refresh_from_db()
    assert payment.state == Payment.State.OPEN  # a call is a bell, not the truth


def test_what_stripe_did_not_sign_is_refused(payment: Payment) -> None:
    text = event(payment.reference)
    old = sign(text, at=int(time.time()) - 3600)
    for signature in ("", "nonsense", sign(text, "whsec_other"), sign(text + " "), old):
        assert call(text, signature).status_code == 400
    for text in ("{}", "[]", "no json", '{"id": 1, "data": {"object": 7}}'):
        assert call(text).status_code == 400
    assert not PaymentEvent.objects.exists()


def test_calls_about_nothing_of_ours_leave_no_trace(payment: Payment) -> None:
    assert call(event("")).status_code == 200
    assert call(event("VT-OTHER-1")).status_code == 200
    assert not PaymentEvent.objects.exists()


def test_a_large_call_is_not_read(payment: Payment) -> None:
    assert call(event(payment.reference) + " " * 300_000).status_code == 413
    assert not PaymentEvent.objects.exists()


def test_mollies_address_cannot_be_guessed(client: Client, payment: Payment) -> None:
    for signed in (payment.reference, f"{payment.reference}:forged"):
        answer = client.post(reverse("payments:mollie", args=[signed]), {"id": "tr_1"})
        assert answer.status_code == 400
    assert not PaymentEvent.objects.exists()


def test_nobody_listens_for_a_provider_without_a_key(settings: Settings, payment: Payment) -> None:
    settings.PAYMENT_CALLS = {"stripe": False, "mollie": False}
    assert call(event(payment.reference)).status_code == 404


def test_only_post(client: Client) -> None:
    assert client.get(reverse("payments:stripe")).status_code == 405


def test_every_other_door_keeps_its_csrf_check(payment: Payment) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("orders:pay", args=[payment.order.secret])).status_code == 403
