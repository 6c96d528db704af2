"""Orders placed straight into a running shop, for journeys that begin after the sale. Run inside it: `Stack.shell`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from orders.models import OrderItem
from orders.services import place_order
from orders.snapshot import LineSnapshot
from shop import gateway
from tests.journeys.buyer import ADULT
from tests.orders.given import BUYER, a_line, a_snapshot

ANNUAL_WITH_PHOTO = 602


def three_tickets(email: str, language: str) -> str:
    """Three adults, each a line of its own, at one time in a week; returns the secret of the order."""
    at = _free_time()
    lines = [
        a_line(ticket_id=ADULT, quantity=1, slot_at=datetime.fromisoformat(at), slot_key=at) for _ in range(3)
    ]
    return _placed(email, language, *lines)


def annual_ticket(email: str, language: str) -> str:
    """One annual ticket that is made out with a photo; returns the secret of the order."""
    payload = {"type": "Ticket", "attributes": {"id": ANNUAL_WITH_PHOTO, "quantity": 1}}
    facts = {"kind": OrderItem.Kind.ANNUAL, "title": "Jahreskarte", "slot_minutes": None, "payload": payload}
    line = a_line(ticket_id=ANNUAL_WITH_PHOTO, quantity=1, unit_cents=3500, **facts)
    undated = {name: getattr(line, name) for name in LineSnapshot.__slots__} | {
        "slot_at": None,
        "slot_key": "",
    }
    return _placed(email, language, LineSnapshot(**undated))


def _placed(email: str, language: str, *lines: LineSnapshot) -> str:
    buyer = {name: getattr(BUYER, name) for name in type(BUYER).__slots__} | {"email": email}
    facts = {"key": f"seed-{email}", "language": language, "payment_method": "invoice"}
    return place_order(snapshot=a_snapshot(*lines, buyer=type(BUYER)(**buyer), **facts)).secret


def _free_time() -> str:
    days = (timezone.localdate() + timedelta(days=ahead) for ahead in range(7, 14))
    slots = (slot for day in days for slot in gateway.client().availability.capacity(ADULT, day))
    return next(slot.key for slot in slots if slot.left >= 8)
