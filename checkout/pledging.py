"""Asks the ticket system to hold places for lines of a basket. The row of a hold is written before the question.

A hold that cannot be had for want of places refuses the choice; a ticket system that is silent or holds nothing for us
does not: such a line is checked when it is ordered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from checkout import holding, holds, limits
from checkout.models import Basket, BasketLine, Hold
from checkout.problems import Refused
from shop import gateway
from shop.api import Patience, errors, records

COMPLETED = (
    *("basket", "line", "quantity", "token", "state", "why"),
    *("created_at", "refreshed_at", "expires_at", "cap_at"),
)
# Words of the ticket system for places that cannot be had; any other refusal only means that it does not hold them.
NOT_TO_BE_HAD = frozenset(
    {"sold_out", "slot_unavailable", "time_in_past", "time_invalid", "quantity_above_maximum"}
    | {"not_bookable", "unknown_product"}
)


class NotHad(Refused):
    """The ticket system has not got these places. `code` is its word, `most` how many it allows if it says."""

    def __init__(self, ticket_id: int, code: str, most: int | None = None) -> None:
        super().__init__()
        self.ticket_id = ticket_id
        self.code = code
        self.most = most


@dataclass(frozen=True, slots=True)
class Wish:
    """Places somebody wants at one time, in all; `held` is the hold that is to become this many."""

    ticket_id: int
    slot_key: str
    slot_at: datetime
    quantity: int
    held: Hold | None = None

    @property
    def growth(self) -> int:
        return self.quantity - (self.held.quantity if self.held else 0)


@dataclass(frozen=True, slots=True)
class Pledge:
    """Holds made or changed for a choice that is not in the basket yet; `before` tells the numbers of the changed."""

    rows: tuple[Hold, ...] = ()
    before: tuple[tuple[Hold, int], ...] = ()

    def keep(self, lines: Iterable[BasketLine]) -> None:
        """Complete the rows and give each to its line. The basket is locked."""
        line_of = {(line.ticket_id, line.slot_at): line for line in lines}
        for row in self.rows:
            row.line = line_of.get((row.ticket_id, row.slot_at))
            if row.line:
                row.basket_id = row.line.basket_id
        _save(self.rows)

    def undo(self) -> None:
        """Nothing became of the choice: what was held for it is let go, what was changed is changed back."""
        _save(self.rows)
        for row, quantity in self.before:
            if row.quantity != quantity and row.state == Hold.State.HELD:
                holding.prolong(row, quantity)
        former = {row.pk for row, _quantity in self.before}
        for row in self.rows:
            if row.pk not in former:
                holding.let_go(row)


def wishes(lines: Iterable[BasketLine], own: Iterable[Hold]) -> list[Wish]:
    """What must be held for these lines (saved or not), each with the live hold of the same ticket and time."""
    now = timezone.now()
    live = {(row.ticket_id, row.slot_at): row for row in own if row.is_live(now)}
    return [
        Wish(
            line.ticket_id,
            line.slot_key,
            line.slot_at,
            line.quantity,
            live.get((line.ticket_id, line.slot_at)),
        )
        for line in lines
    ]


def pledge(basket: Basket, wanted: Sequence[Wish]) -> Pledge:
    """Hold all of it, fewer people first. Raises NotHad when the places are not there; nothing is held then.

    The rows of new holds are in the database before the first call, in memory only after it: `keep` completes them
    together with the lines.
    """
    found = sorted(wanted, key=lambda wish: wish.growth)
    new = Hold.objects.bulk_create(
        Hold(
            basket=basket,
            ticket_id=wish.ticket_id,
            slot_key=wish.slot_key,
            slot_at=wish.slot_at,
            quantity=wish.quantity,
        )
        for wish in found
        if wish.held is None
    )
    rows = iter(new)
    pairs = [(wish, wish.held or next(rows)) for wish in found]
    made = Pledge(
        tuple(row for _wish, row in pairs),
        tuple((wish.held, wish.held.quantity) for wish in found if wish.held),
    )
    try:
        _ask_all(pairs)
    except NotHad:
        made.undo()
        raise
    return made


@contextmanager
def unless_refused(made: Pledge) -> Iterator[None]:
    """What was held for a choice is let go when the choice is refused after all."""
    try:
        yield
    except Refused:
        made.undo()
        raise


def refusal(error: NotHad, name: str) -> str:
    """The sentence for places of this kind that are not there."""
    if error.code == "quantity_above_maximum" and error.most is not None:
        return limits.at_most(name, error.most)
    return limits.just_taken(name)


def renew(basket: Basket, lines: Sequence[BasketLine]) -> list[str]:
    """Hold the places of lines again, those that are there; returns sentences on the others. The lines stay."""
    told = []
    for line in lines if holding.is_on() else ():
        try:
            pledge(basket, wishes([line], holds.of(basket))).keep([line])
        except NotHad as error:
            told.append(refusal(error, line.ticket.title))
    return told


def _ask_all(pairs: Sequence[tuple[Wish, Hold]]) -> None:
    """Ask for one after the other; once the ticket system is silent the rest is not asked for."""
    silent = False
    for wish, row in pairs:
        if wish.growth and not silent:
            silent = not _ask(wish, row)
        elif wish.growth and wish.held is None:
            row.state, row.why = Hold.State.GONE, Hold.Why.SILENT


def _ask(wish: Wish, row: Hold) -> bool:
    """Ask for one hold, or for another number of one. False: no answer. Raises NotHad."""
    now, client = timezone.now(), gateway.client().reservations
    try:
        if wish.held is None:
            new = records.HoldCreate(wish.ticket_id, wish.quantity, wish.slot_key)
            told = client.create(new, patience=Patience.WEB)
        else:
            told = client.refresh(row.token, records.HoldChange(wish.quantity), patience=Patience.WEB)
    except errors.Refused as error:
        if wish.held is not None and isinstance(error, errors.NotFound):  # it has ended: a new one, then
            row.created_at, row.cap_at = now, None
            return _ask(replace(wish, held=None), row)
        _refused(wish, row, error)
    except errors.OutcomeUnknown:
        if wish.held is None:
            row.state, row.why, row.expires_at = Hold.State.UNKNOWN, Hold.Why.SILENT, holding.latest_end(now)
        return False
    except errors.GomusError:
        if wish.held is None:
            row.state, row.why = Hold.State.GONE, Hold.Why.SILENT
        return False
    else:
        holding.fill(row, told, now)
    return True


def _refused(wish: Wish, row: Hold, error: errors.Refused) -> None:
    """Note a refusal in the row; raises NotHad if it means that there are no places."""
    if wish.held is None:
        row.state, row.why = Hold.State.GONE, Hold.Why.REFUSED
    codes = error.codes() & NOT_TO_BE_HAD
    if codes and wish.growth > 0:
        most = next((detail.meta.get("max_persons") for detail in error.details), None)
        raise NotHad(wish.ticket_id, min(codes), most if isinstance(most, int) else None)


def _save(rows: Sequence[Hold]) -> None:
    if rows:
        Hold.objects.bulk_update(rows, COMPLETED)
