"""What the tour page shows of a wish: who comes, the days, the start times, the price with everything besides.

Never raises for an upstream that is down: what is not known then says so, and the rest stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from django.utils.functional import Promise

from catalog import tour_times
from catalog.choosing import PARTS, Month, calendar, part_of
from catalog.models import Term, Tour
from catalog.slots import DayState
from catalog.tour_page import TourPage
from catalog.tour_price import Priced, price
from catalog.tour_times import NotKnown
from catalog.tour_wish import TourWish
from shop.api import reading
from shop.api.records import StartTime
from shop.dates import today
from shop.flight import Flight

MONTHS_AHEAD = 3
WANTED = 3  # alternatives to offer
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many people a tour is for; None: no such limit is known."""

    least: int | None
    most: int | None

    def allows(self, people: int) -> bool:
        return (self.least or 1) <= people and (self.most is None or people <= self.most)

    def nearest_to(self, people: int) -> int:
        """The allowed number nearest to one that is not."""
        least = max(self.least or 1, people)
        return least if self.most is None else min(least, self.most)


@dataclass(frozen=True, slots=True)
class Start:
    """A start time as these people see it. `fits`: they can book it. `left`: people it still takes, None unlimited."""

    told: StartTime
    fits: bool
    least: int
    left: int | None
    chosen: bool

    @property
    def at(self) -> datetime:
        return self.told.at

    @property
    def key(self) -> str:
        return self.told.key


@dataclass(frozen=True, slots=True)
class TourChoice:
    """The whole choosing part.

    `wish` is the visitor's without what this tour does not have. `missing`: names of the fields that come first and are
    not filled in. `unknown`: nobody knows when the tour starts; it is asked again at `retry_at`. `missed`: the wanted
    start is none for these people. `near_days` and `near_starts` are what is nearest to a day or a start without room.
    """

    wish: TourWish
    limits: Limits
    missing: tuple[str, ...] = ()
    outside: bool = False
    month: Month | None = None
    first_day: date | None = None
    starts: tuple[Start, ...] = ()
    checked_seconds_ago: int = 0
    stale: bool = False
    start: Start | None = None
    missed: bool = False
    near_starts: tuple[Start, ...] = ()
    near_days: tuple[date, ...] = ()
    unknown: bool = False
    retry_at: datetime | None = None
    priced: Priced | None = None

    @property
    def ready(self) -> bool:
        """Whether days can be shown."""
        return not self.missing and not self.outside

    @property
    def parts(self) -> tuple[tuple[Promise, tuple[Start, ...]], ...]:
        """The start times by part of the day."""
        by_part = groupby(self.starts, key=lambda start: part_of(start.at))
        return tuple((PARTS[index][1], tuple(starts)) for index, starts in by_part)

    @property
    def fitting(self) -> bool:
        return any(start.fits for start in self.starts)

    @property
    def suggested(self) -> int:
        """How many people to begin with in an empty field."""
        return self.wish.people or self.limits.least or 1

    @property
    def allowed(self) -> int:
        """The number of people nearest to the wanted one that the tour is for."""
        return self.limits.nearest_to(self.suggested)


def choose_tour(page: TourPage, wish: TourWish) -> TourChoice:
    """Look up what the wish needs, step by step, no further than it goes."""
    wish = _of_this_tour(page, wish)
    limits = Limits(page.tour.min_participants, page.tour.max_participants)
    asked = {"language": page.languages, "age_group": page.age_groups}
    missing = [name for name, terms in asked.items() if terms and getattr(wish, name) is None]
    if not wish.people:
        return TourChoice(wish, limits, missing=(*missing, "people"))
    if missing or not limits.allows(wish.people):
        return TourChoice(wish, limits, tuple(missing), outside=not limits.allows(wish.people))
    return _look_up(page.tour, TourChoice(wish, limits), wish.people)


def _of_this_tour(page: TourPage, wish: TourWish) -> TourWish:
    """The wish with what the tour has alone; where it has one language or age group, that is chosen."""
    known = {piece["id"] for piece in page.tour.equipment}
    return replace(
        wish,
        tour=page.tour.pk,
        language=_one_of(page.languages, wish.language),
        age_group=_one_of(page.age_groups, wish.age_group),
        grade=wish.grade if wish.grade in {term.remote_id for term in page.grades} else None,
        equipment={key: number for key, number in wish.equipment.items() if key in known},
    )


def _one_of(terms: Sequence[Term], wanted: int | None) -> int | None:
    ids = [term.remote_id for term in terms]
    if len(ids) == 1:
        return ids[0]
    return wanted if wanted in ids else None


def _look_up(tour: Tour, choice: TourChoice, people: int) -> TourChoice:
    wish = choice.wish

    def days(month: date) -> Mapping[date, bool]:
        return tour_times.days(tour, month, people=people, language=wish.language).value

    try:
        choice = _with_month(choice, days)
    except NotKnown as error:
        # A day that was looked at before may be known all the same.
        choice = replace(choice, retry_at=error.retry_at, unknown=wish.day is None)
    if wish.day is None:
        return choice
    try:
        told = tour_times.starts(tour, wish.day, language=wish.language)
    except NotKnown as error:
        return replace(choice, unknown=True, retry_at=error.retry_at)
    choice = _with_starts(choice, told, people)
    if choice.start is None:
        near = _near_days(wish.day, days) if not choice.fitting else ()
        return replace(choice, near_days=near)
    return replace(choice, priced=price(tour, choice.start.told, choice.wish))


def _with_month(choice: TourChoice, days: Callable[[date], Mapping[date, bool]]) -> TourChoice:
    """The calendar: of the month asked for, else of the day, else of the first day with a start."""
    first_day = _first_open(days)
    first = (choice.wish.month or choice.wish.day or first_day or today()).replace(day=1)
    open_days = days(first)
    month_days = [first + timedelta(days=number) for number in range(31)]
    states = {day: _state(day, open_days) for day in month_days if day.month == first.month}
    return replace(choice, first_day=first_day, month=calendar(states, first, choice.wish.day))


def _first_open(days: Callable[[date], Mapping[date, bool]]) -> date | None:
    first = today().replace(day=1)
    for _ in range(MONTHS_AHEAD):
        if found := _open(days(first)):
            return found[0]
        first = _next_month(first)
    return None


def _with_starts(choice: TourChoice, told: Flight[list[StartTime]], people: int) -> TourChoice:
    wanted = reading.moment(choice.wish.start)
    starts = tuple(_start(one, people, wanted) for one in told.value)
    found = next((one for one in starts if one.chosen and one.fits), None)
    missed = wanted is not None and found is None
    near: Iterable[Start] = ()
    if wanted is not None and missed:
        near = sorted((one for one in starts if one.fits), key=lambda one: abs(one.at - wanted))
    return replace(
        choice,
        wish=replace(choice.wish, start=found.key if found else ""),
        starts=starts,
        checked_seconds_ago=round(told.age_seconds),
        stale=told.stale,
        start=found,
        missed=missed,
        near_starts=tuple(sorted(list(near)[:WANTED], key=lambda one: one.at)),
    )


def _start(told: StartTime, people: int, wanted: datetime | None) -> Start:
    limits = [most for most in (told.max_participants, told.bookable_participants) if most is not None]
    left = min(limits, default=None)
    fits = told.min_participants <= people and (left is None or people <= left)
    return Start(told, fits, told.min_participants, left, told.at == wanted)


def _near_days(day: date, days: Callable[[date], Mapping[date, bool]]) -> tuple[date, ...]:
    """The open days nearest to one without room, in order; () if nobody knows."""
    months = [(day.replace(day=1) - timedelta(days=1)).replace(day=1), day, _next_month(day.replace(day=1))]
    try:
        found = {other for month in months for other in _open(days(month)) if other != day}
    except NotKnown:
        return ()
    return tuple(sorted(sorted(found, key=lambda other: abs(other - day))[:WANTED]))


def _open(days: Mapping[date, bool]) -> list[date]:
    return sorted(day for day, bookable in days.items() if bookable and day >= today())


def _state(day: date, days: Mapping[date, bool]) -> DayState:
    if day < today():
        return DayState.OVER
    return DayState.FREE if days.get(day) else DayState.UNAVAILABLE


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
