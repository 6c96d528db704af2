"""Choices as order items of the ticket system, exactly the fields its contract names. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.models import Ticket
from checkout.pricing import Line, item_total
from orders.snapshot import Attendee
from shop.api import records


def ticket_cents(ticket: Ticket, slot_key: str, quantity: int) -> int:
    """Return the gross price of one ticket item."""
    unit = ticket.dynamic_prices.get(slot_key, ticket.price_cents)
    return item_total([Line(unit, quantity, ticket.vat_bp, ticket.tax_included)], ticket.discount)


def ticket_item(
    ticket_id: int,
    slot_key: str | None,
    quantity: int,
    attendees: Sequence[Attendee] = (),
    parts: Mapping[int, str] | None = None,
    *,
    reservations: Sequence[str] = (),
) -> dict[str, Any]:
    """A ticket at its entry time, byte for byte as it was told; None for annual tickets, which have none.

    `parts`: the entry time of each part of a combined ticket. Names are given and family name. `reservations`: tokens
    of our holds of the same ticket and time, which the order uses up.
    """
    item = records.TicketItem(
        ticket_id,
        quantity,
        slot_key,
        _people(attendees),
        reservations=tuple(reservations),
        sub_ticket_times=dict(parts or {}),
    )
    return dict(item.as_json())


def event_item(
    date_id: int,
    *,
    number: int | None = None,
    scales: Mapping[int, int] | None = None,
    seats: Sequence[tuple[int, int | None]] = (),
) -> dict[str, Any]:
    """Places on an event date: a number, numbers by scale price, or seats as (seat, scale price)."""
    chosen = tuple(records.ChosenSeat(seat, scale) for seat, scale in seats)
    return dict(
        records.EventItem(date_id, quantity=number, quantities=dict(scales or {}), seats=chosen).as_json()
    )


def tour_item(
    tour_id: int,
    start: str,
    language_id: int,
    age_group_id: int | None,
    *,
    grade_id: int | None = None,
    number: int | None = None,
    scales: Mapping[int, int] | None = None,
    surcharges: Mapping[int, int] | None = None,
    equipment: Mapping[int, int] | None = None,
) -> dict[str, Any]:
    """A tour for a group. `surcharges` None: its price list has none; those with 0 are left out."""
    item = records.TourItem(
        tour_id,
        start,
        language_id,
        age_group_id,
        grade_id=grade_id,
        quantity=number,
        quantities=dict(scales or {}),
        surcharges=None if surcharges is None else {key: n for key, n in surcharges.items() if n},
        equipment={key: n for key, n in (equipment or {}).items() if n},
    )
    return dict(item.as_json())


def coupon_item(coupon_id: int, number: int) -> dict[str, Any]:
    """Vouchers of one kind."""
    return dict(records.CouponItem(coupon_id, number).as_json())


def _people(attendees: Sequence[Attendee]) -> tuple[records.Attendee, ...]:
    return tuple(records.Attendee(name=one.given_name, surname=one.family_name) for one in attendees)
