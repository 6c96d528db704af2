"""The two days of the year on which the clock is changed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.sandbox.buyer import ADULT, Buyer
from tests.sandbox.visitor import get

ZONE = ZoneInfo("Europe/Berlin")
NIGHT = 830  # at 2:30 and 23:00 on Sundays
DEEP = 932  # a tour
COLLECTION = 331  # a ticket of a house that is open on Sundays


def offset(day: date) -> timedelta:
    found = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE).utcoffset()
    assert found is not None
    return found


def changes(first: date) -> Iterator[tuple[date, timedelta]]:
    """The days after `first` at whose noon the offset is another than the day before, and by how much."""
    days = (first + timedelta(days=number) for number in range(1, 400))
    for day in days:
        if moved := offset(day) - offset(day - timedelta(days=1)):
            yield day, moved


@pytest.fixture
def spring(buyer: Buyer) -> date:
    """The day on which an hour is left out, a week ahead of the sandbox's clock."""
    return _near(buyer, timedelta(hours=1))


@pytest.fixture
def autumn(buyer: Buyer) -> date:
    """The day on which an hour comes twice, a week ahead of the sandbox's clock."""
    return _near(buyer, timedelta(hours=-1))


def _near(buyer: Buyer, moved: timedelta) -> date:
    today = buyer.today()
    day = next(day for day, by in changes(today) if by == moved)
    buyer.sandbox.switch(clock_shift_s=((day - today).days - 7) * 86400)
    assert day.weekday() == 6
    return day


def night(buyer: Buyer, day: date) -> list[str]:
    return [row["start_time"] for row in get(buyer, f"/events/{NIGHT}/dates", date=day)["dates"]]


def test_a_time_that_is_left_out_has_no_date(buyer: Buyer, spring: date) -> None:
    assert night(buyer, spring) == [f"{spring}T23:00:00+02:00"]
    week = timedelta(days=7)
    assert night(buyer, spring - week) == [
        f"{spring - week}T02:30:00+01:00",
        f"{spring - week}T23:00:00+01:00",
    ]


def test_a_time_that_comes_twice_is_the_first(buyer: Buyer, autumn: date) -> None:
    assert night(buyer, autumn) == [f"{autumn}T02:30:00+02:00", f"{autumn}T23:00:00+01:00"]


@pytest.mark.parametrize("season", ["spring", "autumn"])
def test_minutes_of_the_day_are_read_from_the_clock_on_the_wall(
    buyer: Buyer, season: str, request: pytest.FixtureRequest
) -> None:
    day: date = request.getfixturevalue(season)
    shift = "+02:00" if season == "spring" else "+01:00"
    for ticket, first in ((ADULT, "10:00"), (COLLECTION, "11:00")):
        found = get(buyer, "/tickets/capacities", **{"ticket_ids[]": ticket, "date": day})["data"]
        [quota] = found.values()
        keys = list(quota["capacities"])
        assert keys[0] == f"{day}T{first}:00{shift}"
        assert {key[-6:] for key in keys} == {shift}
    hours = get(buyer, "/museums/1/opening_hours", date=day)["opening_hours"]
    assert (hours["begin"], hours["end"]) == (f"{day}T10:00:00{shift}", f"{day}T18:00:00{shift}")
    starts = get(buyer, f"/tours/{DEEP}/start_times/{day}")["data"]
    assert {row["start_time"][-6:] for row in starts} == {shift}


@pytest.mark.parametrize("season", ["spring", "autumn"])
def test_calendars_have_that_day_once(buyer: Buyer, season: str, request: pytest.FixtureRequest) -> None:
    day: date = request.getfixturevalue(season)
    span = {"start_at": str(day - timedelta(days=1)), "end_at": str(day + timedelta(days=1))}
    days = [str(day + timedelta(days=number)) for number in (-1, 0, 1)]
    for path in ("/tickets/calendar", "/calendar", f"/tours/{DEEP}/start_times"):
        assert list(get(buyer, path, **span)["data"]) == days, path
    deep = get(buyer, "/tickets/calendar", **span, **{"by_ticket_ids[]": ADULT}, depth="all")["data"][
        str(day)
    ]
    keys = [key for part in deep[0]["quota"]["capacities"] for key in part]
    assert {key[-5:] for key in keys} == {"+0200" if season == "spring" else "+0100"}
