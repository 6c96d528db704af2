"""Runs inside a shop that a test has started: places an order as checkout does, tells what became of it."""

import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from orders.models import DemoCharge, Order
from orders.services import place_order
from shop import gateway
from tests.orders.given import a_line, a_snapshot
from tests.orders.museum import PAID


def place(method: str) -> dict[str, object]:
    """Place an order of two tickets for a free time in two days; return what a visitor would know of it."""
    day = timezone.localdate() + timedelta(days=2)
    slots = gateway.client().availability.capacity(PAID, day)
    key = next(slot.key for slot in slots if slot.left >= 4)
    line = a_line(ticket_id=PAID, slot_at=datetime.fromisoformat(key), slot_key=key)
    order = place_order(snapshot=a_snapshot(line, key=secrets.token_hex(8), payment_method=method))
    return {"pk": order.pk, "number": order.number, "secret": order.secret}


def look(pk: int) -> dict[str, object]:
    """Return what is stored about an order."""
    order = Order.objects.get(pk=pk)
    charges = DemoCharge.objects.filter(reference__startswith=order.number)
    return {
        "journal": list(order.journal.values_list("step", "outcome")),
        "payments": list(order.payments.values_list("reference", "state")),
        "charges": list(charges.values_list("state", flat=True)),
        "documents": list(order.documents.values_list("kind", "state")),
        "deliveries": list(order.deliveries.values_list("kind", "state")),
        "barcodes": sum(item.admissions.count() for item in order.items.all()),
    }
