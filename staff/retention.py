"""The rules of keeping: how long personal data stays, followed every night, in small steps, with a row as proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from checkout import newsletter, services
from orders import finding
from orders.lifecycle import FAILED, State
from orders.models import Order, Withdrawal
from shop import letters
from staff import exporting
from staff.anonymising import anonymise, last_visit, needed
from staff.models import Erasure, RetentionRun

BATCH = 100  # orders read at once; each is changed in a transaction of its own
Extent = Erasure.Extent


@dataclass(slots=True)
class Count:
    """What one rule came to: `done` rows have gone or lost their person, `held` are due but still needed."""

    days: int
    done: int = 0
    held: int = 0


def run() -> RetentionRun:
    """Follow every rule once. Safe to repeat and after a death: what is done is done, the rest is found again."""
    row = RetentionRun.objects.create()
    for name, rule in RULES.items():
        count = Count(settings.RETENTION_DAYS[name])
        rule(timezone.now() - timedelta(days=count.days), count)
        row.counts = {**row.counts, name: asdict(count)}
        row.save(update_fields=["counts"])
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    return row


def _orders(before: datetime, count: Count) -> None:
    sold = Order.objects.filter(state=State.READY).exclude(erasure__extent=Extent.ALL)
    _forget(_visited(sold, before), Extent.ALL, count)


def _tickets(before: datetime, count: Count) -> None:
    sold = Order.objects.filter(state=State.READY, erasure=None)
    _forget(_visited(sold, before), Extent.VISIT, count)


def _failed(before: datetime, count: Count) -> None:
    failed = Order.objects.filter(state__in=sorted(FAILED)).exclude(erasure__extent=Extent.ALL)
    old = failed.filter(state_since__lt=before)
    _forget((order.pk for order in _batches(old)), Extent.ALL, count)


def _forget(order_ids: Iterator[int], extent: Erasure.Extent, count: Count) -> None:
    for order_id in order_ids:
        if anonymise(order_id, extent, Erasure.Reason.RULE):
            count.done += 1
        else:
            count.held += 1


def _visited(orders: QuerySet[Order], before: datetime) -> Iterator[int]:
    """Orders are older than their visits, so the younger ones need not be looked at."""
    for order in _batches(orders.filter(created_at__lt=before)):
        if last_visit(order) < before:
            yield order.pk


def _batches(orders: QuerySet[Order]) -> Iterator[Order]:
    last = 0
    while found := list(
        orders.filter(pk__gt=last).order_by("pk").prefetch_related("items").defer("consent")[:BATCH]
    ):
        yield from found
        last = found[-1].pk


def _withdrawals(before: datetime, count: Count) -> None:
    """Settled long ago. One of an order whose money is still open stays with it."""
    old = Withdrawal.objects.filter(settled_at__lt=before)
    held = old.filter(order__in=needed(Order.objects.all()))
    count.held = held.count()
    count.done = old.exclude(pk__in=held.values("pk")).delete()[0]


def _exports(before: datetime, count: Count) -> None:
    count.done = exporting.expire(before)


def _simple(forget: Callable[[], int]) -> Callable[[datetime, Count], None]:
    """A rule whose rows their own app forgets, by the same setting."""

    def rule(_before: datetime, count: Count) -> None:
        count.done = forget()

    return rule


RULES: dict[str, Callable[[datetime, Count], None]] = {
    "orders": _orders,
    "tickets": _tickets,
    "failed": _failed,
    "withdrawals": _withdrawals,
    "baskets": _simple(services.drop_old_baskets),
    "links": _simple(finding.forget_old),
    "newsletters": _simple(newsletter.forget_unconfirmed),
    "letters": _simple(letters.forget_old),
    "exports": _exports,
}
