"""What a customer may give back, for which fee, and the wish to do so, written once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from orders.lifecycle import State
from orders.models import Cancellation, Order, OrderItem
from shop.jobs import Job
from shop.queue import ring
from shop.rights import product_of


class NotAllowed(Exception):
    """An item may not be cancelled (any more), or none was named."""


class Changed(Exception):
    """What would be returned is no longer what was shown."""


class UnderWay(Exception):
    """A cancellation of this order is being made already."""


@dataclass(frozen=True, slots=True)
class Option:
    """One item that may be given back now, and what of its price comes back."""

    item: OrderItem
    fee_cents: int

    @property
    def refund_cents(self) -> int:
        return self.item.total_cents - self.fee_cents


@dataclass(frozen=True, slots=True)
class Quote:
    """What giving these items back comes to; `whole`: nothing is left of the order then."""

    options: tuple[Option, ...]
    whole: bool

    @property
    def sum_cents(self) -> int:
        return sum(option.item.total_cents for option in self.options)

    @property
    def fee_cents(self) -> int:
        return sum(option.fee_cents for option in self.options)

    @property
    def refund_cents(self) -> int:
        return self.sum_cents - self.fee_cents


def options(order: Order) -> list[Option]:
    """Return what may be given back now, by the rule of its class; nothing while the order is not ready."""
    if order.state != State.READY or not order.upstream_token:
        return []
    return [found for item in order.items.filter(cancelled_at=None) if (found := _option(item))]


def quote(order: Order, item_ids: Collection[int]) -> Quote:
    """Return what giving back these items comes to. Raises NotAllowed."""
    chosen = tuple(option for option in options(order) if option.item.pk in item_ids)
    if not chosen or len(chosen) != len(set(item_ids)):
        raise NotAllowed(order.number)
    return Quote(chosen, whole=order.items.filter(cancelled_at=None).count() == len(chosen))


def ask(order: Order, item_ids: Collection[int], *, agreed_cents: int) -> Cancellation:
    """Write the wish; `agreed_cents` is the refund that was shown. Raises NotAllowed, Changed, UnderWay."""
    try:
        with transaction.atomic():
            Order.objects.filter(pk=order.pk).update(
                updated_at=timezone.now()
            )  # two tabs wait for each other
            found = quote(order, item_ids)
            if found.refund_cents != agreed_cents:
                raise Changed(order.number)
            row = Cancellation.objects.create(
                order=order,
                serial=order.cancellations.count() + 1,
                item_ids=[option.item.pk for option in found.options],
                whole=found.whole,
                fee_cents=found.fee_cents,
                refund_cents=found.refund_cents,
            )
            ring(Job.CANCEL_ITEMS, row.pk)
    except IntegrityError as error:
        raise UnderWay(order.number) from error
    return row


def due() -> list[int]:
    """Return the ids of cancellations the museum should be asked about now."""
    waiting = Cancellation.objects.filter(state__in=Cancellation.OPEN, due_at__lte=timezone.now())
    return list(waiting.order_by("due_at").values_list("pk", flat=True))


def _option(item: OrderItem) -> Option | None:
    starts = [part["at"] for part in item.entries if part["at"]] or ([item.slot_at] if item.slot_at else [])
    rule = settings.CANCELLATION_RULES.get(product_of(item.kind, dated=bool(starts)))
    if rule is None or item.upstream_item_id is None:
        return None
    hours, percent = rule
    if starts and timezone.now() > min(starts) - timedelta(hours=hours):
        return None
    return Option(item, item.total_cents * percent // 100)
