"""What was chosen of a guided tour: read from a form, kept as JSON, told in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from catalog.models import Term, Tour
from catalog.models.base import pick
from catalog.tour_page import languages_of
from catalog.tour_wish import TourWish
from checkout.fields import an_id, counted, counts
from checkout.places import day_of
from checkout.problems import Refused
from shop.api.reading import moment

LONGEST_KEY = 40
COUNTS = ("scales", "surcharges", "equipment")
PLAIN = ("start", "language_id", "age_group_id", "grade_id", "people", "language", "age_group")


@dataclass(frozen=True, slots=True)
class TourChoice:
    """`people`: all who come; 0: those of `scales`. `surcharges`: all that are charged, None: it has none.

    `scales` where the tour has scale prices; who is named in none of them pays the dearest.

    `language`, `age_group`: their names by language, as they were when they were chosen.
    """

    start: str
    language_id: int
    age_group_id: int | None = None
    grade_id: int | None = None
    people: int = 0
    scales: Mapping[int, int] | None = None
    surcharges: Mapping[int, int] | None = None
    equipment: Mapping[int, int] = field(default_factory=dict)
    language: Mapping[str, str] = field(default_factory=dict)
    age_group: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, tour: Tour) -> Self:
        """The choice of a form. Raises Refused for what is none."""
        terms = list(tour.tags.all())
        language = _language(data, _of(terms, Term.Kind.LANGUAGES))
        age_group = _age_group(data, _of(terms, Term.Kind.AGE_GROUPS))
        start = data.get("start", "").strip()[:LONGEST_KEY]
        if day_of(start) is None:
            raise Refused(_("Please choose a day and a time."))
        scales, people = counts(data, "scale-"), counted(data.get("people"))
        if not (scales or people):
            raise Refused(_("Please choose how many people are coming."))
        return cls(
            start=start,
            language_id=language.remote_id,
            age_group_id=age_group.remote_id if age_group else None,
            grade_id=_grade(data, _of(terms, Term.Kind.GRADES)),
            people=people,
            scales=scales or None,
            surcharges=counts(data, "surcharge-"),
            equipment=counts(data, "equipment-"),
            language=language.titles,
            age_group=age_group.titles if age_group else {},
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The choice as `as_json` told it."""
        read = {
            name: None if kept.get(name) is None else {int(key): n for key, n in kept[name].items()}
            for name in COUNTS
            if name in kept
        }
        return cls(**{**kept, **read})

    def as_json(self) -> dict[str, Any]:
        """The choice as it is kept."""
        kept: dict[str, Any] = {name: getattr(self, name) for name in PLAIN}
        for name in COUNTS:
            numbers = getattr(self, name)
            kept[name] = None if numbers is None else {str(key): n for key, n in numbers.items()}
        return kept

    @property
    def number(self) -> int:
        return self.people or sum((self.scales or {}).values())

    @property
    def starts_at(self) -> datetime | None:
        return moment(self.start)

    @property
    def wish(self) -> TourWish:
        """The same as the page of the tour reads it."""
        return TourWish(
            language=self.language_id,
            age_group=self.age_group_id,
            grade=self.grade_id,
            people=self.number,
            start=self.start,
            scales=self.scales or {},
            surcharges=self.surcharges or {},
            equipment=self.equipment,
        )

    def details(self, tour: Tour) -> list[str]:
        """Language, age group and what is borrowed, in the active language."""
        told = [_("Language: %(language)s") % {"language": pick(dict(self.language))}]
        if age_group := pick(dict(self.age_group)):
            told.append(_("Age group: %(name)s") % {"name": age_group})
        return told + [
            f"{number} × {piece_name(tour, key)}" for key, number in self.equipment.items() if number
        ]


def piece_name(tour: Tour, key: int) -> str:
    """What a piece of equipment is called, in the active language."""
    names = {one["id"]: pick(one["titles"]) for one in tour.equipment}
    return names.get(key) or str(key)


def _of(terms: Iterable[Term], kind: Term.Kind) -> list[Term]:
    return [term for term in terms if term.kind == kind]


def _named(data: QueryDict, name: str, offered: Iterable[Term]) -> Term | None:
    wanted = an_id(data.get(name))
    return next((term for term in offered if term.remote_id == wanted), None)


def _language(data: QueryDict, listed: Sequence[Term]) -> Term:
    """The ticket system wants one named, also of a tour that lists none."""
    offered = languages_of(listed)
    if not offered:
        raise Refused(_("This tour cannot be booked here at the moment."))
    found = _named(data, "language", offered)
    if found is None:
        raise Refused(_("Please choose a language the tour is held in."))
    return found


def _age_group(data: QueryDict, offered: Sequence[Term]) -> Term | None:
    """Needed where the tour lists any."""
    found = _named(data, "age_group", offered)
    if found is None and offered:
        raise Refused(_("Please choose an age group."))
    return found


def _grade(data: QueryDict, offered: Sequence[Term]) -> int | None:
    """Only if the visitor says one of those the tour is for."""
    found = _named(data, "grade", offered)
    return found.remote_id if found else None
