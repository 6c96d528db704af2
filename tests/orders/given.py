"""What the tests of orders start from: a basket somebody agreed to."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from orders.models import Order, OrderItem
from orders.snapshot import Buyer, LineSnapshot, OrderSnapshot

BUYER = Buyer(
    given_name="Ida",
    family_name="Brandt",
    email="ida@example.org",
    street="Feldstraße 8",
    zip_code="24105",
    city="Kiel",
    country="Deutschland",
)


def a_line(*, ticket_id: int = 7, quantity: int = 2, unit_cents: int = 1400, **changes: Any) -> LineSnapshot:
    """Return a line for tomorrow at two."""
    at = changes.pop("slot_at", None) or _tomorrow_at_two()
    key = changes.pop("slot_key", at.isoformat(timespec="seconds"))
    attributes = {"id": ticket_id, "quantity": quantity, "time": key}
    facts: dict[str, Any] = {
        "product_id": ticket_id,
        "title": "Colour as Space",
        "visitor": "Adult",
        "museum": "Collection on the Canal",
        "address": "Paul-Lincke-Ufer 40, Berlin",
        "slot_key": key,
        "slot_at": at,
        "slot_minutes": 30,
        "whole_day": False,
        "quantity": quantity,
        "unit_cents": unit_cents,
        "total_cents": unit_cents * quantity,
        "vat_bp": 700,
        "discount": 0,
        "after_sale": "",
        "attendees": (),
        "payload": {"type": "Ticket", "attributes": attributes},
    }
    return LineSnapshot(**facts | changes)


def a_snapshot(*lines: LineSnapshot, **changes: Any) -> OrderSnapshot:
    """Return what checkout hands over for these lines."""
    lines = lines or (a_line(),)
    facts: dict[str, Any] = {
        "key": "basket-1",
        "language": "en",
        "buyer": BUYER,
        "payment_method": "demo",
        "currency": "EUR",
        "total_cents": sum(line.total_cents for line in lines),
        "lines": lines,
        "consent": "terms of 2026-01-01",
    }
    return OrderSnapshot(**facts | changes)


def an_order(**fields: Any) -> Order:
    """Return a stored order with one item, in any state, as if the engine had brought it there."""
    serial = Order.objects.count() + 1
    facts: dict[str, Any] = {
        "number": f"VT-TEST{serial}",
        "key": f"key-{serial}",
        "language": "en",
        "given_name": BUYER.given_name,
        "family_name": BUYER.family_name,
        "email": BUYER.email,
        "payment_method": "demo",
        "currency": "EUR",
        "total_cents": 2800,
        "pay_until": timezone.now() + timedelta(minutes=10),
    }
    order = Order.objects.create(**facts | fields)
    line = a_line()
    OrderItem.objects.create(
        order=order,
        position=0,
        **{
            name: getattr(line, name)
            for name in LineSnapshot.__slots__
            if name not in ("attendees", "payload", "details", "parts", "charges", "choice")
        },
        payload=dict(line.payload),
    )
    return order


def _tomorrow_at_two() -> datetime:
    return timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(days=1)
