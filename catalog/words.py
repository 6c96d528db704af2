"""The small lists of upstream: tags by which people choose, countries, newsletters, ways of sending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from catalog.lists import Lists, Seen, new_row, not_gone, told, whole_if_there
from catalog.mirror import Known, Values
from catalog.programme_values import named_values, place_in_values, words_of
from shop.api.errors import Forbidden, NotFound
from shop.api.paging import Listing, Skipped
from shop.api.records import Country, Event, EventDate, Named, State, Tag, Tour

NOT_THERE = Seen(frozenset(), there=False)
TAGS = tuple(tag.value for tag in Tag)

Area = TypeVar("Area", Country, State)
Spoken = TypeVar("Spoken", Event, Tour, EventDate)


@dataclass(frozen=True, slots=True)
class Words:
    """Every tag met on the way, by its list. The first name heard counts, so the lists themselves come first."""

    met: dict[str, dict[int, Named]] = field(default_factory=lambda: {kind: {} for kind in TAGS})
    handed_on: set[tuple[str, int]] = field(default_factory=set)

    def note(self, kind: str, named: Iterable[Named]) -> None:
        """Remember words of one list."""
        for word in named:
            self.met[kind].setdefault(word.id, word)

    def heard(self, records: Iterable[Spoken]) -> Iterator[Spoken]:
        """The same records; their words are noted as they pass."""
        for record in records:
            self.note_all(record)
            yield record

    def hearing(self, values: Callable[[Spoken], Values]) -> Callable[[Spoken], Values]:
        """The same values; the words of the record are noted on the way."""

        def heard(record: Spoken) -> Values:
            self.note_all(record)
            return values(record)

        return heard

    def fresh(self) -> dict[str, list[Named]]:
        """By list, the words that were not asked for before."""
        found: dict[str, list[Named]] = {}
        for kind, words in self.met.items():
            if new := [word for pk, word in words.items() if (kind, pk) not in self.handed_on]:
                self.handed_on.update((kind, word.id) for word in new)
                found[kind] = new
        return found

    def note_all(self, record: Event | Tour | EventDate) -> None:
        """Remember every word of a record."""
        for kind, word in words_of(record):
            self.note(kind, (word,))


@dataclass(frozen=True, slots=True)
class SmallLists:
    """Reads the small lists for a mirror that knows these rows. A list upstream does not have is not `there`."""

    lists: Lists
    known: Mapping[str, Mapping[int, Known]]

    def note_tags(self, words: Words) -> bool:
        """Note the words of every list of tags; whether there was any list."""
        groups = (self.lists.gomus.events, self.lists.gomus.tours)
        there = {self._note_tags(words, group.tags, tag) for group in groups for tag in Tag}
        return True in there

    def take_new(self, words: Words) -> None:
        """Hand on the words met since last time."""
        for kind, found in words.fresh().items():
            self._take(kind, {word.id: named_values(word) for word in found})

    def tags(self, words: Words) -> Iterator[tuple[str, Seen]]:
        """The lists of tags, with all that were met."""
        return ((kind, Seen(frozenset(words.met[kind]))) for kind in TAGS)

    def others(self) -> Iterator[tuple[str, Seen]]:
        """Newsletters, ways of sending, countries and their parts."""
        group, locales = self.lists.gomus.reference, self.lists.locales
        yield "newsletter_groups", self._newsletters()
        yield "dispatch_modes", self._listed("dispatch_modes", group.dispatch_modes(locales))
        yield "countries", self._in_languages("countries", group.countries)
        yield "states", self._in_languages("states", group.states)

    def _note_tags(self, words: Words, read: Callable[..., tuple[Named, ...] | None], tag: Tag) -> bool:
        self.lists.progress(f"list of {tag.value}", 1, 1)
        try:
            found = read(tag, self.lists.locales)
        except Forbidden:
            return False
        words.note(tag.value, found or ())
        return found is not None

    def _newsletters(self) -> Seen:
        try:
            found = self.lists.gomus.reference.newsletter_groups(self.lists.locales)
        except (NotFound, Forbidden):
            return NOT_THERE
        return self._take("newsletter_groups", {word.id: named_values(word) for word in found})

    def _listed(self, kind: str, listing: Listing[Named]) -> Seen:
        whole = whole_if_there(listing)
        if whole is None:
            return NOT_THERE
        rows = {word.id: named_values(word) for word in self.lists.steps(kind, whole)}
        return self._take(kind, rows, whole.skipped)

    def _in_languages(self, kind: str, ask: Callable[[str], Listing[Area]]) -> Seen:
        """A list that names its places in one language at a time."""
        places: dict[int, Area] = {}
        names: dict[int, dict[str, str]] = {}
        skipped: dict[Skipped, None] = {}
        for locale in self.lists.locales:
            whole = whole_if_there(ask(locale))
            if whole is None:
                return NOT_THERE
            for place in self.lists.steps(kind, whole):
                places.setdefault(place.id, place)
                names.setdefault(place.id, {})[locale] = place.name
            skipped |= dict.fromkeys(whole.skipped)
        rows = {pk: place_in_values(place, names[pk]) for pk, place in places.items()}
        return self._take(kind, rows, tuple(skipped))

    def _take(self, kind: str, found: Mapping[int, Values], skipped: Sequence[Skipped] = ()) -> Seen:
        """Hand on the rows that are not as the mirror knows them."""
        known = self.known[kind]
        rows = (new_row(pk, values, known) for pk, values in found.items())
        self.lists.taker.take(kind, [row for row in rows if row])
        return Seen(frozenset(found).union(not_gone(found, skipped, known)), told(skipped))
