"""What the ticket page shows of a visitor's choice: the month, the day's entry times, the kinds to choose from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog import availability
from catalog.availability import DayAvailability, NextFree, NotKnown
from catalog.models import Ticket
from catalog.naming import split_titles
from catalog.slots import DayState, SlotState
from shop.dates import today

FURTHEST = 366  # days ahead a visitor may look
LINE_IDS = re.compile(r"[0-9]{1,18}(,[0-9]{1,18}){0,99}")
MOST = 1000  # of one kind, whatever a request says
PARTS: tuple[tuple[int, Promise], ...] = ((12, _("Morning")), (17, _("Afternoon")), (24, _("Evening")))
DAY_WORDS: dict[DayState, Promise] = {
    DayState.FREE: _("free"),
    DayState.FEW: _("few left"),
    DayState.SOLD_OUT: _("sold out"),
    DayState.CLOSED: pgettext_lazy("in a small calendar", "closed"),
    DayState.UNAVAILABLE: _("full or closed"),
    DayState.OVER: _("over"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks for. Nonsense in it is read as nothing."""

    day: date | None
    month: date | None
    time: str
    party: Mapping[int, int]
    instead: str = ""  # lines of a basket this visit is to replace: numbers with commas


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the calendar."""

    day: date
    state: DayState
    word: Promise
    chosen: bool

    @property
    def open(self) -> bool:
        return self.state in {DayState.FREE, DayState.FEW}


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar of weeks; None: a day of another month. `before` and `after` are the months to turn to."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    before: date | None
    after: date | None
    hidden_weeks: int


@dataclass(frozen=True, slots=True)
class Kind:
    """One ticket kind with how many of it may be chosen at the chosen time."""

    ticket: Ticket
    name: str
    chosen: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The whole choosing part. `unknown`: the ticket system does not answer; it is asked again at `retry_at`."""

    title: str
    kinds: tuple[Kind, ...]
    month: Month | None = None
    places: DayAvailability | None = None
    parts: tuple[tuple[Promise, tuple[SlotState, ...]], ...] = ()
    slot: SlotState | None = None
    next_free: NextFree | None = None
    nearest: tuple[SlotState, ...] = ()
    unknown: bool = False
    retry_at: datetime | None = None
    full_for_party: bool = False
    instead: str = ""

    @property
    def day(self) -> date | None:
        return self.places.day if self.places else None

    @property
    def whole_day(self) -> bool:
        return bool(self.kinds) and all(kind.ticket.whole_day for kind in self.kinds)


def read_wish(query: Mapping[str, str], family: Sequence[Ticket]) -> Wish:
    """Read the day, month, slot key and numbers of people out of a query."""
    party = {ticket.pk: read_number(query.get(f"q-{ticket.pk}", "")) for ticket in family}
    return Wish(
        day=read_day(query.get("day", "")),
        month=read_month(query.get("month", "")),
        time=query.get("time", "")[:40],
        party=party,
        instead=_line_ids(query.get("instead", "")),
    )


def choose(family: Sequence[Ticket], wish: Wish) -> Choice:
    """Look up what the wish needs. Never raises for an upstream that is down: the choice says so."""
    title, names = split_titles([ticket.title for ticket in family])
    kinds = tuple(
        Kind(ticket, name, wish.party.get(ticket.pk, 0), ticket.max_persons)
        for ticket, name in zip(family, names, strict=True)
    )
    try:
        return _look_up(title, kinds, family, wish)
    except NotKnown as error:
        return Choice(title, kinds, unknown=True, retry_at=error.retry_at, instead=wish.instead)


def _look_up(title: str, kinds: tuple[Kind, ...], family: Sequence[Ticket], wish: Wish) -> Choice:
    next_free = availability.next_free(family)
    day = wish.day or (next_free.day if next_free else None)
    first = wish.month or (day or today()).replace(day=1)
    month = calendar(availability.month(family, first).days, first, day)
    if day is None:
        return Choice(title, kinds, month, instead=wish.instead)
    places = availability.day(family, day)
    slot = places.slot(wish.time) if wish.time else _only(places)
    slot = slot if slot and slot.bookable else None
    missed = bool(wish.time) and slot is None
    party = {pk: number for pk, number in wish.party.items() if number}
    full = slot is not None and bool(party) and not places.takes(party, slot)
    nearest = _nearest(family, party, wish.time, missed=missed or full)
    return Choice(
        title=title,
        kinds=_with_limits(kinds, slot),
        month=month,
        places=places,
        parts=_parts(places),
        slot=slot,
        next_free=next_free,
        nearest=nearest,
        full_for_party=missed or full,
        instead=wish.instead,
    )


def _only(places: DayAvailability) -> SlotState | None:
    """A day ticket has one time: nothing to choose."""
    return places.slots[0] if len(places.slots) == 1 and places.slots[0].whole_day else None


def _with_limits(kinds: tuple[Kind, ...], slot: SlotState | None) -> tuple[Kind, ...]:
    if slot is None:
        return kinds
    return tuple(
        Kind(kind.ticket, kind.name, kind.chosen, slot.per_ticket.get(kind.ticket.pk, 0)) for kind in kinds
    )


def _nearest(
    family: Sequence[Ticket], party: Mapping[int, int], key: str, *, missed: bool
) -> tuple[SlotState, ...]:
    """The three nearest times for the party (for one person while nobody is chosen)."""
    wanted = _instant(key)
    if not missed or wanted is None:
        return ()
    return tuple(availability.nearest(family, party or {family[0].pk: max(1, family[0].min_persons)}, wanted))


def _parts(places: DayAvailability) -> tuple[tuple[Promise, tuple[SlotState, ...]], ...]:
    by_part = groupby(places.slots, key=lambda slot: part_of(slot.at))
    return tuple((PARTS[index][1], tuple(slots)) for index, slots in by_part)


def part_of(at: datetime) -> int:
    """The part of the day, as an index of PARTS, in which an instant lies at the venue."""
    hour = timezone.localtime(at).hour
    return next(index for index, (end, _word) in enumerate(PARTS) if hour < end)


def calendar(states: Mapping[date, DayState], first: date, chosen: date | None) -> Month:
    """The table of a month (`first` is its first day) out of the states of all its days."""
    days = [Day(day, state, DAY_WORDS[state], day == chosen) for day, state in sorted(states.items())]
    cells: list[Day | None] = [None] * days[0].day.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    weeks = [tuple(cells[start : start + 7]) for start in range(0, len(cells), 7)]
    over = sum(all(cell is None or cell.state is DayState.OVER for cell in week) for week in weeks)
    kept = tuple(weeks[over:]) or tuple(weeks)
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return Month(
        first=first,
        weeks=kept,
        before=before if before >= today().replace(day=1) else None,
        after=after if after <= today() + timedelta(days=FURTHEST) else None,
        hidden_weeks=len(weeks) - len(kept),
    )


def weekdays() -> list[tuple[str, str]]:
    """Short and long names, Monday first."""
    return [(str(WEEKDAYS_ABBR[number])[:2], str(WEEKDAYS[number])) for number in range(7)]


def read_day(text: str) -> date | None:
    """A day a visitor may look at, None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if today() <= day <= today() + timedelta(days=FURTHEST) else None


def read_month(text: str) -> date | None:
    """The first day of a month a visitor may look at ("2026-11"), None for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    earliest = today().replace(day=1)
    return first if earliest <= first <= today() + timedelta(days=FURTHEST) else None


def read_number(text: str) -> int:
    """A number of people, 0 for anything else."""
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _line_ids(text: str) -> str:
    return text if LINE_IDS.fullmatch(text) else ""


def _instant(key: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(key)
    except ValueError:
        return None
    return at if at.tzinfo else None
