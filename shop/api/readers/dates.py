"""Readers of the dates of events and of seating plans: anything in, a record or BadRecord out."""

import re
from collections.abc import Callable
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from shop.api import reading
from shop.api.calls import Body
from shop.api.readers import offers, shared
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord
from shop.api.records import EventDate, Seat, SeatCategory, Seating, SeatRow, Seats, SeatType

R = TypeVar("R", SeatRow, SeatType)

COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
VISUAL = re.compile(r"/seatings/([0-9]{1,18})\.svg")
SVG_TYPE = "image/svg+xml"


def event_date(context: Context) -> Callable[[object], EventDate]:
    """Reader of dates in lists; these may come without prices."""
    return partial(_event_date, context)


def priced_event_date(context: Context) -> Callable[[object], EventDate]:
    """Reader of single dates; one without prices is not bookable."""

    def read(value: object) -> EventDate:
        data = reading.mapping(value)
        return _event_date(context, data if reading.rows(data.get("prices")) else {**data, "bookable": False})

    return read


def svg(body: Body) -> bytes:
    """Reader of a drawing; it may hold anything that SVG allows."""
    if body.media_type != SVG_TYPE or not body.content.strip():
        raise BadRecord("the answer is no SVG")
    return body.content


def _event_date(context: Context, value: object) -> EventDate:
    data = reading.mapping(value)
    event_id, start = reading.identifier(data.get("event_id")), reading.moment(data.get("start_time"))
    if event_id is None or start is None:
        raise BadRecord("no event_id or start_time")
    prices, sound = offers.prices(context, data)
    registerable, registration_url = offers.registration(context, data.get("registerable"))
    return EventDate(
        id=reading.required_id(data),
        event_id=event_id,
        start_time=start,
        title=context.text(data, "title"),
        sub_title=context.text(data, "sub_title"),
        description=context.text(data, "description"),
        event_title=context.text(data, "event_title"),
        event_sub_title=context.text(data, "event_sub_title"),
        exhibition_id=reading.identifier(data.get("exhibition_id")),
        museum_id=reading.identifier(data.get("museum_id")),
        category=shared.named_if_any(context, data.get("category")),
        language=shared.named_if_any(context, data.get("language")),
        bookable=reading.flag(data.get("bookable")) is True and sound,
        registerable=registerable,
        registration_url=registration_url,
        duration=shared.count(data.get("duration")),
        seats=_seats(data.get("seats")),
        prices=prices,
        discount=shared.discount(data) or 0,
        vat_bp=reading.basis_points(data.get("vat_pct")) or 0,
        tax_included=reading.flag(data.get("tax_included")) is not False,
        location=shared.location(data.get("location")),
        seatings=shared.members("seating", data.get("seatings"), partial(_seating, context)),
    )


def _seats(value: object) -> Seats | None:
    data = reading.mapping(value)
    found = Seats(
        min=shared.count(data.get("min")) or 0,
        max=shared.count(data.get("max")),
        booked=shared.count(data.get("booked")),
        available=shared.count(data.get("available")),
        max_per_registration=shared.count(data.get("max_per_registration")),
        overbook=reading.flag(data.get("overbook")) or False,
    )
    return found if found != Seats() else None


def _seating(context: Context, value: object) -> Seating:
    data = reading.mapping(value)
    visual_url = reading.address(data.get("visual_url"), context.base_url)
    return Seating(
        seats=shared.members("seat", data.get("seats"), partial(_seat, context)),
        blocked_seats=frozenset(reading.identifiers(data.get("blocked_seats"))),
        categories=shared.members("seat category", data.get("categories"), partial(_category, context)),
        rows=shared.members("seat row", data.get("rows"), partial(_titled, context, SeatRow)),
        types=shared.members("seat type", data.get("types"), partial(_titled, context, SeatType)),
        visual_url=visual_url,
        visual_id=_visual_id(visual_url),
    )


def _seat(context: Context, value: object) -> Seat:
    data = reading.mapping(value)
    return Seat(
        id=reading.required_id(data),
        row_id=reading.identifier(data.get("row_id")),
        category_id=reading.identifier(data.get("category_id")),
        type_id=reading.identifier(data.get("type_id")),
        title=context.text(data, "title"),
        description=context.text(data, "description"),
    )


def _category(context: Context, value: object) -> SeatCategory:
    data = reading.mapping(value)
    color = reading.text(data.get("color_code"))
    return SeatCategory(
        id=reading.required_id(data),
        title=context.text(data, "title"),
        description=context.text(data, "description"),
        # It ends up in a style: nothing but a color may.
        color_code=color if COLOR.fullmatch(color) else "",
    )


def _titled(context: Context, kind: type[R], value: object) -> R:
    data = reading.mapping(value)
    return kind(id=reading.required_id(data), title=context.text(data, "title"))


def _visual_id(url: str | None) -> int | None:
    found = VISUAL.search(urlsplit(url).path) if url else None
    return reading.identifier(found[1]) if found else None
