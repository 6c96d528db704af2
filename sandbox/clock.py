"""The sandbox's clock: real, shifted by seconds, or frozen; always in the zone of the instance."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
FIRST_YEAR, LAST_YEAR = 1900, 2200  # farther instants overflow when they are moved to another zone


class Clock:
    """Tells the time. `shift` is added to the real time; `frozen` stops it."""

    def __init__(self) -> None:
        self.shift = 0.0
        self.frozen: datetime | None = None

    def now(self) -> datetime:
        if self.frozen is not None:
            return self.frozen
        return datetime.now(ZONE) + timedelta(seconds=self.shift)

    def today(self) -> date:
        return self.now().date()


@lru_cache(maxsize=200_000)
def wall(day: date, minute: int) -> datetime:
    """The instant of a wall-clock minute of a day; a doubled minute is its first occurrence."""
    days, rest = divmod(minute, 24 * 60)
    return datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=ZONE)


@lru_cache(maxsize=200_000)
def exists(at: datetime) -> bool:
    """False for wall times skipped when summer time begins; asked of what `wall` made."""
    return at.astimezone(ZoneInfo("UTC")).astimezone(ZONE).replace(tzinfo=None) == at.replace(tzinfo=None)


def stamp(at: datetime) -> str:
    """ISO 8601 with offset and seconds, without fraction."""
    return at.astimezone(ZONE).replace(microsecond=0).isoformat()


def moment(value: Any) -> datetime | None:
    """An instant with an offset, within reach of the calendar; None for anything else."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at and at.tzinfo and FIRST_YEAR <= at.year <= LAST_YEAR else None


@lru_cache(maxsize=200_000)
def key(at: datetime) -> str:
    """The same for what `wall` made, of which answers are full."""
    return stamp(at)
