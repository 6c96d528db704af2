"""What the holds of a basket mean to its visitor. Asks nobody and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from catalog.availability import DayAvailability
from catalog.slots import Draw
from checkout.models import Basket, Hold


class Word(StrEnum):
    """What a line says of its places, from best to worst."""

    HELD = "held"
    CHECKED = "checked"  # not held: checked when ordering
    GONE = "gone"  # were held, and are not any more


@dataclass(frozen=True, slots=True)
class Kept:
    """How the places of a line are kept: until when, or why no longer (`Hold.Why`)."""

    word: Word = Word.CHECKED
    until: datetime | None = None
    why: str = ""


NOT_KEPT = Kept()


def of(basket: Basket | None) -> list[Hold]:
    """The holds of the basket's lines, those that ended as well, oldest first. One query."""
    return list(basket.holds.filter(line__isnull=False)) if basket else []


def by_line(rows: Iterable[Hold]) -> Mapping[int, list[Hold]]:
    """Holds by the id of their line."""
    found: dict[int, list[Hold]] = {}
    for row in rows:
        if row.line_id is not None:
            found.setdefault(row.line_id, []).append(row)
    return found


def kept(quantity: int, rows: Sequence[Hold], now: datetime) -> Kept:
    """How `quantity` places are kept by these holds of one line, oldest first."""
    live = [row for row in rows if row.is_live(now)]
    ends = [row.expires_at for row in live if row.expires_at]
    if ends and sum(row.quantity for row in live) >= quantity:
        return Kept(Word.HELD, min(ends))
    once = [row for row in rows if row.refreshed_at]
    if live or not once:
        return NOT_KEPT
    return Kept(Word.GONE, why=once[-1].why or _why_ended(once[-1]))


def tokens(rows: Iterable[Hold], now: datetime) -> tuple[str, ...]:
    """What an order item is to bring along of these holds."""
    return tuple(row.token for row in rows if row.is_live(now))


def with_own(day: DayAvailability, rows: Iterable[Hold]) -> DayAvailability:
    """The places of a day to whom these holds belong: what they hold is theirs to have.

    Only holds that were there when the places were told are missing in them.
    """
    now = timezone.now()
    there = [row for row in rows if row.is_live(now) and day.read_at and row.created_at < day.read_at]
    return day.with_own([Draw(row.ticket_id, row.slot_key, row.quantity) for row in there])


def _why_ended(row: Hold) -> Hold.Why:
    """Why a hold ended that nobody prolonged."""
    capped = row.cap_at and row.expires_at and row.expires_at >= row.cap_at
    return Hold.Why.CAP if capped else Hold.Why.LOST
