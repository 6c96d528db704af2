"""When a tour may start, what it costs then and what can be borrowed: asked live, shared between visitors.

Every function returns the client's records (`shop.api.records`) as a Flight, which knows its age in seconds and whether
it is stale, and raises NotKnown when neither the ticket system nor the cache has an answer. `people` are all
participants, `language` is upstream's number of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from catalog.asking import NotKnown, ask
from catalog.models import Tour
from shop import gateway
from shop.api.errors import NotFound
from shop.api.reading import moment
from shop.api.records import Slot, StartTime, TourPrices
from shop.dates import today
from shop.flight import Flight

__all__ = ["NotKnown", "TourOffer", "days", "equipment", "offer", "prices", "starts"]

DAYS_SECONDS = 60  # the calendar is a hint, the start times of the chosen day are the word


@dataclass(frozen=True, slots=True)
class TourOffer:
    """What upstream offers for one tour, start, language and number of people.

    `start` and `prices` are None when the tour does not start then. `equipment`: the most that can be had by id,
    nothing for an id that upstream does not tell. `stale`: some of it is old and being asked again.
    """

    start: StartTime | None
    prices: TourPrices | None
    equipment: Mapping[int, int]
    stale: bool


def days(tour: Tour, month: date, *, people: int, language: int | None) -> Flight[Mapping[date, bool]]:
    """The days of a month from today on: may the tour start for so many people? Days not mentioned are missing."""
    first = month.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    start, spoken = max(first, today()), _spoken(tour, language)
    if start > last:
        return Flight({}, 0.0, stale=False)
    return ask(
        "tour-days",
        f"{tour.pk} {start} {people} {spoken}",
        lambda: gateway.client().tours.start_times_any(
            tour.pk, start, last, participants=people, language_id=spoken
        ),
        fresh=DAYS_SECONDS,
    )


def starts(tour: Tour, day: date, *, language: int | None) -> Flight[list[StartTime]]:
    """The times the tour may start on a day, each with its participants: least, most, still bookable."""
    spoken = _spoken(tour, language)

    def read() -> list[StartTime]:
        try:
            return gateway.client().tours.start_times_on(tour.pk, day, language_id=spoken)
        except NotFound:  # it is gone, so it never starts
            return []

    return ask(
        "tour-starts",
        f"{tour.pk} {day} {spoken}",
        read,
        fresh=settings.AVAILABILITY_SECONDS,
    )


def prices(tour: Tour, start: StartTime, *, people: int, language: int | None) -> Flight[TourPrices]:
    """The price list for exactly this start, so many people and this language; it holds for nothing else."""
    at = timezone.localtime(start.at)

    def read() -> TourPrices:
        try:
            return gateway.client().tours.prices(
                tour.pk, at.date(), at.time(), _locales(tour), participants=people, language_id=language
            )
        except NotFound:
            return TourPrices(bookable=False)

    return ask(
        "tour-prices",
        f"{tour.pk} {at.isoformat()} {people} {language}",
        read,
        fresh=settings.AVAILABILITY_SECONDS,
    )


def equipment(tour: Tour, start: StartTime) -> Flight[Mapping[int, int]]:
    """What is left of each piece of equipment, by its id, for a tour that starts then.

    One question for the whole day: visitors who look at other times share it.
    """
    day = timezone.localtime(start.at).date()
    told = ask(
        "tour-equipment",
        f"{tour.pk} {day}",
        lambda: gateway.client().tours.equipments(tour.pk, day),
        fresh=settings.AVAILABILITY_SECONDS,
    )
    left = {number: _left(slots, start) for number, slots in told.value.items()}
    return Flight(left, told.age_seconds, stale=told.stale)


def offer(tour: Tour, key: str, *, people: int, language: int, with_equipment: bool) -> TourOffer:
    """Start, prices and equipment for exactly this choice; `key` in any spelling of the instant."""
    at = moment(key)
    if at is None:
        return TourOffer(None, None, {}, stale=False)
    told = starts(tour, timezone.localtime(at).date(), language=language)
    start = next((one for one in told.value if one.at == at), None)
    if start is None:
        return TourOffer(None, None, {}, stale=told.stale)
    listed = prices(tour, start, people=people, language=language)
    stale = told.stale or listed.stale
    if not with_equipment:
        return TourOffer(start, listed.value, {}, stale=stale)
    left = equipment(tour, start)
    return TourOffer(start, listed.value, left.value, stale=stale or left.stale)


def _left(slots: list[Slot], start: StartTime) -> int:
    """None is left where a start is not mentioned."""
    return next((slot.left for slot in slots if slot.at == start.at), 0)


def _spoken(tour: Tour, language: int | None) -> int | None:
    """The language as far as it changes when the tour may start: other visitors can then share the answer."""
    return language if tour.depends_on_language else None


def _locales(tour: Tour) -> list[str]:
    """The shop's languages in which upstream has texts, as the mirror met them."""
    return [code for code, _name in settings.LANGUAGES if code in tour.titles]
