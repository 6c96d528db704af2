"""Readers of events and tours, and of the prices that both have: anything in, a record or BadRecord out."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from shop.api import reading
from shop.api.readers import shared
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord
from shop.api.records import Equipment, Event, Price, PriceKind, StartTime, Tour, TourPrices


def event(context: Context) -> Callable[[object], Event]:
    """Reader of events."""

    def read(value: object) -> Event:
        data = reading.mapping(value)
        return Event(**_common(context, data), ticket_ids=reading.identifiers(data.get("tickets")))

    return read


def tour(context: Context) -> Callable[[object], Tour]:
    """Reader of tours; equipment is a flag in lists and an array in the single record."""

    def read(value: object) -> Tour:
        data = reading.mapping(value)
        said = reading.flag(data.get("equipment"))
        given = None if said is not None else data.get("equipment")
        return Tour(
            **_common(context, data),
            has_equipment=bool(reading.rows(given)) if said is None else said,
            equipment=shared.members("equipment", given, partial(_equipment, context)),
            depends_on_language=reading.flag(reading.mapping(data.get("limitations")).get("language"))
            or False,
            duration=shared.count(data.get("duration")),
            min_participants=shared.count(data.get("min_participants")),
            max_participants=reading.identifier(data.get("max_participants")),
        )

    return read


def registration(context: Context, value: object) -> tuple[bool, str | None]:
    """Reader of what may be a flag or a link: can people register, and where."""
    said = reading.flag(value)
    link = reading.address(value, context.base_url) if said is None else None
    return said or link is not None, link


def prices(context: Context, data: Mapping[str, object]) -> tuple[tuple[Price, ...], bool]:
    """Reader of the prices of a product, and whether they and its terms can be trusted; having none is no doubt."""
    given = data.get("prices")
    found = shared.members("price", given, partial(_price, context))
    complete = (isinstance(given, list | Mapping) or given is None) and len(found) == len(reading.rows(given))
    return found, complete and shared.has_sound_terms(data)


def tour_prices(context: Context) -> Callable[[object], TourPrices]:
    """Reader of the price list of a tour."""

    def read(payload: object) -> TourPrices:
        data = reading.mapping(payload)
        if not isinstance(data.get("prices"), list | Mapping):
            raise BadRecord("no prices")
        found, sound = prices(context, data)
        return TourPrices(
            bookable=sound and any(price.kind is not PriceKind.SURCHARGE for price in found),
            prices=found,
            discount=shared.discount(data) or 0,
            vat_bp=reading.basis_points(data.get("vat_pct")) or 0,
            tax_included=reading.flag(data.get("tax_included")) is not False,
        )

    return read


def start_times_by_day(payload: object) -> dict[date, list[StartTime]]:
    """Reader of days with the times a tour may start."""
    data = reading.mapping(payload).get("data")
    if not isinstance(data, Mapping | list):
        raise BadRecord("no data")
    found = {reading.day(key): _in_order(times) for key, times in reading.mapping(data).items()}
    return {day: times for day, times in found.items() if day is not None}


def start_times(payload: object) -> list[StartTime]:
    """Reader of the start times of one day with their participants."""
    data = reading.mapping(payload).get("data")
    if not isinstance(data, Mapping | list):
        raise BadRecord("no data")
    return _in_order(data)


def _in_order(value: object) -> list[StartTime]:
    found = shared.members("start time", value, _start_time)
    return sorted(found, key=lambda start: (start.at, start.key))


def _start_time(value: object) -> StartTime:
    """A bare time, or one with participants."""
    data = reading.mapping(value)
    key = data.get("start_time", value)
    at = reading.moment(key)
    if at is None:
        raise BadRecord("no start_time")
    people = reading.mapping(data.get("participants"))
    return StartTime(
        key=str(key),
        at=at,
        min_participants=shared.count(people.get("min")) or 0,
        max_participants=shared.count(people.get("max")),
        bookable_participants=shared.count(people.get("bookable")),
    )


def _common(context: Context, data: Mapping[str, object]) -> dict[str, Any]:
    """The fields that events and tours share."""
    registerable, registration_url = registration(context, data.get("registerable"))
    tags = (
        "age_groups",
        "audiences",
        "catch_words",
        "disablements",
        "grades",
        "proposal_categories",
        "languages",
    )
    return {
        "id": reading.required_id(data),
        "title": context.text(data, "title"),
        "sub_title": context.text(data, "sub_title"),
        "description": context.text(data, "description"),
        "exhibition_id": reading.identifier(data.get("exhibition_id")),
        "museum_id": reading.identifier(data.get("museum_id")),
        "featured": reading.flag(data.get("featured")) or False,
        "bookable": reading.flag(data.get("bookable")) or False,
        "registerable": registerable,
        "registration_url": registration_url,
        "category": shared.named_if_any(context, data.get("category")),
        "picture": shared.picture(context, data.get("picture")),
        "location": shared.location(data.get("location")),
        "content": reading.contents(data.get("content"), context.locales),
    } | {tag: shared.all_named(context, tag, data.get(tag)) for tag in tags}


def _equipment(context: Context, value: object) -> Equipment:
    data = reading.mapping(value)
    return Equipment(
        id=reading.required_id(data),
        title=context.text(data, "title"),
        description=context.text(data, "description"),
    )


def _price(context: Context, value: object) -> Price:
    """A price that would be taken for another kind, or whose amount is not clear, is refused."""
    data = reading.mapping(value)
    scale, surcharge = _marker(data, "scale_price_id"), _marker(data, "price_surcharge_id")
    if scale is not None and surcharge is not None:
        raise BadRecord("a price of two kinds")
    if not shared.has_sound_vat(data) or not shared.is_flag_or_absent(data, "group"):
        raise BadRecord("a price that cannot be trusted")
    return Price(
        price_cents=shared.required_cents(data, "price_cents"),
        group=reading.flag(data.get("group")) or False,
        optional=reading.flag(data.get("optional")) or False,
        scale_price_id=scale,
        price_surcharge_id=surcharge,
        vat_bp=reading.basis_points(data.get("vat_pct")),
        title=context.text(data, "title"),
        description=context.text(data, "description"),
        seat_category_id=_marker(data, "seat_category_id"),
        seat_category_title=context.text(data, "seat_category_title"),
    )


def _marker(data: Mapping[str, object], name: str) -> int | None:
    number = reading.identifier(data.get(name))
    if number is None and data.get(name) is not None:
        raise BadRecord(f"unreadable {name}")
    return number
