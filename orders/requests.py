"""Pure: what the ticket system is sent for an order. The same order always gives the same body."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.utils.crypto import salted_hmac

from orders.models import Order, Payment
from orders.payments.methods import PROVIDERS
from shop.api import records

T = TypeVar("T")


def create(order: Order) -> records.OrderCreate:
    """Return the draft to be created: our number as reference, the agreed total in gross cents."""
    items = tuple(item_of(item.payload) for item in order.items.all())
    return records.OrderCreate(reference=order.number, comment=None, items=items, total=order.total_cents)


def finalize(order: Order, payment: Payment) -> records.Finalize:
    """Return who bought the order and how it was paid. A repeat sends exactly the same."""
    paid = records.Payment(
        payment_id=payment.reference,
        provider_id=payment.provider,
        provider_name=PROVIDERS[payment.provider].title,
    )
    return records.Finalize(customer=_customer(order), payment=paid)


def item_of(payload: Mapping[str, Any]) -> records.AnyItem:
    """Return the item of a payload as a record, checked once more; its `as_json` is the payload again.

    ValueError for a type this shop does not sell.
    """
    attributes = payload["attributes"]
    match payload["type"]:
        case "Ticket":
            return records.TicketItem(
                id=attributes["id"],
                quantity=attributes["quantity"],
                time=attributes.get("time"),
                attendees=_people(attributes),
                reservations=tuple(attributes.get("reservations", ())),
                sub_ticket_times=_by_id(attributes.get("sub_ticket_times", {})),
            )
        case "Event":
            return records.EventItem(
                id=attributes["id"],
                quantity=attributes.get("quantity"),
                quantities=_by_id(attributes.get("quantities", {})),
                seats=tuple(records.ChosenSeat(**seat) for seat in attributes.get("seats", ())),
                attendees=_people(attributes),
            )
        case "Tour":
            return _tour(attributes)
        case "Coupon":
            return records.CouponItem(attributes["id"], attributes["quantity"])
    raise ValueError(f"no order item: {payload['type']}")


def _tour(attributes: Mapping[str, Any]) -> records.TourItem:
    surcharges = attributes.get("surcharges")
    return records.TourItem(
        id=attributes["id"],
        start_time=attributes["start_time"],
        language_id=attributes["language_id"],
        age_group_id=attributes.get("age_group_id"),
        quantity=attributes.get("quantity"),
        quantities=_by_id(attributes.get("quantities", {})),
        surcharges=None if surcharges is None else _by_id(surcharges),
        equipment={piece["id"]: piece["quantity"] for piece in attributes.get("equipment", ())},
        grade_id=attributes.get("grade_id"),
        attendees=_people(attributes),
    )


def _people(attributes: Mapping[str, Any]) -> tuple[records.Attendee, ...]:
    return tuple(records.Attendee(**person) for person in attributes.get("attendees", ()))


def _by_id(found: Mapping[str, T]) -> dict[int, T]:
    return {int(key): value for key, value in found.items()}


def _customer(order: Order) -> records.Customer:
    names = [order.given_name, order.family_name]
    if settings.SWAP_CUSTOMER_NAMES:
        names.reverse()
    return records.Customer(
        foreign_id=_customer_id(order.email),
        name=names[0],
        surname=names[1],
        email=order.email,
        language=dict(settings.LANGUAGES).get(order.language, ""),
        street=order.street,
        zip=order.zip_code,
        city=order.city,
        country=order.country,
    )


def _customer_id(email: str) -> str:
    """The same person keeps the same id upstream; nobody can tell the address from it."""
    return salted_hmac("orders.customer", email.strip().lower(), algorithm="sha256").hexdigest()[:32]
