"""When a museum is open: a week of it, known, closed or not told yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, FilteredRelation, Q

from catalog.models import Museum, OpeningHours
from catalog.shapes import DayHours
from shop.dates import today

HOURS_DAYS = 7


def opening_hours(museum: Museum | None, first: date | None = None) -> tuple[DayHours, ...]:
    """Seven days of opening hours from `first` (default today) on; empty without a museum."""
    if museum is None:
        return ()
    first = first or today()
    rows = OpeningHours.objects.filter(museum=museum, **_week("day", first))
    return _seven_days(first, rows.values_list("day", "begins_at", "ends_at"))


def house_with_hours(museum_id: int) -> tuple[Museum, tuple[DayHours, ...]]:
    """One museum with its hours from today on; one query. Raises Museum.DoesNotExist."""
    first = today()
    week = FilteredRelation("opening_hours", condition=Q(**_week("opening_hours__day", first)))
    found = Museum.objects.live().filter(pk=museum_id).select_related("picture")
    of_day = {"on": F("week__day"), "begins_at": F("week__begins_at"), "ends_at": F("week__ends_at")}
    rows: list[Any] = list(found.annotate(week=week).annotate(**of_day).order_by())
    if not rows:
        raise Museum.DoesNotExist
    days = ((row.on, row.begins_at, row.ends_at) for row in rows if row.on)
    return rows[0], _seven_days(first, days)


def _week(column: str, first: date) -> dict[str, date]:
    """The condition that a day lies in the seven days from `first` on."""
    return {f"{column}__gte": first, f"{column}__lt": first + timedelta(days=HOURS_DAYS)}


def _seven_days(
    first: date, rows: Iterable[tuple[date, datetime | None, datetime | None]]
) -> tuple[DayHours, ...]:
    known = {day: DayHours(day, True, begins_at, ends_at) for day, begins_at, ends_at in rows}
    days = (first + timedelta(days=n) for n in range(HOURS_DAYS))
    return tuple(known.get(day) or DayHours(day, known=False) for day in days)
