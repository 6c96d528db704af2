"""Takes over what a museum has cancelled by itself: the items, their papers, and the mail about it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from orders import deliveries, renewing
from orders.models import Cancellation, Delivery, Order, OrderItem
from shop.api import records


def cancelled_there(order: Order, theirs: records.Order) -> list[OrderItem]:
    """Return our items that still admit although the museum has cancelled them, or the whole order."""
    ours = list(order.items.filter(cancelled_at=None))
    if theirs.is_cancelled():
        return ours
    gone = {item.id for item in theirs.items if item.canceled_at is not None and item.id is not None}
    return [item for item in ours if item.upstream_item_id in gone]


def write_down(order: Order, items: Sequence[OrderItem]) -> Cancellation:
    """Cancel these items here, renew the papers and promise the mail. Inside a transaction, under the order's claim.

    `refund_cents` of what is returned is what they cost; staff return it.
    """
    now = timezone.now()
    row = Cancellation.objects.create(
        order=order,
        serial=order.cancellations.count() + 1,
        item_ids=[item.pk for item in items],
        whole=order.items.filter(cancelled_at=None).count() == len(items),
        by_museum=True,
        fee_cents=0,
        refund_cents=sum(item.total_cents for item in items),
        state=Cancellation.State.DONE,
        done_at=now,
    )
    OrderItem.objects.filter(pk__in=row.item_ids).update(cancelled_at=now)
    renewing.renew_papers(order, row.item_ids)
    deliveries.announce(order, Delivery.Kind.CALLED_OFF, serial=row.serial)
    return row
