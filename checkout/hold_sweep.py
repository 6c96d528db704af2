"""Looks after all holds, whoever made them: those of active baskets are prolonged, the others are let go.

It also finds what a program left behind that died in the middle: a row that was asked for and never answered stays in
doubt until the hold, if there is one, has ended by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from checkout import holding
from checkout.models import Hold
from orders.lifecycle import FAILED, State

MOST = 100  # holds of one turn; the next comes soon
MOST_FAILURES = 3  # then the ticket system is left alone until the next turn
STILL_WANTED = frozenset({State.PLACED, State.DRAFT_UNKNOWN})  # the order brings its holds along


class Fate(StrEnum):
    KEEP = "keep"
    PROLONG = "prolong"
    LET_GO = "let_go"
    LET_GO_IDLE = "let_go_idle"


def sweep() -> int:
    """Do what is due now; returns how many holds were prolonged or let go. Safe to run twice at once."""
    now = timezone.now()
    note_lost_answers(now)
    note_ended(now)
    done = failures = 0
    for row in _due(now):
        if (what := fate(row, now)) is Fate.KEEP:
            continue
        if _carry_out(row, what):
            done += 1
        elif (failures := failures + 1) == MOST_FAILURES:
            break
    return done


def fate(row: Hold, now: datetime) -> Fate:
    """What becomes of a hold; `row` comes with its basket, line and order, and with `replaced`."""
    order = row.basket.order
    state = State(order.state) if order and order.state not in FAILED else None
    if row.line is None or getattr(row, "replaced", False) or (state and state not in STILL_WANTED):
        return Fate.LET_GO
    if state is None and holding.is_idle(row.basket, now):
        return Fate.LET_GO_IDLE
    return Fate.PROLONG if holding.is_due(row, now) else Fate.KEEP


def note_lost_answers(now: datetime) -> None:
    """Whoever asked for these is gone: there may be a hold, and nobody can know its token."""
    lost = Hold.objects.filter(state=Hold.State.ASKED, created_at__lte=now - holding.ONE_REQUEST)
    lost.update(
        state=Hold.State.UNKNOWN,
        why=Hold.Why.SILENT,
        expires_at=F("created_at") + holding.IN_DOUBT,
    )


def note_ended(now: datetime) -> None:
    """What was not prolonged in time has ended by itself."""
    held = Hold.objects.filter(state=Hold.State.HELD, expires_at__lte=now)
    held.filter(cap_at__lte=F("expires_at")).update(state=Hold.State.GONE, why=Hold.Why.CAP)
    held.update(state=Hold.State.GONE, why=Hold.Why.LOST)
    Hold.objects.filter(state=Hold.State.UNKNOWN, expires_at__lte=now).update(state=Hold.State.GONE)


def _due(now: datetime) -> Iterable[Hold]:
    """Holds something may have to be done about, those that end first before the others."""
    newer = Hold.objects.filter(line=OuterRef("line"), state=Hold.State.HELD, pk__gt=OuterRef("pk"))
    idle_since = now - timedelta(minutes=settings.HOLD_IDLE_MINUTES)
    held = Hold.objects.filter(state=Hold.State.HELD).annotate(replaced=Exists(newer))
    due = held.filter(
        Q(line=None)
        | Q(replaced=True)
        | Q(basket__order__isnull=False)
        | Q(basket__touched_at__lte=idle_since)
        | Q(expires_at__lte=now + holding.SOON)
    )
    return due.select_related("basket__order", "line").order_by("expires_at", "pk")[:MOST]


def _carry_out(row: Hold, what: Fate) -> bool:
    if what is Fate.PROLONG:
        return holding.prolong(row, row.line.quantity if row.line else row.quantity)
    return holding.let_go(row, Hold.Why.AWAY if what is Fate.LET_GO_IDLE else "")
