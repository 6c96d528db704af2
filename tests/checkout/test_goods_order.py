"""One basket with something of everything, from its rows to the ticket system's ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from checkout.context import summary
from checkout.models import BasketGood
from checkout.overview import overview
from orders import documents
from orders.engine import advance
from orders.lifecycle import State
from orders.models import Admission, Document, Order, OrderItem
from tests.checkout.given import ADULT, REDUCED, a_time
from tests.checkout.programme import (
    CABINET,
    CLAY,
    CONCERT,
    GROUP_TOUR,
    HEADSETS,
    KILN,
    TWO_HOUSES,
    VESSELS,
    VOUCHER,
    a_date,
    a_start,
    age_group_of,
    combined_form,
    entries,
    free_seats,
    language_of,
)
from tests.checkout.visitor import Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(programme: Sandbox) -> Visitor:
    """A basket with a slot ticket of two kinds, a combined ticket, seats, scale prices, a tour and a voucher."""
    visitor = Visitor(Client())
    visitor.add(a_time(ADULT), {ADULT: 2, REDUCED: 1})
    visitor.post(
        "add_combined", combined_form(entries(TWO_HOUSES, VESSELS, CABINET), ticket=TWO_HOUSES, number=2)
    )
    concert = a_date(CONCERT)
    front, back = free_seats(concert, 1, 2), free_seats(concert, 2, 1)
    seats = {f"seat-{pk}-scale": "71" for pk in front} | {f"seat-{back[0]}-scale": "72"}
    visitor.client.post(reverse("checkout:add_event"), {"date": concert.id, "seat": [*front, *back], **seats})
    visitor.post("add_event", {"date": str(a_date(KILN).id), "scale-61": "2", "scale-62": "1"})
    tour = {
        "tour": GROUP_TOUR,
        "start": a_start(GROUP_TOUR, people=12),
        "language": language_of(GROUP_TOUR),
        "age_group": age_group_of(GROUP_TOUR),
        "people": 12,
        f"surcharge-{CLAY}": 6,
        f"equipment-{HEADSETS}": 6,
    }
    visitor.post("add_tour", {name: str(value) for name, value in tour.items()})
    visitor.post("add_coupon", {"coupon": str(VOUCHER), "number": "2"})
    return visitor


TOTALS = {
    "Ticket": [2 * 1400, 700, 2 * 1900],
    "Event": [2 * 2400 + 1800, 2 * 1200 + 800],
    "Tour": [9000 + 1500 + 6 * 250],
    "Coupon": [2 * 2000],
}
TOTAL = sum(sum(cents) for cents in TOTALS.values())


def test_everything_in_one_order_to_the_ledger(full: Visitor, programme: Sandbox) -> None:
    assert BasketGood.objects.count() == 5, full.told()
    seen = overview(full.basket)
    assert (
        seen.items == len(seen.lines) + len(seen.goods) == summary(full.get("basket").wsgi_request).count == 7
    )
    full.fill_in()
    answer = full.order()
    order = Order.objects.get()
    assert answer["Location"] == reverse("orders:order", args=[order.secret])
    assert order.total_cents == TOTAL
    while order.state not in (State.FINALIZED, State.READY, State.REFUSED, State.PRICE_CHANGED):
        advance(order.pk)
        order.refresh_from_db()
    assert (order.state, order.refusal) == (State.FINALIZED, {})

    (theirs,) = programme.ledger()
    assert (theirs["status"], theirs["total"], theirs["reference"]) == ("finalized", TOTAL, order.number)
    assert _cents(theirs) == {kind: sorted(cents) for kind, cents in TOTALS.items()}
    assert sorted((item["type"], item["quantity"]) for item in theirs["items"]) == [
        *(("Coupon", 2), ("Event", 3), ("Event", 3), ("Ticket", 1), ("Ticket", 2), ("Ticket", 2)),
        ("Tour", 12),
    ]
    _papers(order, theirs)


def _papers(order: Order, theirs: dict[str, Any]) -> None:
    """What the buyer gets of it."""
    documents.prepare(order.pk)
    order.refresh_from_db()
    assert order.state == State.READY
    states = {
        (document.kind, document.item.kind if document.item else None) for document in order.documents.all()
    }
    assert states >= {
        (Document.Kind.OFFICIAL, kind) for kind in ("ticket", "combined", "event", "tour", "coupon")
    }
    assert not order.documents.exclude(state=Document.State.STORED).exists()
    admissions = Admission.objects.filter(item__order=order)
    seated = next(item for item in theirs["items"] if item["seats"])
    assert set(admissions.filter(item__kind="event").values_list("barcode", flat=True)) == set(
        seated["barcodes"]
    )
    assert admissions.count() == 2 + 1 + 2 + 3
    sheets = order.documents.get(kind=Document.Kind.SHEETS)
    assert sheets.pages == admissions.count() + 2  # an event without seats, and a tour
    assert storages["documents"].exists(sheets.file)
    voucher = order.items.get(kind=OrderItem.Kind.COUPON)
    assert len(voucher.codes) == 2
    page = Client().get(reverse("orders:order", args=[order.secret])).content.decode()
    assert all(code in page for code in voucher.codes)
    assert "6 × Probierstück Ton" in page
    combined = order.items.get(kind=OrderItem.Kind.COMBINED)
    assert all(f"{datetime.fromisoformat(part['at']):%H:%M}" in page for part in combined.parts)


def _cents(theirs: dict[str, Any]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for item in theirs["items"]:
        found.setdefault(item["type"], []).append(item["cents"])
    return {kind: sorted(cents) for kind, cents in found.items()}
