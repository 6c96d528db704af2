"""The sub-resources of an order: its items by type, and its invoices. Optional upstream; the order holds its items."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from shop.api.calls import Call
from shop.api.errors import Forbidden, NotFound, Unprocessable
from shop.api.paging import read_pages
from shop.api.readers import order_items, orders
from shop.api.records import Invoice, OrderItem
from shop.api.timing import Patience
from shop.api.transport import Caller

T = TypeVar("T")


class OrderParts:
    """Parts of an order by its token or number.

    Each needs a permission of its own that many accounts do not have: None means "not permitted, or no such order"
    (403, 404 and 422 say so alike), an empty tuple "none of these". Use the items of the order itself then.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def tickets(
        self, token_or_id: str | int, *, patience: Patience = Patience.WORKER
    ) -> tuple[OrderItem, ...] | None:
        """Its ticket items."""
        return self._items("tickets", token_or_id, patience)

    def events(
        self, token_or_id: str | int, *, patience: Patience = Patience.WORKER
    ) -> tuple[OrderItem, ...] | None:
        """Its event items."""
        return self._items("events", token_or_id, patience)

    def tours(
        self, token_or_id: str | int, *, patience: Patience = Patience.WORKER
    ) -> tuple[OrderItem, ...] | None:
        """Its tour items."""
        return self._items("tours", token_or_id, patience)

    def coupons(
        self, token_or_id: str | int, *, patience: Patience = Patience.WORKER
    ) -> tuple[OrderItem, ...] | None:
        """Its coupon items."""
        return self._items("coupons", token_or_id, patience)

    def invoices(
        self, token_or_id: str | int, *, patience: Patience = Patience.WORKER
    ) -> tuple[Invoice, ...] | None:
        """Its invoices."""
        read = partial(orders.invoice, base_url=self._caller.base_url)
        return self._all("invoices", token_or_id, read, patience)

    def _items(self, name: str, token_or_id: str | int, patience: Patience) -> tuple[OrderItem, ...] | None:
        read = partial(order_items.item, base_url=self._caller.base_url)
        return self._all(name, token_or_id, read, patience)

    def _all(
        self, name: str, token_or_id: str | int, read: Callable[[object], T], patience: Patience
    ) -> tuple[T, ...] | None:
        # The name stands in the route itself, so that logs and counters tell the parts apart.
        call = Call("GET", f"/orders/:order_id/{name}", {"order_id": token_or_id}, patience=patience)
        try:
            return tuple(read_pages(self._caller, call, name, read))
        except (Forbidden, NotFound, Unprocessable):
            return None
