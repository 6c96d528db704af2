"""Buying in the sandbox: something that can be bought, an order for it, and how to find it again."""

from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from shop.api import Gomus
from shop.api.records import (
    Attendee,
    Customer,
    Finalize,
    Order,
    OrderCreate,
    Payment,
    Slot,
    Ticket,
    TicketItem,
    TicketType,
)

LOCALES = ("de", "en")
CLOSING = Finalize(
    Customer(
        name="Ida", surname="Brandt", email="ida@example.org", language="Deutsch", country="Deutschland"
    ),
    Payment("pay_7H2K9QX", "demo", "Demo", "test"),
)
numbers = count(1)


def today() -> date:
    """The day in the zone of the sandbox."""
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def slot_and_ticket(gomus: Gomus) -> tuple[Ticket, Slot]:
    """A time-slot ticket with plain prices and a slot of it with room."""
    for ticket in gomus.catalogue.tickets(LOCALES, types=[TicketType.TIME_SLOT], bookable=True):
        if ticket.discount or not ticket.tax_included or ticket.sub_ticket_ids or not ticket.price_cents:
            continue
        for ahead in range(1, 8):
            for slot in gomus.availability.capacity(ticket.id, today() + timedelta(days=ahead)):
                if slot.left >= 4 and slot.key not in ticket.dynamic_prices:
                    return ticket, slot
    raise AssertionError("nothing can be bought in the sandbox")


def order_of(ticket: Ticket, slot: Slot, *, quantity: int = 2, total: int | None = None) -> OrderCreate:
    people = (
        tuple(Attendee("Ida", f"Brandt {n}") for n in range(quantity)) if ticket.attendees_required else ()
    )
    return OrderCreate(
        reference=f"VT-API-{next(numbers)}",
        comment=None,
        items=(TicketItem(ticket.id, quantity, slot.key, people),),
        total=ticket.price_cents * quantity if total is None else total,
    )


def found_by_reference(gomus: Gomus, reference: str) -> list[Order]:
    orders = gomus.orders.list(today() - timedelta(days=1), today() + timedelta(days=1))
    return [order for order in orders if order.reference == reference]
