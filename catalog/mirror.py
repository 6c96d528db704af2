"""Pure: upstream records turned into row values, and the plan of what to write.

Row values are exactly what the database gives back (plain dicts and lists, dates, numbers), so equal means equal.
Pictures are named by their address, relations by sorted ids. Texts are per language; titles are plain words,
descriptions sanitised HTML.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, tzinfo
from typing import Protocol

from catalog.visitors import visitor_kind
from shop.api.records import (
    Coupon,
    Event,
    Exhibition,
    Location,
    Museum,
    Picture,
    SubTicket,
    Text,
    Ticket,
    Tour,
)
from shop.markup import clean_html, plain

Values = Mapping[str, object]
Record = Museum | Exhibition | Ticket | Event | Tour | Coupon


class Titled(Protocol):
    """A record with the three texts of the catalogue."""

    @property
    def title(self) -> Text: ...
    @property
    def sub_title(self) -> Text: ...
    @property
    def description(self) -> Text: ...


PLACE_LENGTHS = {"place_name": 300, "street": 300, "zip_code": 20, "city": 200, "country": 100}
URL_LENGTH = 1000
CREDIT_LENGTH = 500
SMALL_MAX = 32_767
INTEGER_MAX = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Row:
    """What upstream says about one record now."""

    id: int
    values: Values
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the mirror knows of a record without looking at its values."""

    fingerprint: str
    read_at: datetime
    retired_at: datetime | None

    def says(self, fingerprint: str) -> bool:
        """Whether it is live and was written from this very record."""
        return self.retired_at is None and self.fingerprint == fingerprint


@dataclass(frozen=True, slots=True)
class LocalRow:
    """What the mirror says about it. Values are needed only where upstream says something, too."""

    id: int
    values: Values
    fingerprint: str
    retired: bool
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one row."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Update:
    """A row to write. `returned`: it was retired and is back. No changes: only the fingerprint moved."""

    row: Row
    changes: tuple[Change, ...]
    returned: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write so that the mirror says what upstream says. `confirmed` rows were read again and are the same."""

    create: tuple[Row, ...]
    update: tuple[Update, ...]
    retire: tuple[int, ...]
    confirmed: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.create or self.update or self.retire)


def plan(remote: Mapping[int, Row | None], local: Mapping[int, LocalRow]) -> Plan:
    """Compare field by field. A remote None means "still there, not read again"; what is missing there is retired."""
    rows = {pk: row for pk, row in remote.items() if row is not None}
    updates = {pk: _update(row, local[pk]) for pk, row in rows.items() if pk in local}
    return Plan(
        create=tuple(row for pk, row in rows.items() if pk not in local),
        update=tuple(update for update in updates.values() if update is not None),
        retire=tuple(pk for pk, row in local.items() if pk not in remote and not row.retired),
        confirmed=tuple(pk for pk, update in updates.items() if update is None),
    )


def _update(row: Row, local: LocalRow) -> Update | None:
    changes = tuple(
        Change(field, local.values.get(field), value)
        for field, value in row.values.items()
        if local.values.get(field) != value
    )
    same = not changes and not local.retired and row.fingerprint == local.fingerprint
    return None if same else Update(row, changes, returned=local.retired)


def fingerprint(record: Record) -> str:
    """A short name for everything a list record says; two records that say the same have the same."""
    return digest(asdict(record))


def digest(values: Values) -> str:
    """A short name for these values; the same values have the same in whatever order they are."""
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def museum_values(record: Museum) -> Values:
    """The values of a museum's row."""
    return texts_of(record) | place_of(record.location) | {"picture": picture_url(record.picture)}


def exhibition_values(record: Exhibition, *, museums: frozenset[int], zone: tzinfo) -> Values:
    """The values of an exhibition's row; its museum only if the mirror knows it, days as at the venue."""
    frames = [{"start": _iso(frame.start_at), "end": _iso(frame.end_at)} for frame in record.time_frames]
    starts = [frame.start_at for frame in record.time_frames]
    ends = [frame.end_at for frame in record.time_frames]
    own = {
        "museum": record.museum_id if record.museum_id in museums else None,
        "teasers": plain_texts(record.slider_description),
        "featured": record.featured,
        "picture": picture_url(record.picture),
        "time_frames": frames,
        "starts_on": _outermost(starts, zone, first=True),
        "ends_on": _outermost(ends, zone, first=False),
    }
    return texts_of(record) | place_of(record.location) | own


def ticket_values(record: Ticket, *, museums: frozenset[int], exhibitions: frozenset[int]) -> Values:
    """The values of a ticket's row; related to museums and exhibitions the mirror knows."""
    own = {
        "ticket_type": record.ticket_type.value,
        "bookable": record.bookable,
        "museums": sorted(museums.intersection(record.museum_ids)),
        "exhibitions": sorted(exhibitions.intersection(record.exhibition_ids)),
        "quota_ids": sorted(set(record.quota_ids)),
        "price_cents": record.price_cents,
        "dynamic_prices": dict(record.dynamic_prices),
        "discount": record.discount,
        "vat_bp": record.vat_bp,
        "tax_included": record.tax_included,
        "after_sale": html_texts(record.after_sale_information),
        "sub_ticket_ids": sorted(set(record.sub_ticket_ids)),
        "is_sub_ticket": record.is_sub_ticket,
        "shop_order": max(-INTEGER_MAX, min(INTEGER_MAX, record.shop_order)),
        "visitor_kind": visitor_kind(plain_texts(record.title)).value,
    }
    return texts_of(record) | place_of(record.location) | own | _use(record)


def _use(record: Ticket) -> dict[str, object]:
    return {
        "first_entry": at_most(record.first_entry, SMALL_MAX),
        "last_entry": at_most(record.last_entry, SMALL_MAX),
        "entry_duration": at_most(record.entry_duration, SMALL_MAX),
        "min_persons": min(record.min_persons, INTEGER_MAX),
        "max_persons": at_most(record.max_persons, INTEGER_MAX),
        "attendees_required": record.attendees_required,
        "personalizeable": record.personalizeable,
        "identification": record.identification,
        "min_gap_minutes": at_most(record.sub_ticket_min_gap_minutes, INTEGER_MAX),
        "is_mantle": record.is_mantle,
        "parts": [_part(part) for part in sorted(record.sub_tickets, key=lambda part: part.id)],
        "contents": contents_of(record.content),
    }


def _part(part: SubTicket) -> Values:
    return {
        "id": part.id,
        "titles": plain_texts(part.title),
        "descriptions": html_texts(part.description),
        "min_persons": part.min_persons,
        "max_persons": part.max_persons,
    }


def picture_values(pictures: Iterable[Picture | None]) -> dict[str, Values]:
    """The values of picture rows by their address."""
    return {url: _picture(picture) for picture in pictures if picture and (url := picture_url(picture))}


def picture_url(picture: Picture | None) -> str | None:
    """The address of the largest version, None if there is none that can be kept."""
    url = picture.best() if picture else None
    return url if url and len(url) <= URL_LENGTH else None


def plain_texts(text: Text) -> dict[str, str]:
    """Words without markup, per language that has any."""
    return {language: words for language, raw in text.as_dict().items() if (words := plain(raw))}


def html_texts(text: Text) -> dict[str, str]:
    """Sanitised HTML, per language that has any."""
    return {language: safe for language, raw in text.as_dict().items() if (safe := clean_html(raw))}


def contents_of(content: Mapping[str, Text]) -> dict[str, object]:
    """Sanitised HTML of every free text that has any, by its key."""
    return {key: safe for key, text in content.items() if (safe := html_texts(text))}


def texts_of(record: Titled) -> dict[str, object]:
    """The three texts that every record of the catalogue has."""
    return {
        "titles": plain_texts(record.title),
        "sub_titles": plain_texts(record.sub_title),
        "descriptions": html_texts(record.description),
    }


def _picture(picture: Picture) -> Values:
    credit = plain(picture.copyright_info)[:CREDIT_LENGTH]
    return {"credit": credit, "alts": plain_texts(picture.description) or plain_texts(picture.title)}


def place_of(location: Location | None) -> dict[str, object]:
    """The columns of a place, blank where upstream tells none."""
    place = location or Location()
    words = {
        "place_name": place.name,
        "street": place.street,
        "zip_code": place.zip,
        "city": place.city,
        "country": place.country,
    }
    texts: dict[str, object] = {field: plain(text)[: PLACE_LENGTHS[field]] for field, text in words.items()}
    return texts | {"latitude": place.latitude, "longitude": place.longitude}


def at_most(value: int | None, limit: int) -> int | None:
    """The number, None where no column can hold it."""
    return None if value is None or value > limit else value


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _outermost(moments: list[datetime | None], zone: tzinfo, *, first: bool) -> date | None:
    """The earliest (or latest) day, None if the list is empty or open at that end."""
    known = [moment for moment in moments if moment is not None]
    if not known or len(known) < len(moments):
        return None
    return (min(known) if first else max(known)).astimezone(zone).date()
