"""Reader of the items of an order: one record for all types, read as liberally as possible."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from shop.api import reading
from shop.api.readers.shared import location
from shop.api.records import Attendee, Barcode, BookedSeat, OrderItem, PriceLine, Share, SubTicketSale

T = TypeVar("T")


def item(value: object, base_url: str = "") -> OrderItem:
    """Reader of one item. Nothing in it is required: it may be of a type that nobody here knows."""
    data = reading.mapping(value)
    attributes = reading.mapping(data.get("attributes"))
    shares = _shares(attributes.get("quantities"))
    seats = _each(attributes.get("seats"), _seat)
    return OrderItem(
        id=reading.identifier(data.get("id")),
        type=reading.text(data.get("type")),
        price_cents=reading.integer(data.get("price_cents")) or 0,
        vat_bp=reading.basis_points(data.get("vat_pct")),
        canceled_at=reading.moment(data.get("canceled_at")),
        attributes_id=reading.identifier(attributes.get("id")),
        ticket_id=reading.identifier(attributes.get("ticket_id")),
        event_id=reading.identifier(attributes.get("event_id")),
        date_id=reading.identifier(attributes.get("date_id")),
        tour_id=reading.identifier(attributes.get("tour_id")),
        title=_words(attributes.get("title")),
        quantity=_quantity(attributes, shares) or len(seats),
        start_time=reading.moment(attributes.get("start_time")),
        location=location(attributes.get("location")),
        barcodes=_barcodes(attributes.get("barcodes"), base_url),
        after_sale_information=_words(attributes.get("after_sale_information")),
        attendees=_each(attributes.get("attendees"), _attendee),
        sub_ticket_times=_times(attributes.get("sub_ticket_times")),
        sub_ticket_sales=_each(attributes.get("sub_ticket_sales"), _sub_ticket_sale),
        has_passbooks=reading.flag(attributes.get("passbooks")) or False,
        ical_url=reading.address(attributes.get("ical_url"), base_url),
        shares=shares,
        seats=seats,
        language=_words(attributes.get("language")),
        age_group=_words(attributes.get("age_group")),
        prices=_each(attributes.get("prices"), _price),
        equipment=_equipment(attributes.get("equipment")),
        codes=tuple(filter(None, map(reading.text, reading.rows(attributes.get("codes"))))),
        value_cents=reading.integer(attributes.get("value_cents")),
        raw=reading.mapping(reading.plain(data)),
    )


def _words(value: object) -> str:
    """A text, in whichever language there is one."""
    return reading.translated(value, ()).pick("")


def _each(value: object, read: Callable[[Mapping[str, object]], T | None]) -> tuple[T, ...]:
    """What can be read of a list (or of the values of a map); the rest is left out."""
    found = (read(reading.mapping(row)) for row in reading.rows(value))
    return tuple(record for record in found if record is not None)


def _quantity(attributes: Mapping[str, object], shares: tuple[Share, ...]) -> int:
    """Units of an item: one number, or the sum over its prices."""
    for name in ("quantity", "participants"):
        if (count := reading.identifier(attributes.get(name))) is not None:
            return count
    return sum(share.quantity for share in shares)


def _shares(value: object) -> tuple[Share, ...]:
    """Persons by scale price: an array of records in answers, the map of the request from some."""
    if not isinstance(value, Mapping):
        return _each(value, _share)
    pairs = [(reading.identifier(key), row) for key, row in value.items()]
    plain = (Share(key, reading.identifier(row) or 0) for key, row in pairs if not isinstance(row, Mapping))
    return (*plain, *_each(value, _share))


def _share(data: Mapping[str, object]) -> Share | None:
    quantity = reading.identifier(data.get("quantity"))
    if quantity is None:
        return None
    return Share(
        scale_price_id=reading.identifier(data.get("id")),
        quantity=quantity,
        title=_words(data.get("title")),
        price_cents=reading.integer(data.get("price_cents")),
    )


def _barcodes(value: object, base_url: str) -> tuple[Barcode, ...]:
    found = []
    for row in map(reading.mapping, reading.rows(value)):
        code = reading.verbatim(row.get("barcode"))
        if code.strip():
            passbook = reading.address(row.get("passbook_url"), base_url)
            method = reading.text(row.get("method"))
            found.append(Barcode(reading.identifier(row.get("id")), code, method, passbook))
    return tuple(found)


def _attendee(data: Mapping[str, object]) -> Attendee | None:
    name, surname = reading.text(data.get("name")), reading.text(data.get("surname"))
    return Attendee(name, surname) if name or surname else None


def _times(value: object) -> dict[int, datetime]:
    pairs = ((reading.identifier(key), reading.moment(time)) for key, time in reading.mapping(value).items())
    return {key: time for key, time in pairs if key is not None and time is not None}


def _sub_ticket_sale(data: Mapping[str, object]) -> SubTicketSale | None:
    number = reading.identifier(data.get("id"))
    if number is None:
        return None
    return SubTicketSale(
        id=number,
        title=_words(data.get("title")),
        quantity=reading.identifier(data.get("quantity")) or 0,
        start_time=reading.moment(data.get("start_time")),
    )


def _seat(data: Mapping[str, object]) -> BookedSeat | None:
    number = reading.identifier(data.get("seat_id"))
    if number is None:
        return None
    barcode = reading.verbatim(data.get("barcode"))
    return BookedSeat(number, reading.identifier(data.get("scale_price_id")), barcode)


def _price(data: Mapping[str, object]) -> PriceLine | None:
    price = reading.integer(data.get("price_cents"))
    if price is None:
        return None
    quantity = reading.identifier(data.get("quantity")) or 0
    total = reading.integer(data.get("total_price_cents"))
    return PriceLine(
        title=_words(data.get("title")),
        quantity=quantity,
        price_cents=price,
        total_cents=quantity * price if total is None else total,
        description=_words(data.get("description")),
    )


def _equipment(value: object) -> dict[int, int]:
    found = _each(
        value, lambda row: (reading.identifier(row.get("id")), reading.identifier(row.get("quantity")))
    )
    return {key: count for key, count in found if key is not None and count is not None}
