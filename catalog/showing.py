"""Live facts of the dates of events: the records of the ticket system as they came, and how old they are.

Everything is asked through the shared cache: one call at a time per question however many visitors ask, the last
answer with its age while the ticket system is down, NotKnown when nobody has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from catalog.asking import NotKnown, ask
from catalog.languages import shop_locales
from catalog.seat_plans import SeatPlan, sanitise
from catalog.standing import stand
from shop import gateway
from shop.api import Patience
from shop.api.errors import NotFound, Unavailable
from shop.api.records import EventDate, Seating

__all__ = ["Gone", "NotKnown", "Showing", "Showings", "drawing", "nearest", "showing", "showings"]

LIST_SECONDS = 60  # many dates at once are a hint, the chosen one is the word
DRAWING_SECONDS = 3600  # a room is rarely rebuilt
LOCALES_SECONDS = 3600
A_DAY = 86_400
BEFORE, AFTER = timedelta(days=15), timedelta(days=46)  # days looked at around a date that is full
WANTED = 3


class Gone(Exception):
    """The ticket system has no such date of this event."""


@dataclass(frozen=True, slots=True)
class Showing:
    """One date with prices, terms and seating plans. `stale`: older than anybody should rely on."""

    date: EventDate
    checked_seconds_ago: int
    stale: bool


@dataclass(frozen=True, slots=True)
class Showings:
    """Dates by their id, as lists tell them: with seats, without seating plans and terms of prices."""

    dates: Mapping[int, EventDate]
    checked_seconds_ago: int
    stale: bool


def showing(event_id: int, date_id: int) -> Showing:
    """One date of an event as it stands now. Raises NotKnown, and Gone for what upstream does not have."""
    flight = ask(
        "date",
        f"{event_id} {date_id}",
        lambda: _read_date(event_id, date_id),
        fresh=settings.AVAILABILITY_SECONDS,
    )
    if flight.value is None:
        raise Gone(date_id)
    return Showing(flight.value, round(flight.age_seconds), flight.stale)


def showings(event_id: int, start: date, end: date) -> Showings:
    """All dates of an event from `start` to `end`, both included; one call for up to 31 days. Raises NotKnown."""
    flight = ask(
        f"dates:{start}:{end}", f"{event_id}", lambda: _read_dates(event_id, start, end), fresh=LIST_SECONDS
    )
    return Showings(flight.value, round(flight.age_seconds), flight.stale)


def nearest(event_id: int, wanted: EventDate, number: int) -> list[EventDate]:
    """The three other dates nearest to `wanted` on which `number` people get in. Raises NotKnown."""
    day = timezone.localtime(wanted.start_time).date()
    start = max(day - BEFORE, timezone.localdate())
    others = showings(event_id, start, max(start, day + AFTER)).dates.values()
    now = timezone.now()
    fitting = []
    for other in others:
        standing = stand(other, now)
        if other.id != wanted.id and max(number, standing.least) <= standing.most:
            fitting.append(other)
    fitting.sort(key=lambda other: (abs(other.start_time - wanted.start_time), other.start_time, other.id))
    return fitting[:WANTED]


def drawing(seating: Seating) -> SeatPlan | None:
    """The drawing of a seating plan, harmless; None if there is none to be had. Never raises."""
    if seating.visual_id is None:
        return None
    visual_id, language = seating.visual_id, get_language() or settings.LANGUAGE_CODE
    try:
        return ask(
            f"drawing:{language}",
            f"{visual_id}",
            lambda: _read_drawing(visual_id, language),
            fresh=DRAWING_SECONDS,
            stale=A_DAY,
        ).value
    except NotKnown:
        return None


def _read_date(event_id: int, date_id: int) -> EventDate | None:
    try:
        return gateway.client().events.event_date(event_id, date_id, _locales())
    except NotFound:
        return None


def _read_dates(event_id: int, start: date, end: date) -> dict[int, EventDate]:
    return {found.id: found for found in gateway.client().events.dates_of(event_id, _locales(), start, end)}


def _read_drawing(visual_id: int, language: str) -> SeatPlan | None:
    try:
        return sanitise(gateway.client().events.seating_visual(visual_id, language))
    except NotFound:
        return None


def _locales() -> list[str]:
    """The languages to ask for texts in; they change with an update of the ticket system, if ever."""
    try:
        return ask("locales", "", _read_locales, fresh=LOCALES_SECONDS, stale=A_DAY).value
    except NotKnown as error:
        raise Unavailable("GET /locales", "not known") from error


def _read_locales() -> list[str]:
    return shop_locales(gateway.client(), patience=Patience.WEB)
