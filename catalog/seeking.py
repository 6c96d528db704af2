"""What a visitor looks for, read from an address and written into one. Nonsense in it is read as nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.choosing import PARTS, read_day, read_number
from catalog.directory import FILTERS
from catalog.links import Kind
from catalog.party import Party
from shop.dates import today

PART_NAMES = ("morning", "afternoon", "evening")  # of PARTS, in addresses
USUAL = Party(adults=2)
MOST_PEOPLE = 99  # of one kind
LONGEST_TEXT = 80
# How the words people choose by are called in addresses, in the order of FILTERS.
TERM_NAMES = ("category", "language", "age", "audience")
MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Seek:
    """A day, who is coming, and what narrows the answer. `part`: one of PART_NAMES, '' for the whole day.

    `museum`: its id, 0 for all. `kind`: of visits, '' for all. `terms`: ids of the words chosen, by the kind of word;
    kinds nothing was chosen of are missing. `text`: words to search for. `page` counts from 1.
    """

    day: date
    party: Party = USUAL
    part: str = ""
    museum: int = 0
    kind: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    text: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The query of an address that asks for this, with something changed; on its first page if not said."""
        other = replace(self, **({"page": 1} | changes))
        party = other.party
        said = {"day": other.day.isoformat(), "part": other.part, "adults": party.adults}
        said |= {"reduced": party.reduced, "children": party.children, "museum": other.museum}
        numbers = {kind: term.partition(":")[2] for kind, term in other.terms}
        said |= {name: numbers.get(kind, "") for name, kind in zip(TERM_NAMES, FILTERS, strict=True)}
        said |= {"kind": other.kind, "q": other.text}
        said["page"] = other.page if other.page > 1 else 0
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether something particular is looked for, not just any visit of the day."""
        return bool(self.text or self.kind or self.museum or self.terms)

    @property
    def words(self) -> frozenset[str]:
        """The ids of all terms a visit must have."""
        return frozenset(term for _kind, term in self.terms)

    def without(self, name: str) -> Seek:
        """The same with nothing chosen of one filter: 'museum', 'kind' or a kind of words."""
        if name == "museum":
            return replace(self, museum=0)
        if name == "kind":
            return replace(self, kind="")
        return replace(self, terms=tuple(one for one in self.terms if one[0] != name))

    @property
    def parts(self) -> list[tuple[str, Promise]]:
        """The parts of a day to choose from, name and word."""
        return [(name, word) for name, (_hour, word) in zip(PART_NAMES, PARTS, strict=True)]

    @property
    def part_index(self) -> int | None:
        """The part as an index of PARTS, None for the whole day."""
        return PART_NAMES.index(self.part) if self.part else None


def read_seek(query: Mapping[str, str]) -> Seek:
    """Read a search out of a query. Nobody coming means the usual party, no day means today."""
    people = {
        name: min(read_number(query.get(name, "")), MOST_PEOPLE) for name in ("adults", "reduced", "children")
    }
    party = Party(**people)
    part, kind = query.get("part", ""), query.get("kind", "")
    return Seek(
        day=read_day(query.get("day", "")) or today(),
        party=party if party.total else USUAL,
        part=part if part in PART_NAMES else "",
        museum=read_id(query.get("museum", "")),
        kind=kind if kind in set(Kind) else "",
        terms=tuple(
            (words, f"{words}:{number}")
            for name, words in zip(TERM_NAMES, FILTERS, strict=True)
            if (number := read_id(query.get(name, "")))
        ),
        text=read_words(query.get("q", "")),
        page=min(max(read_number(query.get("page", "")), 1), MOST_PAGES),
    )


def chips() -> list[tuple[str, date]]:
    """The days people ask for most: word and day."""
    day = today()
    weekend = day if day.weekday() == 6 else day + timedelta(days=(5 - day.weekday()) % 7)
    return [(_("Today"), day), (_("Tomorrow"), day + timedelta(days=1)), (_("Weekend"), weekend)]


def party_words(party: Party) -> str:
    """ "2 adults, 1 child", in the active language."""
    words = [
        ngettext("%(count)s adult", "%(count)s adults", party.adults) % {"count": party.adults},
        ngettext("%(count)s reduced", "%(count)s reduced", party.reduced) % {"count": party.reduced},
        ngettext("%(count)s child", "%(count)s children", party.children) % {"count": party.children},
    ]
    numbers = (party.adults, party.reduced, party.children)
    return ", ".join(word for word, number in zip(words, numbers, strict=True) if number)


def read_words(text: str) -> str:
    """Words to search for, not too many."""
    return " ".join(text.replace("\0", " ").split())[:LONGEST_TEXT]


def read_id(text: str) -> int:
    """An id of upstream, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
