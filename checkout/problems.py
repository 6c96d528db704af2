"""Why something cannot be had: a word of the ticket system's own, a sentence for the buyer, and what it means. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Refused(Exception):
    """The basket cannot take this. `problems` are sentences that say why and what to do."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class Standing(StrEnum):
    """What can be said of a line now, from best to worst."""

    FREE = "free"
    PRICE = "price"  # free, at another price than it was put into the basket at
    UNKNOWN = "unknown"  # the ticket system does not answer: checked when ordering
    LIMIT = "limit"  # too many or too few of its kind in one order
    FULL = "full"
    OVER = "over"
    GONE = "gone"  # no longer sold, or not at this time


ORDERABLE = frozenset({Standing.FREE, Standing.PRICE, Standing.UNKNOWN})
CHANGEABLE = ORDERABLE | {Standing.LIMIT, Standing.FULL}
MEANING = {
    "time_in_past": Standing.OVER,
    "sold_out": Standing.FULL,
    "seat_unavailable": Standing.FULL,
    "equipment_unavailable": Standing.FULL,
    "quantity_above_maximum": Standing.LIMIT,
    "quantity_below_minimum": Standing.LIMIT,
    "quantity_invalid": Standing.LIMIT,
    "surcharge_quantity": Standing.LIMIT,
    "sub_ticket_times_too_close": Standing.LIMIT,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` as the ticket system would refuse the order item, `text` for people."""

    code: str
    text: str

    @property
    def standing(self) -> Standing:
        """What a problem of this code makes of a line."""
        return MEANING.get(self.code, Standing.GONE)
