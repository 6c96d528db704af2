"""Events that match what a visitor looks for, with counts for every further choice. The mirror alone is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog import events
from catalog.choosing import FURTHEST
from catalog.event_seeking import EventSeek
from catalog.events import DayFact, EventCard, Fact
from catalog.models import Event, Museum, Term
from catalog.search import Document, index_of
from shop.dates import today

PAGE = 24
MOST_DAYS = 3
WORDS: dict[str, Promise] = {
    "museum": _("Museum"),
    "category": _("Kind of event"),
    "language": _("Language"),
    "audience": _("Audience"),
    "age": _("Age group"),
}
KINDS = {
    "category": Term.Kind.CATEGORIES.value,
    "language": Term.Kind.LANGUAGES.value,
    "audience": events.AUDIENCES,
    "age": events.AGE_GROUPS,
}

Key = int | str  # of a museum or a word


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter, and how many events it leads to."""

    value: int
    title: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter by its name in addresses."""

    name: str
    word: Promise
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Loosened:
    """What there would be without one condition: its name in a search, what it says, and the number of events."""

    name: str
    said: str
    count: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weeks of a month: days with their number of events, None for a day of another month."""

    first: date
    weeks: tuple[tuple[tuple[date, int] | None, ...], ...]
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class EventFindings:
    """One page of the answer. `days` and `loosened` are ways out where nothing was found."""

    cards: tuple[EventCard, ...]
    total: int
    page: int
    pages: int
    facets: tuple[Facet, ...]
    calendar: Calendar
    days: tuple[date, ...] = ()
    loosened: tuple[Loosened, ...] = ()

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1


@dataclass(frozen=True, slots=True)
class _Sieve:
    """What is looked for, ready to be held against facts."""

    wanted: Mapping[str, Key]
    named: Collection[int] | None
    tags: Mapping[int, Collection[str]]

    def values(self, fact: Fact | DayFact, name: str) -> Collection[Key | None]:
        """What a fact has for a filter to choose."""
        if name == "museum":
            return (fact.museum_id,)
        if name == "category":
            return (fact.category_id,)
        if name == "language":
            return (fact.language_id,)
        return self.tags.get(fact.event_id, ())

    def misses(self, fact: Fact | DayFact) -> frozenset[str]:
        """The conditions a fact does not meet."""
        missed = {name for name, key in self.wanted.items() if key not in self.values(fact, name)}
        if self.named is not None and fact.event_id not in self.named:
            missed.add("text")
        if isinstance(fact, Fact) and not fact.number:
            missed.add("days")
        return frozenset(missed)


def find(seek: EventSeek) -> EventFindings:
    """Answer a search in six queries."""
    facts = events.facts(*seek.span)
    museums, terms = events.museums(), events.terms()
    texts = events.titled() if seek.text else None
    sieve = _Sieve(_wanted(seek), _named(texts, museums, seek.text), events.tags())
    missed = [(fact, sieve.misses(fact)) for fact in facts]
    hits = _by_event(fact for fact, misses in missed if not misses)
    found = sorted(hits, key=lambda pk: (hits[pk].first, pk))
    pages = max(1, -(-len(found) // PAGE))
    page = min(seek.page, pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    rows = events.titled(shown) if texts is None else texts
    first = seek.month or _month(seek, [hits[pk].first for pk in found])
    return EventFindings(
        cards=tuple(_card(rows[pk], hits[pk], museums) for pk in shown if pk in rows),
        total=len(found),
        page=page,
        pages=pages,
        facets=_facets(seek, sieve, missed, museums, terms),
        calendar=_calendar(first, sieve),
        days=() if found else _nearest(seek, missed),
        loosened=() if found else _loosened(seek, missed, museums, terms),
    )


def _wanted(seek: EventSeek) -> dict[str, Key]:
    wanted: dict[str, Key] = {
        name: f"{kind}:{number}" for name, kind in KINDS.items() if (number := getattr(seek, name))
    }
    return wanted | ({"museum": seek.museum} if seek.museum else {})


def _named(
    texts: Mapping[int, Event] | None, museums: Mapping[int, Museum], words: str
) -> Collection[int] | None:
    """The events in which every word is found; None where nothing was asked."""
    if texts is None:
        return None
    documents = []
    for event in texts.values():
        house = museums.get(event.museum_id or 0)
        named = (*house.titles.values(), house.city) if house else ()
        own = (*event.titles.values(), *event.sub_titles.values())
        documents.append(Document(event.pk, (*own, *named)))
    return index_of(tuple(documents)).find(words)


@dataclass(slots=True)
class _Hit:
    """All matching dates of one event, whatever their language."""

    first: datetime
    number: int
    price_from: int | None


def _by_event(facts: Iterable[Fact]) -> dict[int, _Hit]:
    hits: dict[int, _Hit] = {}
    for fact in facts:
        if fact.first is None:
            continue
        hit = hits.setdefault(fact.event_id, _Hit(fact.first, 0, None))
        hit.first = min(hit.first, fact.first)
        hit.number += fact.number
        prices = [price for price in (hit.price_from, fact.price_from) if price is not None]
        hit.price_from = min(prices, default=None)
    return hits


def _card(event: Event, hit: _Hit, museums: Mapping[int, Museum]) -> EventCard:
    return events.card(event, museums.get(event.museum_id or 0), hit.first, hit.number, hit.price_from)


Missed = Sequence[tuple[Fact, frozenset[str]]]


def _facets(
    seek: EventSeek, sieve: _Sieve, missed: Missed, museums: Mapping[int, Museum], terms: Mapping[str, Term]
) -> tuple[Facet, ...]:
    facets = []
    for name, word in WORDS.items():
        found: dict[Key, set[int]] = {}
        for fact, misses in missed:
            if misses <= {name}:
                for key in sieve.values(fact, name):
                    if key is not None:
                        found.setdefault(key, set()).add(fact.event_id)
        chosen = getattr(seek, name)
        if chosen:
            found.setdefault(sieve.wanted[name], set())
        options = [
            Option(number, title, len(ids), number == chosen)
            for key, ids in found.items()
            for number, title in _told(name, key, museums, terms)
        ]
        options.sort(key=lambda option: (option.title.casefold(), option.value))
        facets.append(Facet(name, word, tuple(options)))
    return tuple(facets)


def _told(
    name: str, key: Key, museums: Mapping[int, Museum], terms: Mapping[str, Term]
) -> Iterable[tuple[int, str]]:
    """Upstream's number and our word for a choice; nothing for one that has no name or is of another filter."""
    if isinstance(key, int):
        return [(key, museums[key].title)] if key in museums and museums[key].title else []
    term = terms.get(key)
    return [(term.remote_id, term.title)] if term and term.kind == KINDS[name] and term.title else []


def _month(seek: EventSeek, firsts: Sequence[datetime]) -> date:
    """The month worth showing: that of the days asked for, else of the first event found."""
    day = seek.start or (timezone.localtime(firsts[0]).date() if firsts else today())
    return day.replace(day=1)


def _calendar(first: date, sieve: _Sieve) -> Calendar:
    on: dict[date, set[int]] = {}
    for fact in events.days(first):
        if not sieve.misses(fact):
            on.setdefault(fact.day, set()).add(fact.event_id)
    after = (first + timedelta(days=31)).replace(day=1)
    cells: list[tuple[date, int] | None] = [None] * first.weekday()
    for number in range((after - first).days):
        day = first + timedelta(days=number)
        cells.append((day, len(on.get(day, ()))))
    cells += [None] * (-len(cells) % 7)
    rows = (tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    weeks = (week for week in rows if any(cell and cell[0] >= today() for cell in week))
    before = (first - timedelta(days=1)).replace(day=1)
    return Calendar(
        first=first,
        weeks=tuple(weeks),
        before=before if before >= today().replace(day=1) else None,
        after=after if after <= today() + timedelta(days=FURTHEST) else None,
    )


def _nearest(seek: EventSeek, missed: Missed) -> tuple[date, ...]:
    """The nearest days on which there is something, where it is only the days that do not fit."""
    near = {
        timezone.localtime(moment).date()
        for fact, misses in missed
        if misses == {"days"}
        for moment in (fact.before, fact.after)
        if moment
    }
    centre = seek.start or seek.end or today()
    return tuple(sorted(sorted(near, key=lambda day: (abs(day - centre), day))[:MOST_DAYS]))


def _loosened(
    seek: EventSeek, missed: Missed, museums: Mapping[int, Museum], terms: Mapping[str, Term]
) -> tuple[Loosened, ...]:
    """What leaving out one condition leads to, where it leads to anything."""
    found: Counter[str] = Counter()
    for name in {name for _fact, misses in missed if len(misses) == 1 for name in misses}:
        found[name] = len({fact.event_id for fact, misses in missed if misses <= {name}})
    said = {"text": seek.text, "days": ""}
    for name, key in _wanted(seek).items():
        said[name] = next((title for _number, title in _told(name, key, museums, terms)), "")
    return tuple(Loosened(name, said[name], count) for name, count in found.most_common())
