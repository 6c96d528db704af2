"""Checks the items of an order request, all of them, and says everything that is wrong."""

from collections.abc import Callable
from typing import Any

from sandbox.booking import dates, goods, tickets, tours
from sandbox.booking.basket import Ask, Basket, Line
from sandbox.catalogue.stock import Place, Stock
from sandbox.errors import Fault
from sandbox.switches import Switches

READERS: dict[str, Callable[[Ask], None]] = {
    "Ticket": tickets.read,
    "Event": dates.read,
    "Tour": tours.read,
    "Coupon": goods.read_coupon,
    "Merchandise": goods.read_merchandise,
}
ROOM: dict[str, Callable[[Basket, Line, Stock], None]] = {
    "Ticket": tickets.room,
    "Event": dates.room,
    "Tour": tours.room,
}
MOST_ITEMS = 100


def read(items: Any, stock: Stock, switches: Switches) -> Basket:
    """Read and check every item apart from capacity."""
    basket = Basket()
    if not isinstance(items, list) or not items:
        de, en = "Die Bestellung ist leer.", "The order has no items."
        basket.faults.append(Fault("items_empty", de, en, "items"))
        return basket
    if len(items) > MOST_ITEMS:
        de, en = f"Höchstens {MOST_ITEMS} Posten.", f"{MOST_ITEMS} items at most."
        basket.faults.append(Fault("invalid_value", de, en, "items"))
        return basket
    for index, item in enumerate(items):
        _read_item(basket, index, item, stock, switches)
    tickets.limits(basket, stock)
    dates.limits(basket, stock)
    return basket


def _read_item(basket: Basket, index: int, item: Any, stock: Stock, switches: Switches) -> None:
    kind = item.get("type") if isinstance(item, dict) else None
    reader = READERS.get(kind) if isinstance(kind, str) else None
    attributes = item.get("attributes") if reader else None
    if reader is None or not isinstance(attributes, dict):
        name = "attributes" if reader else "type"
        fault = Fault(
            "invalid_value", "Unbekannter Posten.", "Unknown item.", f"items[{index}].{name}", index
        )
        basket.faults.append(fault)
        return
    reader(Ask(basket, index, attributes, stock, switches))


def capacity(basket: Basket, stock: Stock, credit: list[tuple[Place, int]]) -> None:
    """Check the room for all items together.

    Each line is taken from the stock on trial, so that the next one finds what is really left; in the end everything
    is given back. `credit` is what the buyer's own holds take already.
    """
    trial: list[Line] = []
    stock.take(credit, -1)
    try:
        for line in basket.lines:
            if line.type in ROOM and not basket.spoilt(line.index):
                ROOM[line.type](basket, line, stock)
                if not basket.spoilt(line.index):
                    draw(stock, line, 1)
                    trial.append(line)
    finally:
        for line in trial:
            draw(stock, line, -1)
        stock.take(credit)


def draw(stock: Stock, line: Line, sign: int) -> None:
    """Take the places and the seats of a line, or give them back."""
    stock.take(line.draws.items(), sign)
    if line.seats:
        taken = stock.seat_taken.setdefault(line.product, set())
        taken.update(line.seats) if sign > 0 else taken.difference_update(line.seats)
