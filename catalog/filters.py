"""What a search can be narrowed by, each choice with the number of visits it would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.directory import FILTERS, Directory, Entry
from catalog.links import Kind
from catalog.seeking import TERM_NAMES, Seek

KIND_WORDS: dict[Kind, Promise] = {
    Kind.TICKET: _("Exhibitions and museums"),
    Kind.EVENT: _("Events"),
    Kind.TOUR: _("Guided tours"),
}
KIND_NAMES: dict[Kind, Promise] = {
    Kind.TICKET: _("Ticket"),
    Kind.EVENT: _("Event"),
    Kind.TOUR: _("Guided tour"),
}
LABELS: dict[str, tuple[Promise, Promise]] = {
    "categories": (_("Category"), _("all categories")),
    "languages": (_("Language"), _("all languages")),
    "age_groups": (_("Age group"), _("all age groups")),
    "audiences": (_("Audience"), _("all audiences")),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. `value` is what an address says for it."""

    value: str
    title: str | Promise
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A list of choices under one name in addresses; `nothing` says in words that none is made. `of`: what it is about,
    as `Seek.without` takes it."""

    of: str
    name: str
    label: str | Promise
    nothing: str | Promise
    choices: tuple[Choice, ...]


def chosen(entries: Iterable[Entry], seek: Seek) -> list[Entry]:
    """The entries that have everything the search asks for. A museum nobody knows filters nothing."""
    left, words = list(entries), seek.words
    if seek.kind or words:
        left = [one for one in left if seek.kind in ("", one.kind) and words <= one.terms]
    own = [one for one in left if one.house and one.house.pk == seek.museum] if seek.museum else []
    return own or left


def filters(entries: Sequence[Entry], everything: Directory, seek: Seek) -> tuple[Filter, ...]:
    """The filters with their counts among entries that match the words; those with nothing to choose are left out."""
    found = [_museums(chosen(entries, seek.without("museum")), seek)]
    if len({entry.kind for entry in entries}) > 1 or seek.kind:
        found.append(_kinds(chosen(entries, seek.without("kind")), seek))
    found += [_terms(chosen(entries, seek.without(kind)), everything, seek, kind) for kind in FILTERS]
    return tuple(one for one in found if one.choices)


def _museums(entries: Sequence[Entry], seek: Seek) -> Filter:
    houses = {entry.house.pk: entry.house for entry in entries if entry.house}
    numbers = Counter(entry.house.pk for entry in entries if entry.house)
    ordered = sorted(houses.values(), key=lambda one: (one.title.casefold(), one.pk))
    choices = (Choice(str(one.pk), one.title, numbers[one.pk], one.pk == seek.museum) for one in ordered)
    return Filter("museum", "museum", _("Museum"), _("all museums"), tuple(choices))


def _kinds(entries: Iterable[Entry], seek: Seek) -> Filter:
    numbers = Counter(entry.kind for entry in entries)
    choices = (
        Choice(kind, word, numbers[kind], kind == seek.kind)
        for kind, word in KIND_WORDS.items()
        if numbers[kind] or kind == seek.kind
    )
    return Filter("kind", "kind", _("Kind of visit"), _("everything"), tuple(choices))


def _terms(entries: Iterable[Entry], everything: Directory, seek: Seek, kind: str) -> Filter:
    numbers = Counter(term for entry in entries for term in entry.terms)
    picked = dict(seek.terms).get(kind, "")
    known = [term for pk in {*numbers, picked} if (term := everything.terms.get(pk)) and term.kind == kind]
    known.sort(key=lambda term: (term.title.casefold(), term.remote_id))
    choices = (Choice(str(one.remote_id), one.title, numbers[one.pk], one.pk == picked) for one in known)
    label, nothing = LABELS[kind]
    return Filter(kind, TERM_NAMES[FILTERS.index(kind)], label, nothing, tuple(choices))
