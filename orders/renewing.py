"""Papers of an order after some of its items are gone."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from orders.models import Document, Order, OrderItem


def renew_papers(order: Order, item_ids: Collection[int]) -> None:
    """Have the printed tickets made anew without these cancelled items; of a whole order none is left."""
    order.documents.filter(item_id__in=item_ids).delete()
    sheets = order.documents.filter(kind=Document.Kind.SHEETS)
    if order.items.filter(cancelled_at=None).exclude(kind=OrderItem.Kind.COUPON).exists():
        sheets.update(state=Document.State.WAITING, attempts=0, due_at=timezone.now())
    else:
        sheets.delete()
