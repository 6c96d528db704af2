"""Which events a visitor looks for, read from an address and written into one. Nonsense in it is read as nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from catalog.choosing import FURTHEST, read_day, read_month, read_number
from catalog.events import midnight
from catalog.seeking import MOST_PAGES, read_id, read_words
from shop.dates import today

NUMBERS = ("museum", "category", "language", "audience", "age")


@dataclass(frozen=True, slots=True)
class EventSeek:
    """Days from `start` to `end` (None: open), words, and upstream's numbers of what narrows the list (0: all).

    `month` is the first day of the month the calendar shows, None where the list itself decides.
    """

    start: date | None = None
    end: date | None = None
    text: str = ""
    museum: int = 0
    category: int = 0
    language: int = 0
    audience: int = 0
    age: int = 0
    month: date | None = None
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The query of an address that asks for this, with something changed; on its first page if not said."""
        other = replace(self, **({"page": 1} | changes))
        said: dict[str, object] = {"q": other.text, "from": other.start, "to": other.end}
        said |= {name: getattr(other, name) for name in NUMBERS}
        said["month"] = f"{other.month:%Y-%m}" if other.month else ""
        said["page"] = other.page if other.page > 1 else 0
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The instants between which dates begin."""
        start = self.start or today()
        end = self.end or today() + timedelta(days=2 * FURTHEST)
        return midnight(start), midnight(end + timedelta(days=1))

    @property
    def narrowed(self) -> bool:
        """Whether more than words and days narrow the list."""
        return any(getattr(self, name) for name in NUMBERS)


def read_event_seek(query: Mapping[str, str]) -> EventSeek:
    """Read what is looked for. An end before the start is taken for the start."""
    start, end = read_day(query.get("from", "")), read_day(query.get("to", ""))
    if start and end and end < start:
        end = start
    return EventSeek(
        start=start,
        end=end,
        text=read_words(query.get("q", "")),
        month=read_month(query.get("month", "")),
        page=min(max(read_number(query.get("page", "")), 1), MOST_PAGES),
        **{name: read_id(query.get(name, "")) for name in NUMBERS},
    )


def spans() -> list[tuple[str, date, date]]:
    """The days people ask for most: word, first and last day."""
    day = today()
    saturday = day if day.weekday() == 6 else day + timedelta(days=(5 - day.weekday()) % 7)
    sunday = saturday + timedelta(days=(6 - saturday.weekday()) % 7)
    tomorrow = day + timedelta(days=1)
    return [(_("Today"), day, day), (_("Tomorrow"), tomorrow, tomorrow), (_("Weekend"), saturday, sunday)]
