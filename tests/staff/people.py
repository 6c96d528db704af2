"""An order with a person in every corner of it."""

import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from orders import desk
from orders.lifecycle import Outcome, State, Step
from orders.models import (
    Admission,
    Card,
    Document,
    JournalEntry,
    LedgerLine,
    Order,
    OrderItem,
    Payment,
    TicketShare,
)
from orders.payments import ledger
from tests.orders.given import an_order

EVERYWHERE = ("Ida", "Brandt", "Feldstraße", "24105", "Kiel", "ida@example.org", "DE123456789", "Orla")
ADDRESS = {"street": "Feldstraße 8", "zip_code": "24105", "city": "Kiel", "vat_id": "DE123456789"}


def a_known_order(**fields: Any) -> Order:
    """Return a sold and paid order of Ida Brandt with a visitor, tickets, an invoice, a link and a note on money."""
    number = f"VT-{uuid.uuid4().hex[:8].upper()}"  # names files too, which outlive a test
    order = an_order(
        **{"number": number, "state": State.READY, "upstream_token": "key-at-the-museum"} | ADDRESS | fields
    )
    item = order.items.get()
    person = {"given_name": "Orla", "family_name": "Brandt"}
    item.payload["attributes"]["attendees"] = [person]
    item.attendees, item.choice = [person], {"note": "for Orla"}
    item.save()
    admission = Admission.objects.create(item=item, position=0, barcode="4034210297633-5", name="Orla Brandt")
    TicketShare.objects.create(item=item, admission=admission)
    photo = storages["documents"].save(f"{order.number}/photo.jpg", ContentFile(b"Orla"))
    holder = person | {"email": "orla@example.org", "street": "Orlas Weg 1", "photo": photo}
    Card.objects.create(item=item, position=1, state=Card.State.REFUSED, said=["Orla?"], **holder)
    for kind in (Document.Kind.SHEETS, Document.Kind.INVOICE):
        name = storages["documents"].save(f"{order.number}/{kind}.pdf", ContentFile(b"%PDF of Ida Brandt"))
        stored = {"state": Document.State.STORED, "stored_at": timezone.now()}
        Document.objects.create(order=order, kind=kind, file=name, size=18, **stored)
    payment = desk.book(order, Payment.State.OPEN)
    ledger.line(payment, LedgerLine.Kind.RECEIVED, 2800, key=f"{order.number}-in", note="IDA BRANDT")
    ledger.turn(payment, Payment.State.CAPTURED)
    answer = {"note": "IDA BRANDT", "amount_cents": 2800}
    JournalEntry.objects.create(order=order, step=Step.RECEIVE, outcome=Outcome.OK, answer=answer)
    return order


def written_of(order: Order) -> str:
    """Return everything the tables say about the order, as one text."""
    rows: list[Any] = [Order.objects.filter(pk=order.pk), OrderItem.objects.filter(order=order)]
    rows += [Admission.objects.filter(item__order=order), JournalEntry.objects.filter(order=order)]
    rows += [Card.objects.filter(item__order=order)]
    rows += [LedgerLine.objects.filter(payment__order=order), Document.objects.filter(order=order)]
    return str([list(found.values()) for found in rows]).replace("IDA BRANDT", "Ida Brandt")


def files_of(order: Order) -> list[str]:
    """Return the names of the order's files that are there."""
    files = (f"{Document.Kind.SHEETS}.pdf", f"{Document.Kind.INVOICE}.pdf", "photo.jpg")
    names = [f"{order.number}/{file}" for file in files]
    return [name for name in names if storages["documents"].exists(name)]
