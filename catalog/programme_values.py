"""Pure: upstream's events, dates, tours, vouchers and small lists turned into row values, as in `catalog.mirror`.

Relations to words of a small list are named by `term_id`, sorted where there are several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC

from catalog.mirror import (
    INTEGER_MAX,
    URL_LENGTH,
    Values,
    at_most,
    contents_of,
    html_texts,
    picture_url,
    place_of,
    plain_texts,
    texts_of,
)
from catalog.prices import gross
from shop.api.records import Country, Coupon, Equipment, Event, EventDate, Named, Seats, State, Tag, Tour
from shop.markup import plain

CODE_LENGTH = 100
CATEGORIES, LANGUAGES = Tag.CATEGORIES.value, Tag.LANGUAGES.value


@dataclass(frozen=True, slots=True)
class Houses:
    """Ids of the museums and exhibitions the mirror knows; of others nothing can be said."""

    museums: frozenset[int]
    exhibitions: frozenset[int]

    def of(self, record: Event | Tour | EventDate) -> dict[str, object]:
        """Where something takes place."""
        return {
            "museum": record.museum_id if record.museum_id in self.museums else None,
            "exhibition": record.exhibition_id if record.exhibition_id in self.exhibitions else None,
        }


def term_id(kind: str, number: int) -> str:
    """The id of a row among all small lists."""
    return f"{kind}:{number}"


def words_of(record: Event | Tour | EventDate) -> Iterator[tuple[str, Named]]:
    """Every word by which a record can be chosen, with the list it is from."""
    if record.category:
        yield CATEGORIES, record.category
    if isinstance(record, EventDate):
        if record.language:
            yield LANGUAGES, record.language
        return
    for tag in Tag:
        if tag is not Tag.CATEGORIES:
            yield from ((tag.value, named) for named in getattr(record, tag.value))


def event_values(record: Event, *, houses: Houses) -> Values:
    """The values of an event's row."""
    return _offer(record, houses) | {"ticket_ids": sorted(set(record.ticket_ids))}


def tour_values(record: Tour, *, houses: Houses) -> Values:
    """The values of a tour's row."""
    own = {
        "has_equipment": record.has_equipment,
        "equipment": [_equipment(one) for one in sorted(record.equipment, key=lambda one: one.id)],
        "depends_on_language": record.depends_on_language,
        "duration": at_most(record.duration, INTEGER_MAX),
        "min_participants": at_most(record.min_participants, INTEGER_MAX),
        "max_participants": at_most(record.max_participants, INTEGER_MAX),
    }
    return _offer(record, houses) | own


def date_values(record: EventDate, *, houses: Houses) -> Values:
    """The values of a date's row."""
    own = {
        "event": record.event_id,
        "category": _term(CATEGORIES, record.category),
        "language": _term(LANGUAGES, record.language),
        "start_time": record.start_time.astimezone(UTC),
        "duration": at_most(record.duration, INTEGER_MAX),
        "titles": plain_texts(record.title) or plain_texts(record.event_title),
        "sub_titles": plain_texts(record.sub_title),
        "price_from": _price_from(record),
    }
    return own | houses.of(record) | _sale(record) | _seats(record.seats or Seats())


def coupon_values(record: Coupon) -> Values:
    """The values of a voucher's row."""
    return {
        "titles": plain_texts(record.title),
        "descriptions": html_texts(record.description),
        "price_cents": record.price_cents,
        "value_cents": record.value_cents,
        "vat_bp": record.vat_bp,
        "shipped_with": record.shipped_with_merchandise_id,
        "contents": contents_of(record.content),
    }


def named_values(record: Named) -> Values:
    """The values of a row that has little but a name."""
    return _word(plain_texts(record.name), record.filtername)


def place_in_values(record: Country | State, names: Mapping[str, str]) -> Values:
    """The values of the row of a country or a part of one, with its name by language."""
    words = {language: words for language, name in names.items() if (words := plain(name))}
    if isinstance(record, Country):
        return _word(words, record.code)
    return _word(words, country_id=record.country_id)


def _word(names: Mapping[str, str], code: str = "", country_id: int | None = None) -> Values:
    return {"titles": dict(names), "code": plain(code)[:CODE_LENGTH], "country_id": country_id}


def _offer(record: Event | Tour, houses: Houses) -> dict[str, object]:
    tags = {term_id(kind, named.id) for kind, named in words_of(record) if kind != CATEGORIES}
    own = {
        "category": _term(CATEGORIES, record.category),
        "tags": sorted(tags),
        "picture": picture_url(record.picture),
        "featured": record.featured,
        "contents": contents_of(record.content),
    }
    return texts_of(record) | place_of(record.location) | houses.of(record) | _sale(record) | own


def _sale(record: Event | Tour | EventDate) -> dict[str, object]:
    link = record.registration_url or ""
    return {
        "bookable": record.bookable,
        "registerable": record.registerable,
        "registration_url": link if len(link) <= URL_LENGTH else "",
    }


def _equipment(record: Equipment) -> Values:
    return {
        "id": record.id,
        "titles": plain_texts(record.title),
        "descriptions": html_texts(record.description),
    }


def _seats(seats: Seats) -> dict[str, object]:
    return {
        "min_seats": min(seats.min, INTEGER_MAX),
        "max_seats": at_most(seats.max, INTEGER_MAX),
        "seats_per_order": at_most(seats.max_per_registration, INTEGER_MAX),
        "overbook": seats.overbook,
    }


def _price_from(record: EventDate) -> int | None:
    """The least that one visitor, or a whole group, can pay; None where the list tells no price."""
    grosses = [
        gross(
            price.price_cents,
            discount=record.discount,
            vat_bp=record.vat_bp if price.vat_bp is None else price.vat_bp,
            tax_included=record.tax_included,
        )
        for price in record.prices
        if not price.optional
    ]
    return min(grosses, default=None)


def _term(kind: str, named: Named | None) -> str | None:
    return term_id(kind, named.id) if named else None
