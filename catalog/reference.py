"""The small lists as forms need them: countries with their parts, and newsletters. Read from the mirror."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.utils.translation import get_language

from catalog.country_names import ENGLISH
from catalog.models import Term
from shop import edition

Kind = Term.Kind
KINDS = (Kind.COUNTRIES, Kind.STATES, Kind.NEWSLETTER_GROUPS)


@dataclass(frozen=True, slots=True)
class Country:
    """A country. `name` in the active language, `told` as the ticket system wants it named, `code` two letters."""

    id: int
    code: str
    name: str
    told: str


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a country."""

    id: int
    country_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A newsletter one may order."""

    id: int
    name: str


def countries() -> list[Country]:
    """All countries, the shop's own first, the others by name; empty while the mirror has none."""
    found = [_country(row) for row in _rows(Kind.COUNTRIES) if row.title]
    return sorted(found, key=lambda one: (one.code != settings.COUNTRY, _folded(one.name)))


def regions() -> list[Region]:
    """All parts of countries, by name."""
    rows = _rows(Kind.STATES)
    found = [Region(row.remote_id, row.country_id, row.title) for row in rows if row.title and row.country_id]
    return sorted(found, key=lambda one: _folded(one.name))


def newsletters() -> list[Newsletter]:
    """All newsletters, in upstream's order."""
    return [Newsletter(row.remote_id, row.title) for row in _rows(Kind.NEWSLETTER_GROUPS) if row.title]


def _rows(kind: Kind) -> tuple[Term, ...]:
    """The terms of one kind, in upstream's order."""
    return _terms().get(kind, ())


@edition.remembered
def _terms() -> Mapping[str, tuple[Term, ...]]:
    """All terms of these kinds, by kind."""
    rows = Term.objects.live().filter(kind__in=KINDS).order_by("kind", "remote_id")
    return {kind: tuple(found) for kind, found in groupby(rows, key=lambda row: row.kind)}


def _country(row: Term) -> Country:
    """Its name upstream is often the same in all languages; then we say it in English ourselves."""
    code, told = row.code.strip().upper(), row.titles.get(settings.LANGUAGE_CODE) or row.title
    language = get_language()
    ours = ENGLISH.get(code) if language == "en" and row.titles.get("en", told) == told else None
    return Country(row.remote_id, code, ours or row.title, told)


def _folded(name: str) -> str:
    """Ä stands beside A."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
