"""What is on on one day, from the mirror alone: seven queries however much there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from catalog.models import EventDate, Exhibition, Museum, OpeningHours, Picture, Tour
from catalog.shapes import DayHours, ExhibitionCard

MOST_DATES = 200  # shown on one page
MOST_TOURS = 60


@dataclass(frozen=True, slots=True)
class DayPage:
    """`open` museums with their hours; `unknown`: those whose hours nobody has told for the day, `closed`: the others.

    `tours` start when their visitors want, so all of them are listed that are led in no closed house.
    """

    day: date
    open: tuple[tuple[Museum, DayHours], ...]
    unknown: tuple[Museum, ...]
    closed: tuple[Museum, ...]
    exhibitions: tuple[ExhibitionCard, ...]
    dates: tuple[EventDate, ...]
    more_dates: bool
    tours: tuple[Tour, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known to be on."""
        return not (self.open or self.unknown or self.exhibitions or self.dates)


def day_page(day: date) -> DayPage:
    """Everything of one day."""
    museums = {row.pk: row for row in Museum.objects.live().defer("descriptions")}
    hours = {row.museum_id: row for row in OpeningHours.objects.filter(day=day)}
    shut = {pk for pk, row in hours.items() if row.begins_at is None}
    dates = _dates(day)
    return DayPage(
        day=day,
        open=tuple(
            (row, DayHours(day, True, hours[pk].begins_at, hours[pk].ends_at))
            for pk, row in museums.items()
            if pk in hours and pk not in shut
        ),
        unknown=tuple(row for pk, row in museums.items() if pk not in hours),
        closed=tuple(row for pk, row in museums.items() if pk in shut),
        exhibitions=_exhibitions(day, museums, shut),
        dates=tuple(dates[:MOST_DATES]),
        more_dates=len(dates) > MOST_DATES,
        tours=_tours(shut),
    )


def _exhibitions(day: date, museums: dict[int, Museum], shut: set[int]) -> tuple[ExhibitionCard, ...]:
    """Those that run on the day in houses that are not closed, featured and soonest to end first."""
    rows = [
        row
        for row in Exhibition.objects.live().exclude(ends_on__lt=day).defer("descriptions")
        if row.runs_on(day) and row.museum_id not in shut
    ]
    rows.sort(key=lambda row: (not row.featured, row.ends_on or date.max, row.pk))
    wanted = {row.picture_id for row in rows if row.picture_id}
    pictures = Picture.objects.exclude(width=0).in_bulk(wanted)
    return tuple(
        ExhibitionCard(
            exhibition=row,
            museum=museums.get(row.museum_id or 0),
            picture=pictures.get(row.picture_id or 0),
            price_from=None,
            ticket_id=None,
        )
        for row in rows
    )


def _dates(day: date) -> Sequence[EventDate]:
    """The dates of the day that have not begun, by time, one more than is shown."""
    midnight = timezone.make_aware(datetime.combine(day, time()))
    next_midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    found = EventDate.objects.coming().filter(
        start_time__gte=midnight, start_time__lt=next_midnight, event__retired_at=None
    )
    related = found.select_related("event", "event__museum", "museum", "language")
    return list(related.defer("event__descriptions", "event__museum__descriptions")[: MOST_DATES + 1])


def _tours(shut: set[int]) -> tuple[Tour, ...]:
    found = Tour.objects.live().filter(bookable=True).exclude(museum_id__in=shut)
    return tuple(found.select_related("museum").defer("descriptions", "museum__descriptions")[:MOST_TOURS])
