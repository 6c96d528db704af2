"""Passes declarations to withdraw on to the museum, each once: nobody there could tell a repeat from a second one."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from orders import journal, transitions
from orders.law_models import Withdrawal
from orders.lifecycle import FAILED, Step
from orders.models import Order
from orders.withdrawals import Forward, patience
from shop import gateway
from shop.api.errors import OutcomeUnknown, Refused, Unavailable
from shop.api.records import Withdrawal as Request

TOLD_AFTER = 8  # attempts


def forward(withdrawal_id: int) -> None:
    """Pass one declaration on if it waits; one whose worker died in the middle is left to staff."""
    _note_dead(withdrawal_id)
    row = _claim(withdrawal_id)
    if row is None or row.order is None:
        return
    if row.order.upstream_id is None:
        _not_booked(row, row.order)
        return
    request = Request(
        order_id=str(row.order.upstream_id),
        first_name=row.given_name,
        last_name=row.family_name,
        email=row.email,
        note=row.note,
    )
    try:
        with journal.step(row.order, Step.WITHDRAW, request.as_json()) as entry:
            entry.note(withdrawal=row.pk)
            gateway.client().orders.withdraw(request)
    except Refused:
        _close(row, Forward.REFUSED)
        _tell_staff(row.order, "the museum's system refused a withdrawal")
    except OutcomeUnknown:
        _close(row, Forward.DOUBT)
        _tell_staff(row.order, "a withdrawal may or may not have reached the museum")
    except Unavailable:
        _later(row)
    else:
        _close(row, Forward.SENT)


def _claim(withdrawal_id: int) -> Withdrawal | None:
    now = timezone.now()
    waiting = Withdrawal.objects.filter(pk=withdrawal_id, forward=Forward.WAITING, due_at__lte=now)
    lease = now + timedelta(seconds=settings.ORDER_LEASE_SECONDS)
    if not waiting.update(forward=Forward.SENDING, claimed_until=lease, attempts=F("attempts") + 1):
        return None
    return Withdrawal.objects.select_related("order").get(pk=withdrawal_id)


def _note_dead(withdrawal_id: int) -> None:
    left = Withdrawal.objects.filter(
        pk=withdrawal_id, forward=Forward.SENDING, claimed_until__lte=timezone.now()
    )
    row = left.select_related("order").first()
    if row and row.order and left.update(forward=Forward.DOUBT, claimed_until=None):
        journal.abandon(row.order, (Step.WITHDRAW,))
        _tell_staff(row.order, "a withdrawal may or may not have reached the museum")


def _not_booked(row: Withdrawal, order: Order) -> None:
    """An order under way is waited for; one that came to nothing has nothing to withdraw from."""
    if order.state in FAILED:
        _close(row, Forward.NONE)
    else:
        _later(row)


def _later(row: Withdrawal) -> None:
    _close(row, Forward.WAITING, due_at=timezone.now() + patience(row.attempts))
    if row.attempts == TOLD_AFTER and row.order:
        _tell_staff(row.order, "a withdrawal cannot be passed on to the museum")


def _close(row: Withdrawal, state: Forward, **fields: object) -> None:
    mine = Withdrawal.objects.filter(pk=row.pk, forward=Forward.SENDING)
    mine.update(forward=state, claimed_until=None, **fields)


def _tell_staff(order: Order, why: str) -> None:
    transitions.update(order, attention=why)
