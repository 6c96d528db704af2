"""Readers of annual tickets and the persons they are made out to."""

from collections.abc import Callable
from typing import TypeVar

from shop.api import reading
from shop.api.records import AnnualAddress, AnnualCustomer, AnnualOrder, AnnualSale, Personalization

T = TypeVar("T")

PHOTO_WORD = "mandatory"


def order(value: object) -> AnnualOrder:
    """Reader of an order with its annual tickets."""
    data = reading.mapping(value)
    return AnnualOrder(
        id=reading.required_id(data),
        sales=_records(data.get("ticket_sales"), _sale),
        customer=_if_any(data.get("customer"), customer),
        shipping_address_id=reading.identifier(data.get("shipping_address_id")),
    )


def created_customer(payload: object) -> AnnualCustomer:
    """Reader of a new person; the token may stand inside or beside it, and is needed."""
    inner = reading.mapping(reading.mapping(payload).get("customer"))
    person = customer(
        {"personalization_token": reading.mapping(payload).get("personalization_token")} | dict(inner)
    )
    if not person.personalization_token:
        raise reading.BadRecord("a person without token")
    return person


def customer(value: object) -> AnnualCustomer:
    """Reader of one person."""
    data = reading.mapping(value)
    return AnnualCustomer(
        id=reading.required_id(data),
        name=reading.text(data.get("name")),
        surname=reading.text(data.get("surname")),
        email=reading.text(data.get("email")),
        salutation_id=reading.identifier(data.get("salutation_id")),
        addresses=_records(data.get("addresses"), _address),
        personalization_token=reading.text(data.get("personalization_token")),
    )


def _sale(value: object) -> AnnualSale:
    data = reading.mapping(value)
    return AnnualSale(
        id=reading.required_id(data),
        title=reading.translated(data.get("title"), ()).pick(""),
        description=reading.translated(data.get("description"), ()).pick(""),
        start_at=reading.moment(data.get("start_at")),
        sent_at=reading.moment(data.get("sent_at")),
        status=reading.text(data.get("status")).lower(),
        is_personalizable=reading.flag(data.get("is_personalizable")) or False,
        needs_photo=reading.text(data.get("photo_mandatory")).lower() == PHOTO_WORD,
        is_bmc_ticket=reading.flag(data.get("is_bmc_ticket")) or False,
        personalizations=_records(data.get("personalizations"), _personalization),
    )


def _personalization(value: object) -> Personalization:
    data = reading.mapping(value)
    return Personalization(
        id=reading.required_id(data),
        ready=reading.flag(data.get("ready")) or False,
        customer=_if_any(data.get("customer"), customer),
        address_id=reading.identifier(data.get("address_id")),
        dispatch_mode_id=reading.identifier(data.get("dispatch_mode_id")),
    )


def _address(value: object) -> AnnualAddress:
    data = reading.mapping(value)
    return AnnualAddress(
        id=reading.required_id(data),
        street=reading.text(data.get("street")),
        zip=reading.text(data.get("zip")),
        city=reading.text(data.get("city")),
        country_id=reading.identifier(data.get("country_id")),
    )


def _records(value: object, read: Callable[[object], T]) -> tuple[T, ...]:
    return tuple(read(row) for row in reading.rows(value))


def _if_any(value: object, read: Callable[[object], T]) -> T | None:
    return read(value) if reading.mapping(value) else None
