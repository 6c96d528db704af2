"""Looks after holds that were made: prolongs them while somebody looks at the basket, and lets them go."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from checkout import holds
from checkout.models import Basket, Hold
from shop import features, gateway
from shop.api import Patience, errors, records
from shop.features import Feature

log = logging.getLogger(__name__)

ONCE = timedelta(minutes=5)  # a hold that nobody prolongs
AT_MOST = timedelta(minutes=60)  # one that is prolonged again and again
ONE_REQUEST = timedelta(minutes=1)  # longer than any request of a visitor lasts
SOON = timedelta(minutes=2)  # it is prolonged when it would end within this
IN_DOUBT = ONE_REQUEST + ONCE
TOUCHED = timedelta(minutes=1)  # how exactly we know when a basket was last looked at


def is_on() -> bool:
    """Are places held at all?"""
    return features.is_on(Feature.RESERVATIONS)


def let_go_loose(basket: Basket) -> None:
    """End the holds no line of the basket wants any more. What cannot be told now is told by the sweep."""
    for row in basket.holds.filter(line=None, state=Hold.State.HELD):
        if not let_go(row):
            return


def let_go(row: Hold, why: str = "") -> bool:
    """End a hold; False if the ticket system did not take it, then the sweep tries again."""
    if row.state != Hold.State.HELD:
        return True
    try:
        gateway.client().reservations.delete(row.token, patience=Patience.WEB)
    except errors.GomusError as error:
        log.info("hold %s is let go later: %s", row.pk, error)
        return False
    _end(row, Hold.State.RELEASED, why)
    return True


def prolong(row: Hold, quantity: int) -> bool:
    """Hold these places for another while, perhaps in another number. False: the ticket system is silent."""
    now = timezone.now()
    change = records.HoldChange(quantity)
    try:
        told = gateway.client().reservations.refresh(row.token, change, patience=Patience.WEB)
    except errors.NotFound:
        capped = row.cap_at is not None and now >= row.cap_at
        _end(row, Hold.State.GONE, Hold.Why.CAP if capped else Hold.Why.LOST)
    except errors.Unprocessable:
        if quantity != row.quantity:
            return prolong(row, row.quantity)
        row.cap_at = row.expires_at  # as long as it lasts, and no longer
        row.save(update_fields=["cap_at"])
    except errors.GomusError as error:
        log.info("hold %s is not prolonged now: %s", row.pk, error)
        return False
    else:
        fill(row, told, now)
        fields = {name: getattr(row, name) for name in ("quantity", "refreshed_at", "expires_at")}
        Hold.objects.filter(pk=row.pk, state=Hold.State.HELD).update(**fields)
    return True


def keep(basket: Basket) -> list[Hold]:
    """Somebody looks at the basket: prolong what ends soon. Returns the holds of its lines."""
    now = timezone.now()
    if now - basket.touched_at > TOUCHED:
        Basket.objects.filter(pk=basket.pk).update(touched_at=now)
    if not is_on():
        return []
    rows = holds.of(basket)
    due = [row for row in rows if is_due(row, now)]
    numbers = dict(basket.lines.values_list("pk", "quantity")) if due else {}
    for row in due:
        if not prolong(row, numbers.get(row.line_id or 0, row.quantity)):
            break
    return rows


def is_due(row: Hold, now: datetime) -> bool:
    """Would it end soon, and can it be prolonged?"""
    if not row.is_live(now) or row.expires_at is None or row.cap_at is None:
        return False
    return row.expires_at <= now + SOON and row.expires_at < row.cap_at


def is_idle(basket: Basket, now: datetime) -> bool:
    """Has nobody looked at the basket for so long that its places are let go?"""
    return basket.touched_at <= now - timedelta(minutes=settings.HOLD_IDLE_MINUTES)


def fill(row: Hold, told: records.Hold, now: datetime) -> None:
    """Take down what the ticket system said yes to."""
    row.cap_at = row.cap_at or now + AT_MOST
    row.state, row.token, row.quantity = Hold.State.HELD, told.token, told.quantity
    row.refreshed_at, row.expires_at = now, min(told.valid_until, row.cap_at)


def latest_end(asked: datetime) -> datetime:
    """When a hold that was asked for, without an answer, has ended at the latest if there is one."""
    return asked + IN_DOUBT


def _end(row: Hold, state: Hold.State, why: str) -> None:
    row.state, row.why = state, why
    Hold.objects.filter(pk=row.pk, state=Hold.State.HELD).update(state=state, why=why)
