"""The dates of one event in one month: as a calendar and as a list, each with what is left if anybody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from catalog import events, showing
from catalog.events import EventPage
from catalog.models import EventDate
from catalog.showing import NotKnown, Showings
from catalog.standing import Standing, State, stand
from shop.dates import today

LISTED = 12  # dates shown without choosing a day


@dataclass(frozen=True, slots=True)
class Entry:
    """One date. `standing` None: nobody knows."""

    date: EventDate
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the month: its dates, and the best state among them ('' if not known)."""

    day: date
    entries: tuple[Entry, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """A month with dates. `before` and `after` are the next months that have some.

    `entries` are those of `day`, or of the whole month where they are few; `cut`: there are more than listed.
    `asked` is how old the places are, None if not known.
    """

    first: date
    before: date | None
    after: date | None
    weeks: tuple[tuple[Cell | None, ...], ...]
    entries: tuple[Entry, ...]
    day: date | None
    cut: bool
    asked: Showings | None


def agenda(page: EventPage, *, month: date | None, day: date | None, live: bool) -> Agenda | None:
    """The month asked for, else that of the day, else the first with dates; None without any date.

    Places are asked for unless not `live`. Never raises for an upstream that is down.
    """
    months = [first for first, _number in page.months]
    if not months:
        return None
    wanted = month or (day or months[0]).replace(day=1)
    first = wanted if wanted in months else months[0]
    end = (first + timedelta(days=31)).replace(day=1)
    told = _ask(page.event.pk, first, end) if live else None
    entries = [_entry(row, told) for row in events.dates_of(page.event.pk, first, end)]
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(timezone.localtime(entry.date.start_time).date(), []).append(entry)
    shown_day = day if day in by_day and len(entries) > LISTED else None
    shown = by_day[shown_day] if shown_day else entries[:LISTED]
    return Agenda(
        first=first,
        before=max((other for other in months if other < first), default=None),
        after=min((other for other in months if other > first), default=None),
        weeks=_weeks(first, end, by_day),
        entries=tuple(shown),
        day=shown_day,
        cut=len(shown) < len(entries),
        asked=told,
    )


def _ask(event_id: int, first: date, end: date) -> Showings | None:
    try:
        return showing.showings(event_id, max(first, today()), end - timedelta(days=1))
    except NotKnown:
        return None


def _entry(row: EventDate, told: Showings | None) -> Entry:
    if told is None:
        return Entry(row, None)
    record = told.dates.get(row.pk)
    return Entry(row, stand(record, timezone.now()) if record else Standing(State.CLOSED, None, 1, 0, 0))


def _weeks(
    first: date, end: date, by_day: Mapping[date, Sequence[Entry]]
) -> tuple[tuple[Cell | None, ...], ...]:
    cells: list[Cell | None] = [None] * first.weekday()
    for number in range((end - first).days):
        day = first + timedelta(days=number)
        own = tuple(by_day.get(day, ()))
        cells.append(Cell(day, own, _best(own)))
    cells += [None] * (-len(cells) % 7)
    weeks = (tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    return tuple(week for week in weeks if any(cell and cell.day >= today() for cell in week))


def _best(entries: Sequence[Entry]) -> str:
    states = [entry.standing.state for entry in entries if entry.standing]
    order = list(State)
    return min(states, key=order.index).value if states else ""
