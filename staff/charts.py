"""Charts as plain geometry: bars for the eyes, and the same figures as a table for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shop.money import format_money
from staff import figures

WIDTH, HEIGHT = 600, 140  # units of the drawing
GAP = 0.2  # of a bar's room stays free


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    told: str  # when pointed at


@dataclass(frozen=True, slots=True)
class Chart:
    """`bars` are empty where there is nothing to draw; then only the table is shown."""

    name: str
    title: str | Promise
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[Bar] = ()
    most: str = ""
    first: str = ""
    last: str = ""


def for_person(person: User | AnonymousUser) -> list[Chart]:
    """The charts this person may see: takings only for who may see payments."""
    charts: list[Chart] = []
    if not person.has_perm("orders.view_order"):
        return charts
    days = figures.days()
    charts.append(_by_day("orders", _("Orders booked per day"), days, [day.orders for day in days]))
    if person.has_perm("orders.view_payment"):
        takings = [day.cents for day in days]
        charts.append(_by_day("takings", _("Takings per day"), days, takings, money=True))
        charts.append(_museums())
    charts += [_baskets(), _upstream(days)]
    return charts


def bars(values: Sequence[int], told: Sequence[str]) -> list[Bar]:
    """Bars from left to right, the highest as high as the drawing; none where every value is zero."""
    most = max(values, default=0)
    if not most:
        return []
    room = WIDTH / len(values)
    return [
        Bar(
            x=round(number * room + room * GAP / 2, 1),
            y=round(HEIGHT - HEIGHT * value / most, 1),
            width=round(room * (1 - GAP), 1),
            height=round(HEIGHT * value / most, 1),
            told=words,
        )
        for number, (value, words) in enumerate(zip(values, told, strict=True))
    ]


def _by_day(
    name: str, title: str, days: Sequence[figures.Day], values: Sequence[int], *, money: bool = False
) -> Chart:
    said = [_money(value) if money else str(value) for value in values]
    rows = [(_date(day.day), words) for day, words in zip(days, said, strict=True)]
    return Chart(
        name=name,
        title=title,
        columns=[_("Day"), title],
        rows=[row for row, value in zip(rows, values, strict=True) if value],
        bars=bars(values, [f"{day}: {words}" for day, words in rows]),
        most=said[values.index(max(values))],
        first=rows[0][0],
        last=rows[-1][0],
    )


def _museums() -> Chart:
    found = figures.museums()
    rows = [(name or _("without a museum"), str(pieces), _money(cents)) for name, pieces, cents in found]
    return Chart("museums", _("Sold by museum"), [_("Museum"), _("Pieces"), _("Takings")], rows)


def _baskets() -> Chart:
    filled, ordered, booked = figures.baskets()
    rows = [
        (_("Baskets with something in them"), str(filled), _share(filled, filled)),
        (_("Ordered"), str(ordered), _share(ordered, filled)),
        (_("Booked"), str(booked), _share(booked, filled)),
    ]
    return Chart(
        "baskets", _("From basket to order, last 7 days"), [_("Step"), _("Number"), _("Share")], rows
    )


def _upstream(days: Sequence[figures.Day]) -> Chart:
    title = _("Calls to go~mus: mean time per day")
    values = [day.milliseconds or 0 for day in days]
    said = [f"{value} ms" for value in values]
    return Chart(
        name="upstream",
        title=title,
        columns=[_("Day"), _("Calls for orders"), _("Failed or unknown"), _("Mean time")],
        rows=[
            (_date(day.day), str(day.calls), str(day.failed), words)
            for day, words in zip(days, said, strict=True)
            if day.calls
        ],
        bars=bars(values, [f"{_date(day.day)}: {words}" for day, words in zip(days, said, strict=True)]),
        most=said[values.index(max(values))],
        first=_date(days[0].day),
        last=_date(days[-1].day),
    )


def _date(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _money(cents: int) -> str:
    return format_money(cents, settings.CURRENCY, get_language() or settings.LANGUAGE_CODE)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
