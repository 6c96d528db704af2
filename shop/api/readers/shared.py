"""What several readers share: texts, places, pictures, names, prices."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from shop.api import reading
from shop.api.reading import BadRecord
from shop.api.records import Location, Named, Picture, Text

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_CENTS = 10**8
DAY_MINUTES = 2 * 24 * 60


@dataclass(frozen=True, slots=True)
class Context:
    """What reading needs besides the answer: the locales asked for and where relative addresses start."""

    locales: tuple[str, ...]
    base_url: str

    def text(self, data: Mapping[str, object], name: str) -> Text:
        """The translatable text of that name."""
        return reading.translated(data.get(name), self.locales)


def members(what: str, value: object, read: Callable[[object], T]) -> tuple[T, ...]:
    """The readable members of an array inside a record; the others are left out and logged."""
    found = []
    for row in reading.rows(value):
        try:
            found.append(read(row))
        except BadRecord as error:
            row_id = reading.identifier(reading.mapping(row).get("id"))
            log.warning("left out %s %s: %s", what, row_id, error)
    return tuple(found)


def named(context: Context) -> Callable[[object], Named]:
    """Reader of things with a name; it may be missing."""
    return partial(_named, context)


def named_if_any(context: Context, value: object) -> Named | None:
    """Reader of one category or language inside a record."""
    has_id = reading.identifier(reading.mapping(value).get("id")) is not None
    return _named(context, value) if has_id else None


def all_named(context: Context, what: str, value: object) -> tuple[Named, ...]:
    """Reader of the tags inside a record."""
    return members(what, value, partial(_named, context))


def _named(context: Context, value: object) -> Named:
    data = reading.mapping(value)
    return Named(
        id=reading.required_id(data),
        name=context.text(data, "name"),
        filtername=reading.text(data.get("filtername")),
    )


def location(value: object) -> Location | None:
    """Reader of a place; None if nothing is known about it."""
    data = reading.mapping(value)
    found = Location(
        name=reading.text(data.get("name")),
        city=reading.text(data.get("city")),
        country=reading.text(data.get("country")),
        street=reading.text(data.get("street")),
        zip=reading.text(data.get("zip")),
        latitude=reading.coordinate(data.get("latitude")),
        longitude=reading.coordinate(data.get("longitude")),
    )
    return found if found != Location() else None


def picture(context: Context, value: object) -> Picture | None:
    """Reader of a picture's addresses; None if there is nothing in it."""
    data = reading.mapping(value)
    found = Picture(
        title=context.text(data, "title"),
        description=context.text(data, "description"),
        copyright_info=context.text(data, "copyright_info").pick(*context.locales or ("",)),
        teaser=reading.address(data.get("teaser"), context.base_url),
        preview=reading.address(data.get("preview"), context.base_url),
        article=reading.address(data.get("article"), context.base_url),
        detail=reading.address(data.get("detail") or data.get("original"), context.base_url),
    )
    return found if found != Picture() else None


def cents(value: object) -> int | None:
    """An amount of money that can be trusted."""
    amount = reading.integer(value)
    return amount if amount is not None and 0 <= amount <= MOST_CENTS else None


def required_cents(data: Mapping[str, object], name: str) -> int:
    """An amount of money without which the record makes no sense."""
    amount = cents(data.get(name))
    if amount is None:
        raise BadRecord(f"no trustworthy {name}")
    return amount


def discount(data: Mapping[str, object]) -> int | None:
    """Per cent off the item's total; None if it cannot be trusted."""
    if data.get("discount") is None:
        return 0
    percent = reading.integer(data["discount"])
    return percent if percent is not None and 0 <= percent <= 100 else None


def has_sound_terms(data: Mapping[str, object]) -> bool:
    """Can discount, VAT and whether it is included be trusted, each where it is given?"""
    return discount(data) is not None and has_sound_vat(data) and is_flag_or_absent(data, "tax_included")


def has_sound_vat(data: Mapping[str, object]) -> bool:
    """Is VAT left to the product, or given and within its bounds?"""
    vat = data.get("vat_pct")
    return vat is None or reading.basis_points(vat) is not None


def is_flag_or_absent(data: Mapping[str, object], name: str) -> bool:
    """Is it true, false or not given, but nothing else?"""
    return data.get(name) is None or reading.flag(data[name]) is not None


def count(value: object) -> int | None:
    """A number of persons, places or minutes; never negative."""
    number = reading.integer(value)
    return None if number is None else max(number, 0)


def minutes(value: object) -> int | None:
    """Minutes of a day; an entry after midnight may count on."""
    number = reading.integer(value)
    return number if number is not None and 0 <= number <= DAY_MINUTES else None
