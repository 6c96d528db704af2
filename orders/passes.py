"""What an order admits with: the tickets in the order of the printed sheets, each with its number there."""

from __future__ import annotations

from dataclasses import dataclass

from orders.code39 import NotPrintable, Symbol, symbol
from orders.models import Admission, Order, OrderItem


@dataclass(frozen=True, slots=True)
class Pass:
    """One ticket: a person with a barcode, or a booking that has none. `number` is that of its printed sheet."""

    item: OrderItem
    admission: Admission | None
    number: int

    @property
    def symbol(self) -> Symbol | None:
        """Its bars; None without a barcode, or for one that CODE 39 cannot say."""
        try:
            return symbol(self.admission.barcode) if self.admission else None
        except NotPrintable:
            return None


def of_order(order: Order) -> list[Pass]:
    """Return a ticket for every admission, one for a booking without any, none for vouchers."""
    admissions: dict[int, list[Admission | None]] = {}
    for admission in Admission.objects.filter(item__order=order).select_related("item"):
        admissions.setdefault(admission.item_id, []).append(admission)
    found: list[Pass] = []
    for item in order.items.filter(cancelled_at=None).exclude(kind=OrderItem.Kind.COUPON):
        one_each = admissions.get(item.pk, [None])
        found += [Pass(item, one, number) for number, one in enumerate(one_each, start=len(found) + 1)]
    return found


def by_item(order: Order) -> dict[int, list[Pass]]:
    """Return the tickets of an order by the id of their item."""
    found: dict[int, list[Pass]] = {}
    for one in of_order(order):
        found.setdefault(one.item.pk, []).append(one)
    return found
