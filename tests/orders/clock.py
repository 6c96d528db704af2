"""Time for engine tests: orders are driven from one due time to the next without waiting."""

from datetime import UTC, timedelta

import time_machine
from django.utils import timezone

from orders.engine import advance
from orders.lifecycle import State
from orders.models import Order


class Clock:
    """The clock of the test's process; the museum keeps its own."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self._traveller.shift(timedelta(**span))

    def agree(self) -> None:
        """Go back to the time of the museum: its drafts last twenty minutes by its own clock."""
        self._traveller.move_to(time_machine.escape_hatch.datetime.datetime.now(tz=UTC))


def drive_to_staff(order: Order, clock: Clock) -> None:
    """Advance `order` whenever it is due until staff are asked to look."""
    for _ in range(200):
        if order.attention:
            return
        drive(order, clock, turns=1)
    raise AssertionError(f"{order.state}: staff were never asked")


def drive(order: Order, clock: Clock, *, until: State | None = None, turns: int = 100) -> None:
    """Advance `order` whenever it is due until it is in state `until`, or for so many turns."""
    for _ in range(turns):
        order.refresh_from_db()
        if order.state == until:
            return
        free = max(order.due_at, order.claimed_until or order.due_at)
        wait = (free - timezone.now()).total_seconds()
        if wait > 0:
            clock.forward(seconds=wait + 0.001)
        advance(order.pk)
    order.refresh_from_db()
    assert until is None or order.state == until, f"{order.state}: {order.attention or order.refusal}"
