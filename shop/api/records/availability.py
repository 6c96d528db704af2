"""Records of live availability: quotas and their slots."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Slot:
    """An entry time. `key` is upstream's own spelling, to be sent back unchanged; compare by `at`.

    `left` is never negative. `total` (size without sales) is None where upstream does not tell it.
    """

    key: str
    at: datetime
    left: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class QuotaDay:
    """The places several tickets share on one day; slots sorted by instant."""

    quota_id: int
    ticket_ids: tuple[int, ...]
    slots: tuple[Slot, ...]


class DayStatus(StrEnum):
    """What a calendar says of a day: sold out is told from never offered."""

    AVAILABLE = "available"
    FULLY_BOOKED = "fully_booked"
    UNAVAILABLE = "unavailable"
