"""The life of an order: draft, finalized, cancelled, expired."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sandbox.booking import checks, codes, reading
from sandbox.booking.basket import Basket, Json, Line
from sandbox.booking.customers import Customers, payment
from sandbox.booking.deadlines import Deadlines
from sandbox.booking.holds import Holds
from sandbox.booking.order import CANCELLED, CREATED, EXPIRED, FINALIZED, Item, Order, restored, stored
from sandbox.booking.vouchers import Vouchers
from sandbox.catalogue.stock import Stock
from sandbox.clock import Clock, stamp
from sandbox.errors import ApiError, Fault, not_found, refuse
from sandbox.store import Store
from sandbox.switches import Switches


class Orders:
    """All orders; every change is stored before it is told."""

    def __init__(self, store: Store, stock: Stock, clock: Clock, switches: Switches, holds: Holds) -> None:
        self.store, self.stock, self.clock, self.switches, self.holds = store, stock, clock, switches, holds
        self.by_token: dict[str, Order] = {}
        self.by_id: dict[int, Order] = {}
        self.by_barcode: dict[str, Order] = {}
        self.customers, self.vouchers = Customers(store), Vouchers()
        self._deadlines = Deadlines()
        self._last_item = 0
        orders = [restored(body) for body in store.all("order").values()]
        for order in sorted(orders, key=lambda order: order.items[0].id):
            self._remember(order)
            self._draw(order.active_items(), 1)
            if order.status in (CREATED, FINALIZED):
                self.vouchers.spend(order)

    # --- create (L1) ------------------------------------------------------------------------------------

    def create(self, body: Json, account: str) -> Order:
        """L1: check everything, draw the places, make a draft; all or nothing."""
        reference, comment = (_text(body, name) for name in ("reference", "comment"))
        basket = checks.read(body.get("items"), self.stock, self.switches)
        tokens = self.holds.mine([token for line in basket.lines for token in line.holds], account)
        for line in basket.lines:
            line.holds = [token for token in line.holds if token in tokens]
            self.holds.check(line, basket)
        checks.capacity(basket, self.stock, list(self.holds.credit(tokens).items()))
        if basket.faults:
            raise ApiError(422, *basket.in_order())
        cents = sum(line.cents for line in basket.lines)
        credit = self.vouchers.credit(body.get("coupons"), cents)
        _check_total(body, basket, cents - sum(credit.values()))
        order = self._draft(basket, account)
        order.reference, order.comment, order.credit = reference, comment, credit
        if self.switches.order_mode == "direct":
            self._finish(order)
        with self.store.saving():
            self.holds.consume(tokens)
            self.store.put("order", order.token, stored(order))
        self._draw(order.items, 1)
        self.vouchers.spend(order)
        self._remember(order)
        return order

    def _draft(self, basket: Basket, account: str) -> Order:
        now = self.clock.now()
        return Order(
            token=secrets.token_urlsafe(18),
            account=account,
            reference=None,
            comment=None,
            created_at=stamp(now),
            expires_at=stamp(now + timedelta(seconds=self.switches.draft_ttl_s)),
            items=[self._item(line) for line in basket.lines],
        )

    def _item(self, line: Line) -> Item:
        self._last_item += 1
        return Item(
            id=80_000 + self._last_item,
            sale_id=60_000 + self._last_item,
            type=line.type,
            product=line.product,
            title=line.title,
            quantity=line.quantity,
            time=stamp(line.at) if line.at else None,
            cents=line.cents,
            vat=line.vat,
            facts=line.facts,
            draws=[(number, stamp(start), count) for (number, start), count in line.draws.items()],
            seats=line.seats,
        )

    # --- find -------------------------------------------------------------------------------------------

    def find(self, key: str) -> Order:
        """The order with a token or an id."""
        number = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0
        order = self.by_token.get(key) or self.by_id.get(number)
        if order is None:
            raise not_found()
        return order

    def listed(self, first: str = "", last: str = "9") -> list[Order]:
        """Orders created from one day to another (both included, ISO), newest first."""
        rows = [order for order in reversed(self.by_token.values()) if first <= order.created_at[:10] <= last]
        return sorted(rows, key=lambda order: datetime.fromisoformat(order.created_at), reverse=True)

    # --- finalize (L2, L3) ------------------------------------------------------------------------------

    def finalize(self, order: Order, body: Json) -> Order:
        """L2 with `completed`, L3 without."""
        wanted = body.get("order")
        if not isinstance(wanted, dict):
            raise refuse("missing_field", "order fehlt.", "order is missing.", "order")
        self._check_open(order)
        customer, paid = self.customers.read(wanted.get("customer")), payment(wanted.get("payment"))
        with self.store.saving():
            order.customer, order.payment = self.customers.remember(customer), paid
            if wanted.get("completed") is True:
                self._finish(order)
            self.store.put("order", order.token, stored(order))
        self._remember(order)
        return order

    def _check_open(self, order: Order) -> None:
        if order.status == FINALIZED:
            meta = {"order_id": order.id, "payment_id": (order.payment or {}).get("payment_id")}
            de, en = "Diese Bestellung ist bereits abgeschlossen.", "This order is already finalized."
            raise refuse("already_finalized", de, en, "order", **meta)
        if order.status == EXPIRED:
            raise refuse("order_expired", "Der Entwurf ist abgelaufen.", "The draft has expired.", "order")
        if order.status == CANCELLED:
            de, en = "Die Bestellung ist storniert.", "The order is cancelled."
            raise refuse("order_cancelled", de, en, "order")

    def _finish(self, order: Order) -> None:
        order.id = 500_001 + len(self.by_id)
        order.status, order.completed, order.expires_at = FINALIZED, True, None
        order.finalized_at = stamp(self.clock.now())
        for item in order.active_items():
            item.barcodes, item.codes = codes.barcodes(item), codes.vouchers(item)

    # --- cancel and expire (L4 to L6) -------------------------------------------------------------------

    def cancel(self, order: Order, body: Json) -> Order:
        """L5 without a selection, L4 with one."""
        if order.status == CANCELLED:
            raise refuse("already_cancelled", "Bereits storniert.", "Already cancelled.", "order")
        if order.status == EXPIRED:
            raise refuse("order_expired", "Abgelaufen.", "Expired.", "order")
        self._end(order, _selection(order, body), None if "order_item_ids" in body else CANCELLED)
        return order

    def expire(self, now: datetime) -> None:
        """L6: give back drafts past their deadline."""
        for token in self._deadlines.over(now):
            order = self.by_token[token]
            if order.status == CREATED:
                self._end(order, order.active_items(), EXPIRED)

    def _end(self, order: Order, items: list[Item], status: str | None) -> None:
        """Give back the places of items; with a status, the whole order is over."""
        now = stamp(self.clock.now())
        for item in items:
            item.canceled_at = now
        if status:
            order.status, order.canceled_at = status, now
            self.vouchers.spend(order, -1)
        self.save(order)
        self._draw(items, -1)

    # --- keeping ----------------------------------------------------------------------------------------

    def save(self, order: Order) -> None:
        """Store an order after a change of its own."""
        with self.store.saving():
            self.store.put("order", order.token, stored(order))

    def _draw(self, items: Iterable[Item], sign: int) -> None:
        for item in items:
            draws = (((number, datetime.fromisoformat(start)), count) for number, start, count in item.draws)
            self.stock.take(draws, sign)
            if item.seats:
                taken = self.stock.seat_taken.setdefault(item.product, set())
                taken.update(item.seats) if sign > 0 else taken.difference_update(item.seats)

    def _remember(self, order: Order) -> None:
        self.by_token[order.token] = order
        self._last_item = max(self._last_item, *(item.id - 80_000 for item in order.items))
        if order.id is not None:
            self.by_id[order.id] = order
            self.by_barcode.update({row["barcode"]: order for item in order.items for row in item.barcodes})
            self.vouchers.sold(order)
        if order.status == CREATED and order.expires_at:
            self._deadlines.add(datetime.fromisoformat(order.expires_at), order.token)


def _text(body: Json, name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str | int | float):
        raise refuse("invalid_value", f"{name} ist kein Text.", f"{name} is not text.", name)
    return None if value is None else reading.text(value) or ""


def _check_total(body: Json, basket: Basket, expected: int) -> None:
    total = body.get("total")
    if type(total) is int and total == expected:
        return
    if "total" not in body:
        raise refuse("missing_field", "total fehlt.", "total is missing.", "total")
    meta = {
        "given_total": total,
        "expected_total": expected,
        "item_totals": [line.cents for line in basket.lines],
    }
    de = f"Die Summe stimmt nicht: gesendet {total}, berechnet {expected}."
    en = f"The order total does not match: sent {total}, calculated {expected}."
    raise ApiError(422, Fault("wrong_total", de, en, "total", None, meta))


def _selection(order: Order, body: Json) -> list[Item]:
    """The items to cancel: those named, or all that are left; all or nothing."""
    mine = {item.id: item for item in order.items}
    ids: Any = body.get("order_item_ids", [item.id for item in order.active_items()])
    path = "order_item_ids"
    named = isinstance(ids, list) and all(reading.whole(number) is not None for number in ids)
    if not named or (not ids and path in body):
        raise refuse("invalid_value", "Keine Posten genannt.", "No items named.", path)
    if strange := [number for number in ids if number not in mine]:
        raise refuse("unknown_order_item", "Unbekannter Posten.", "Unknown item.", path, ids=strange)
    if gone := [number for number in ids if not mine[number].active]:
        raise refuse("item_already_cancelled", "Schon storniert.", "Already cancelled.", path, ids=gone)
    if used := [number for number in ids if mine[number].redeemed]:
        raise refuse("item_redeemed", "Schon eingelöst.", "Already used.", path, ids=used)
    return [mine[number] for number in dict.fromkeys(ids)]
