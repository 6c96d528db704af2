"""Everything that can be found, put together once per edition of the catalogue and process, ready to be searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import NamedTuple

from django.db.models import Model

from catalog import selectors
from catalog.families import Family, bundles, group, shop_order
from catalog.links import Kind
from catalog.models import Event, EventDate, Exhibition, Mirrored, Museum, Term, Tour
from catalog.search import Document, Index, index
from catalog.shapes import Offers
from shop import edition

FILTERS = ("categories", "languages", "age_groups", "audiences")  # kinds of terms people choose by

OFFERED = ("titles", "sub_titles", "museum_id", "category_id", "bookable", "registerable")


class Showing(NamedTuple):
    """One date of an event, as the mirror knows it. `price_from`: gross cents of one seat, None if not told."""

    id: int
    event_id: int
    at: datetime
    language: str | None
    museum: int | None
    bookable: bool
    price_from: int | None
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One thing to find. `terms` are ids of terms; a family belongs to a ticket, an `offer` to an event or a tour.

    `dates` are those of an event to come when this was put together, the soonest first.
    """

    number: int
    kind: Kind
    house: Museum | None
    order: tuple[int, int, int]
    family: Family = ()
    offer: Event | Tour | None = None
    terms: frozenset[str] = frozenset()
    dates: tuple[Showing, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """All entries in shop order, the families among them in the bundles they are asked for in, the words entries are
    found by, and all terms by id. `edition` is None where nothing can be kept."""

    edition: str | None
    entries: tuple[Entry, ...]
    bundles: tuple[tuple[Family, ...], ...]
    index: Index
    terms: Mapping[str, Term]

    def named(self, text: str) -> Sequence[Entry]:
        """The entries in which every word of the text is found; all without words."""
        if not text:
            return self.entries
        found = self.index.find(text)
        return [entry for entry in self.entries if entry.number in found]


@edition.remembered
def directory() -> Directory:
    """The directory of the edition on show; put together anew only when that changes."""
    now = edition.current()  # asked first: what is read after it is at least as new
    offers = selectors.offers()
    families = group(offers.tickets)
    shows = selectors.exhibitions_of_tickets()
    entries = [
        Entry(number, Kind.TICKET, offers.house(family), shop_order(family[0]), family=family)
        for number, family in enumerate(families)
    ]
    documents = [_document(entry.number, _of_family(entry.family, offers, shows)) for entry in entries]
    for entry in _programme(len(entries)):
        entries.append(entry)
        documents.append(_document(entry.number, _of_offer(entry)))
    terms = Term.objects.live().filter(kind__in=FILTERS).in_bulk()
    return Directory(now, tuple(entries), bundles(families), index(documents), terms)


def _programme(first: int) -> Iterator[Entry]:
    """Events with dates to come, and tours, numbered from `first` on."""
    houses = Museum.objects.live().defer("descriptions").in_bulk()
    numbers = count(first)
    dates, tags = _coming(), _tags(Event.tags.through, "event_id")
    for event in Event.objects.live().only(*OFFERED):
        if own := dates.get(event.pk):
            terms = {*tags.get(event.pk, ()), *(date.language for date in own if date.language)}
            house = houses.get(event.museum_id or own[0].museum or 0)
            yield Entry(
                number=next(numbers),
                kind=Kind.EVENT,
                house=house,
                order=(0, 0, event.pk),
                offer=event,
                terms=_terms(event, terms),
                dates=tuple(own),
            )
    tags = _tags(Tour.tags.through, "tour_id")
    for tour in Tour.objects.live().only(*OFFERED, "min_participants", "max_participants"):
        house = houses.get(tour.museum_id or 0)
        yield Entry(
            number=next(numbers),
            kind=Kind.TOUR,
            house=house,
            order=(0, 0, tour.pk),
            offer=tour,
            terms=_terms(tour, tags.get(tour.pk, ())),
        )


def _terms(offer: Event | Tour, terms: Iterable[str]) -> frozenset[str]:
    return frozenset([*terms, offer.category_id] if offer.category_id else terms)


def _coming() -> dict[int, list[Showing]]:
    columns = "id event_id start_time language_id museum_id bookable price_from min_seats seats_per_order"
    found: dict[int, list[Showing]] = {}
    for row in EventDate.objects.coming().values_list(*columns.split()):
        found.setdefault(row[1], []).append(Showing(*row))
    return found


def _tags(links: type[Model], owner: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for pk, term in links._default_manager.values_list(owner, "term_id"):
        found.setdefault(pk, set()).add(term)
    return found


def _document(number: int, texts: Iterable[str]) -> Document:
    return Document(number, tuple(dict.fromkeys(text for text in texts if text)))


def _of_family(family: Family, offers: Offers, shows: Mapping[int, Sequence[Exhibition]]) -> Iterator[str]:
    """What a family is found by: its own titles, those of its museums with their towns, those of its exhibitions."""
    museums = {museum.pk: museum for ticket in family for museum in offers.museums.get(ticket.pk, ())}
    open_shows = {show.pk: show for ticket in family for show in shows.get(ticket.pk, ())}
    yield from _titles(*family, *museums.values(), *open_shows.values())
    yield from (museum.city for museum in museums.values())


def _of_offer(entry: Entry) -> Iterator[str]:
    rows: list[Mirrored] = [row for row in (entry.offer, entry.house) if row]
    yield from _titles(*rows)
    yield from (entry.house.city,) if entry.house else ()


def _titles(*rows: Mirrored) -> Iterator[str]:
    return (text for row in rows for text in (*row.titles.values(), *row.sub_titles.values()))
