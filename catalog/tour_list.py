"""All tours, narrowed by what they are for: read from the mirror in five queries, counted in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Museum, Picture, Term, Tour
from catalog.search import Document, index_of

PAGE = 24
LONGEST_TEXT = 80
MOST_PAGES = 1000
SLIM = (
    *("titles", "sub_titles", "museum", "category", "picture", "featured"),
    *("duration", "min_participants", "max_participants"),
)
# The filters: name in addresses, kind of list (None: museums), what they are called.
FILTERS: tuple[tuple[str, str | None, Promise], ...] = (
    ("museum", None, _("Museum")),
    ("category", Term.Kind.CATEGORIES, _("Kind of tour")),
    ("language", Term.Kind.LANGUAGES, _("Language")),
    ("age_group", Term.Kind.AGE_GROUPS, _("Age group")),
    ("audience", Term.Kind.AUDIENCES, _("Meant for")),
)


@dataclass(frozen=True, slots=True)
class TourSeek:
    """Which tours. Every filter is upstream's number of a museum or a word, 0 for all. `page` counts from 1."""

    text: str = ""
    museum: int = 0
    category: int = 0
    language: int = 0
    age_group: int = 0
    audience: int = 0
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The query of an address that asks for this, with something changed; on its first page if not said."""
        other = replace(self, **({"page": 1} | changes))
        said = {one.name: getattr(other, one.name) for one in fields(other)}
        said = {"q": said.pop("text"), **said, "page": other.page if other.page > 1 else 0}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def narrowed(self) -> bool:
        return self != TourSeek(page=self.page)


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: what can be chosen, each with the number of tours that would then be shown."""

    name: str
    word: Promise
    chosen: int
    options: tuple[tuple[int, str, int], ...]


@dataclass(frozen=True, slots=True)
class TourCard:
    tour: Tour
    museum: Museum | None
    picture: Picture | None
    category: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One filter less: its name in addresses, what is then changed, and how many tours there would be."""

    word: Promise
    query: str
    count: int


@dataclass(frozen=True, slots=True)
class ToursPage:
    """A page of tours that match everything. `ways`: where nothing matches, the filters that stand in the way."""

    cards: tuple[TourCard, ...]
    total: int
    facets: tuple[Facet, ...]
    seek: TourSeek
    pages: int
    ways: tuple[Way, ...]

    @property
    def before(self) -> int:
        return self.seek.page - 1

    @property
    def after(self) -> int:
        return self.seek.page + 1


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The mirror's tours that can be booked, and the ids by which they are filtered, per filter and tour."""

    tours: tuple[Tour, ...]
    museums: Mapping[int, Museum]
    terms: Mapping[str, Term]
    ids: Mapping[str, Mapping[int, frozenset[int]]]

    def titled(self, kind: str | None, number: int) -> str:
        """What a choice of a filter is called."""
        found = self.museums.get(number) if kind is None else self.terms.get(f"{kind}:{number}")
        return found.title if found else ""

    def names(self, tour: Tour, name: str, kind: str) -> tuple[str, ...]:
        """The words of one kind a tour has, as upstream numbers them."""
        numbers = sorted(self.ids[name].get(tour.pk, ()))
        return tuple(title for number in numbers if (title := self.titled(kind, number)))


def read_tour_seek(query: Mapping[str, str]) -> TourSeek:
    """Read the filters out of a query; nonsense is read as nothing."""
    chosen = {name: _number(query.get(name, "")) for name, _kind, _word in FILTERS}
    text = " ".join(query.get("q", "").replace("\0", " ").split())[:LONGEST_TEXT]
    page = min(max(_number(query.get("page", "")), 1), MOST_PAGES)
    return TourSeek(text=text, page=page, **chosen)


def tours_page(seek: TourSeek) -> ToursPage:
    """The tours that match, with the counts of every filter beside the others."""
    shelf = _shelf()
    found = _matching(shelf, seek)
    pages = max(1, -(-len(found) // PAGE))
    seek = replace(seek, page=min(seek.page, pages))
    return ToursPage(
        cards=_cards(shelf, found[(seek.page - 1) * PAGE : seek.page * PAGE]),
        total=len(found),
        facets=tuple(_facet(shelf, seek, *one) for one in FILTERS),
        seek=seek,
        pages=pages,
        ways=() if found else _ways(shelf, seek),
    )


def _shelf() -> _Shelf:
    tours = tuple(Tour.objects.live().filter(bookable=True).only(*SLIM))
    museums = Museum.objects.live().only("titles", "city").in_bulk()
    terms = Term.objects.live().only("kind", "remote_id", "titles").in_bulk()
    ids: dict[str, dict[int, set[int]]] = {name: {} for name, _kind, _word in FILTERS}
    for tour in tours:
        if tour.museum_id and tour.museum_id in museums:
            ids["museum"][tour.pk] = {tour.museum_id}
        if tour.category_id in terms:
            ids["category"][tour.pk] = {terms[tour.category_id].remote_id}
    by_kind = {kind: name for name, kind, _word in FILTERS if kind}
    for tour_id, term_id in Tour.tags.through.objects.values_list("tour_id", "term_id"):
        if (term := terms.get(term_id)) and (name := by_kind.get(term.kind)):
            ids[name].setdefault(tour_id, set()).add(term.remote_id)
    frozen = {name: {pk: frozenset(own) for pk, own in found.items()} for name, found in ids.items()}
    featured_first = sorted(tours, key=lambda tour: (not tour.featured, tour.title.casefold(), tour.pk))
    return _Shelf(tuple(featured_first), museums, terms, frozen)


def _matching(shelf: _Shelf, seek: TourSeek, *, without: str = "") -> list[Tour]:
    """The tours that match every filter but one."""
    tests: list[Callable[[Tour], bool]] = []
    for name, _kind, _word in FILTERS:
        if name != without and (wanted := getattr(seek, name)):
            own = shelf.ids[name]
            tests.append(lambda tour, own=own, wanted=wanted: wanted in own.get(tour.pk, ()))  # type: ignore[misc]
    if seek.text and without != "text":
        named = index_of(tuple(_document(shelf, tour) for tour in shelf.tours)).find(seek.text)
        tests.append(lambda tour: tour.pk in named)
    return [tour for tour in shelf.tours if all(test(tour) for test in tests)]


def _document(shelf: _Shelf, tour: Tour) -> Document:
    museum = shelf.museums.get(tour.museum_id or 0)
    house = (*museum.titles.values(), museum.city) if museum else ()
    return Document(tour.pk, (*tour.titles.values(), *tour.sub_titles.values(), *house))


def _facet(shelf: _Shelf, seek: TourSeek, name: str, kind: str | None, word: Promise) -> Facet:
    counts = Counter(
        number for tour in _matching(shelf, seek, without=name) for number in shelf.ids[name].get(tour.pk, ())
    )
    chosen = getattr(seek, name)
    if chosen:
        counts.setdefault(chosen, 0)  # what was chosen stays to be seen
    titled = [(number, shelf.titled(kind, number), count) for number, count in counts.items()]
    options = sorted((one for one in titled if one[1]), key=lambda one: (one[1].casefold(), one[0]))
    return Facet(name, word, chosen, tuple(options))


def _cards(shelf: _Shelf, tours: list[Tour]) -> tuple[TourCard, ...]:
    pictures = Picture.objects.exclude(width=0).in_bulk(
        {tour.picture_id for tour in tours if tour.picture_id}
    )
    return tuple(
        TourCard(
            tour=tour,
            museum=shelf.museums.get(tour.museum_id or 0),
            picture=pictures.get(tour.picture_id or 0),
            category=next(iter(shelf.names(tour, "category", Term.Kind.CATEGORIES)), ""),
            languages=shelf.names(tour, "language", Term.Kind.LANGUAGES),
        )
        for tour in tours
    )


def _ways(shelf: _Shelf, seek: TourSeek) -> tuple[Way, ...]:
    """What could be given up, and how many tours there would then be; nothing that does not help."""
    words: list[tuple[str, Promise]] = [(name, word) for name, _kind, word in FILTERS]
    ways = []
    for name, word in [*words, ("text", _("Words"))]:
        if getattr(seek, name) and (found := _matching(shelf, seek, without=name)):
            nothing = "" if name == "text" else 0
            ways.append(Way(word, seek.query(**{name: nothing}), len(found)))
    return tuple(ways)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
