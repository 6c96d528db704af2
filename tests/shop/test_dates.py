"""Days name their weekday; times are those of the venue."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from shop.dates import clock, long_day, short_day, today

DAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("de", "Samstag, 28. November 2026", "Sa. 28.11."),
        ("en", "Saturday 28 November 2026", "Sat 28 Nov"),
        ("en-gb", "Saturday 28 November 2026", "Sat 28 Nov"),
        ("fr", "Saturday 28 November 2026", "Sat 28 Nov"),
    ],
)
def test_days(language: str, long: str, short: str) -> None:
    assert long_day(DAY, language) == long
    assert short_day(DAY, language) == short


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_clock_is_that_of_the_venue_with_24_hours(language: str) -> None:
    assert clock(datetime(2026, 11, 28, 13, 0, tzinfo=UTC), language) == "14:00"
    assert clock(datetime(2026, 7, 1, 13, 5, tzinfo=UTC), language) == "15:05"


@time_machine.travel(datetime(2026, 11, 28, 23, 30, tzinfo=UTC))
def test_today_is_the_day_at_the_venue() -> None:
    assert today() == date(2026, 11, 29)
