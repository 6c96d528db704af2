"""Queries in upstream's spelling: languages, filters, periods."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from shop.api.calls import Call, Query, array
from shop.api.records import TicketType

Locales = str | Sequence[str]
Filter = bool | int | str | date | Iterable[int] | Iterable[str] | None

# Upstream answers at most 31 days per call; one day less keeps clear of how it counts them.
WINDOW = timedelta(days=30)


def in_locales(locales: Locales) -> Query:
    """One code asks for plain texts in it, several for every text in all of them at once."""
    if isinstance(locales, str):
        return (("locale", locales),) if locales else ()
    return array("locale", locales)


def filtered(given: Mapping[str, Filter]) -> Query | None:
    """The filters by their name in the query; those that are None are left out.

    None if one of them is empty: it matches nothing, but upstream would read it as no filter at all.
    """
    query: Query = ()
    for name, value in given.items():
        if isinstance(value, bool | int | str | date):
            query += ((name, _word(value)),)
        elif value is not None:
            chosen = array(name, value)
            if not chosen:
                return None
            query += chosen
    return query


def _word(value: bool | int | str | date) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def windows(start: date, end: date) -> Iterator[tuple[date, date]]:
    """Cut a range of days into pieces upstream accepts, without gap or overlap."""
    while start <= end:
        last = min(end, start + WINDOW)
        yield start, last
        start = last + timedelta(days=1)


def batches(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    """Each id once, in pieces that fit into one page and one address."""
    left = list(dict.fromkeys(ids))
    for start in range(0, len(left), size):
        yield left[start : start + size]


def in_pieces(call: Call, query: Query | None, start: date, end: date) -> Iterator[Call]:
    """The call with this query, once for each piece of a range of days; not at all where nothing can match.

    Upstream's own idea of today is never relied on.
    """
    for first, last in windows(start, end) if query is not None else ():
        days = (("start_at", first.isoformat()), ("end_at", last.isoformat()))
        yield replace(call, query=call.query + (query or ()) + days)


@dataclass(frozen=True, slots=True)
class TicketSelection:
    """Which tickets. None does not filter, an empty filter matches nothing.

    Several values of one filter mean any of them, several filters all of them.
    """

    ids: Iterable[int] | None = None
    types: Iterable[TicketType] | None = None
    museum_ids: Iterable[int] | None = None
    exhibition_ids: Iterable[int] | None = None
    group_ids: Iterable[int] | None = None
    bookable: bool | None = None

    def filters(self) -> dict[str, Filter]:
        """The filters by their name in the query."""
        return {
            "by_ticket_ids": self.ids,
            "by_ticket_types": self.types,
            "by_museum_ids": self.museum_ids,
            "by_exhibition_ids": self.exhibition_ids,
            "by_ticket_group_ids": self.group_ids,
            "by_bookable": self.bookable,
        }


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events, dates or tours, as `TicketSelection`. `categories` are names, which several ids may share."""

    museum_ids: Iterable[int] | None = None
    exhibition_ids: Iterable[int] | None = None
    category_ids: Iterable[int] | None = None
    age_group_ids: Iterable[int] | None = None
    audience_ids: Iterable[int] | None = None
    catch_word_ids: Iterable[int] | None = None
    disablement_ids: Iterable[int] | None = None
    grade_ids: Iterable[int] | None = None
    proposal_category_ids: Iterable[int] | None = None
    language_ids: Iterable[int] | None = None
    categories: Iterable[str] | None = None
    bookable: bool | None = None

    def filters(self) -> dict[str, Filter]:
        """The filters by their name in the query."""
        return {f"by_{field.name}": getattr(self, field.name) for field in fields(self)}


EVERYTHING = Selection()
