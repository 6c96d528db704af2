"""Days and times as visitors read them: the weekday named, the clock of the museum, 24 hours in every language."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from django.utils import timezone

LONG = {"de": "EEEE, d. MMMM yyyy", "en": "EEEE d MMMM yyyy"}
FULL = {"de": "d. MMMM yyyy", "en": "d MMMM yyyy"}
SHORT = {"de": "EEE dd.MM.", "en": "EEE d MMM"}


@lru_cache(maxsize=1024)
def long_day(day: date, language: str) -> str:
    """Return "Samstag, 28. November 2026" or "Saturday 28 November 2026"."""
    return _written(day, LONG, language)


@lru_cache(maxsize=1024)
def full_date(day: date, language: str) -> str:
    """Return "28. November 2026" or "28 November 2026"."""
    return _written(day, FULL, language)


@lru_cache(maxsize=1024)
def short_day(day: date, language: str) -> str:
    """Return "Sa. 28.11." or "Sat 28 Nov"."""
    return _written(day, SHORT, language)


def clock(moment: datetime, language: str) -> str:  # noqa: ARG001 - every language has the 24 hour clock today
    """Return the time of an aware datetime at the venue, as "14:00"."""
    return timezone.localtime(moment).strftime("%H:%M")


def today() -> date:
    """Return the day it is at the venue."""
    return timezone.localdate()


def _written(day: date, patterns: dict[str, str], language: str) -> str:
    base = language.split("-", maxsplit=1)[0]
    return format_date(day, patterns.get(base, patterns["en"]), locale=base if base in patterns else "en")
