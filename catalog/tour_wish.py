"""What a visitor wants of a tour, read from an address or a form and written into one. Nonsense is read as nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from catalog.choosing import read_day, read_month
from shop.api import reading

MOST = 1000  # of anything, whatever a request says
MOST_FIELDS = 100
COUNTED = re.compile(r"(scale|surcharge|equipment)-([1-9][0-9]{0,17})", re.ASCII)
KEY_LENGTH = 40


@dataclass(frozen=True, slots=True)
class TourWish:
    """A tour as wanted so far. Numbers of languages, age groups, grades, prices and equipment are upstream's.

    `tour`: 0 if not said. `people`: all participants, None if not said. `start`: as upstream spelled it, "" for none.
    `scales`, `surcharges`, `equipment`: numbers by id, without zeros. `garbled`: fields whose number is none, as sent.
    """

    tour: int = 0
    language: int | None = None
    age_group: int | None = None
    grade: int | None = None
    people: int | None = None
    day: date | None = None
    month: date | None = None
    start: str = ""
    scales: Mapping[int, int] = field(default_factory=dict)
    surcharges: Mapping[int, int] = field(default_factory=dict)
    equipment: Mapping[int, int] = field(default_factory=dict)
    garbled: Mapping[str, str] = field(default_factory=dict)

    def query(self, **changes: Any) -> str:
        """The query of an address that asks for this, with something changed."""
        return urlencode(list(replace(self, **changes).fields()))

    def fields(self) -> Iterator[tuple[str, str]]:
        """Names and values of everything said, as `read_tour_wish` reads them; the tour itself is not among them."""
        who = {"language": self.language, "age_group": self.age_group, "grade": self.grade}
        when = {"day": self.day, "month": self.month and self.month.strftime("%Y-%m"), "start": self.start}
        for name, value in {**who, "people": self.people, **when}.items():
            if value:
                yield name, str(value)
        yield from self.extras()
        yield from self.garbled.items()

    def extras(self) -> Iterator[tuple[str, str]]:
        """The fields of what was chosen besides."""
        chosen = {"scale": self.scales, "surcharge": self.surcharges, "equipment": self.equipment}
        for name, numbers in chosen.items():
            for key, number in numbers.items():
                yield f"{name}-{key}", str(number)

    @property
    def said(self) -> bool:
        """Whether anything was asked for."""
        return next(self.fields(), None) is not None


def read_tour_wish(data: Mapping[str, str]) -> TourWish:
    """Read a wish out of a query or a form."""
    counted: dict[str, dict[int, int]] = {"scale": {}, "surcharge": {}, "equipment": {}}
    garbled: dict[str, str] = {}
    for name, text in list(data.items())[:MOST_FIELDS]:
        if not (found := COUNTED.fullmatch(name)):
            continue
        number = _number(text)
        if number is None:
            garbled[name] = text[:KEY_LENGTH]
        elif number:
            counted[found[1]][int(found[2])] = number
    people = _number(data.get("people", ""))
    if people is None:
        garbled["people"] = data["people"][:KEY_LENGTH]
    start = _start(data.get("start", ""))
    return TourWish(
        tour=_id(data.get("tour", "")) or 0,
        language=_id(data.get("language", "")),
        age_group=_id(data.get("age_group", "")),
        grade=_id(data.get("grade", "")),
        people=people or None,
        day=read_day(data.get("day", "")) or _day_of(start),
        month=read_month(data.get("month", "")),
        start=start,
        scales=counted["scale"],
        surcharges=counted["surcharge"],
        equipment=counted["equipment"],
        garbled=garbled,
    )


def _number(text: str) -> int | None:
    """A number of people or things, 0 for nothing said, None for what is no such number."""
    text = text.strip()
    if not text:
        return 0
    plain = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if plain and int(text) <= MOST else None


def _id(text: str) -> int | None:
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 19 else None


def _start(text: str) -> str:
    """The key of a start time; what no instant can be read from is none."""
    return text if len(text) <= KEY_LENGTH and reading.moment(text) else ""


def _day_of(start: str) -> date | None:
    """The day at the venue of a start time."""
    at = reading.moment(start)
    return read_day(timezone.localtime(at).date().isoformat()) if at else None
