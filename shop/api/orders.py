"""The orders group: create, look, finalize, cancel. Writes are never repeated unless nothing can have happened."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from shop.api import errors, reading
from shop.api.calls import Call
from shop.api.paging import Listing, read_pages
from shop.api.readers import orders as readers
from shop.api.records import (
    CustomerKey,
    CustomerSession,
    Finalize,
    ItemCancellation,
    Order,
    OrderCreate,
    OrderCreated,
    Rating,
    Withdrawal,
)
from shop.api.timing import Patience
from shop.api.transport import Caller


class Orders:
    """Orders of this account, found by token or number.

    Writes raise `Refused` (final), `Unavailable` (certainly not done) or `OutcomeUnknown` (look first).
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(self, order: OrderCreate, *, patience: Patience = Patience.WORKER) -> OrderCreated:
        """Create an order, normally a draft that draws places. Upstream does not recognise repetitions."""
        call = Call("POST", "/orders", body=order.as_json(), patience=patience)
        return self._caller.read(call, partial(readers.created, base_url=self._caller.base_url))

    def get(self, token_or_id: str | int, *, patience: Patience = Patience.WORKER) -> Order:
        """One order with its items."""
        return self._look(token_or_id, patience, None)

    def by_barcode(self, barcode: str, *, patience: Patience = Patience.WORKER) -> Order:
        """The order one of whose items has this barcode. `NotFound` also while it is not finalized."""
        call = Call("GET", "/orders/barcode/:barcode", {"barcode": barcode}, patience=patience)
        return self._caller.read(call, partial(readers.wrapped_order, base_url=self._caller.base_url))

    def list(
        self,
        start: date,
        end: date,
        *,
        only_mine: bool = True,
        valid_only: bool = False,
        per_page: int = 100,
        patience: Patience = Patience.WORKER,
    ) -> Listing[Order]:
        """Orders created from `start` to `end`, both days included, newest first; pages are read as needed."""
        query = (
            ("start_at", start.isoformat()),
            ("end_at", end.isoformat()),
            ("only_my_orders", "true" if only_mine else "false"),
            *((("valid", "true"),) if valid_only else ()),
        )
        call = Call("GET", "/orders", query=query, patience=patience)
        read = partial(readers.order, base_url=self._caller.base_url)
        return read_pages(self._caller, call, "orders", read, per_page=per_page, passes=1)

    def finalize(self, token: str, closing: Finalize, *, patience: Patience = Patience.WORKER) -> Order:
        """Close the order for good. Happens once: a repetition is refused with `already_finalized`."""
        call = Call(
            "POST",
            "/orders/:id/finalize",
            {"id": token},
            body=closing.as_json(),
            empty_ok=True,
            patience=patience,
        )
        return self._write(call, token)

    def cancel(self, token: str, *, patience: Patience = Patience.WORKER) -> Order:
        """Cancel the whole order, draft or finalized. A repetition is refused with `already_cancelled`."""
        call = Call("POST", "/orders/:id/cancellations", {"id": token}, empty_ok=True, patience=patience)
        return self._write(call, token)

    def cancel_items(
        self, token: str, items: ItemCancellation, *, patience: Patience = Patience.WORKER
    ) -> Order:
        """Cancel all of these items or none. The order stays, even without any item left.

        A repetition is refused with `item_already_cancelled`.
        """
        call = Call(
            "POST",
            "/orders/:id/cancellations",
            {"id": token},
            body=items.as_json(),
            empty_ok=True,
            patience=patience,
        )
        return self._write(call, token)

    def rate(
        self,
        token: str,
        rating: Rating,
        customer: CustomerKey | CustomerSession,
        *,
        patience: Patience = Patience.WORKER,
    ) -> Order:
        """Rate an order as its customer; our own account may not. The last rating counts."""
        call = Call(
            "PUT",
            "/orders/:id/rate",
            {"id": token},
            body=rating.as_json(),
            empty_ok=True,
            credentials=customer.headers(),
            patience=patience,
        )
        return self._write(call, token)

    def withdraw(self, withdrawal: Withdrawal, *, patience: Patience = Patience.WORKER) -> None:
        """Ask the museum's staff to take an order back. Changes no order; a repetition is a second request."""
        call = Call(
            "POST", "/orders/withdrawals", body=withdrawal.as_json(), empty_ok=True, patience=patience
        )
        self._caller.read(call, reading.mapping)

    def _look(
        self, token_or_id: str | int, patience: Patience, credentials: Mapping[str, str] | None
    ) -> Order:
        call = Call("GET", "/orders/:id", {"id": token_or_id}, credentials=credentials, patience=patience)
        return self._caller.read(call, partial(readers.wrapped_order, base_url=self._caller.base_url))

    def _write(self, call: Call, token: str) -> Order:
        """Do it; where success comes without an order in it, read the order again."""
        read = partial(readers.order_if_any, base_url=self._caller.base_url)
        order = self._caller.read(call, read)
        if order is not None:
            return order
        try:
            return self._look(token, call.patience, call.credentials)
        except errors.GomusError as error:
            why = "done according to upstream, but the order could not be read again"
            raise errors.OutcomeUnknown(call.name, why, status=error.status, raw=error.raw) from error
