"""The books: what was sold, and whether everything that must always hold does."""

from collections import Counter
from datetime import datetime
from typing import Any

from sandbox.booking.order import CREATED, FINALIZED, Order
from sandbox.catalogue.counting import DATES, EQUIPMENT, TOURS, Place
from sandbox.clock import stamp
from sandbox.state import State

Json = dict[str, Any]


def summary(order: Order) -> Json:
    """What the ledger tells of an order."""
    return {
        "token": order.token,
        "id": order.id,
        "reference": order.reference,
        "status": order.status,
        "total": order.total,
        "created_at": order.created_at,
        "payment_id": (order.payment or {}).get("payment_id"),
        "customer": order.customer,
        "rating": order.rating,
        "items": [
            {
                "type": item.type,
                "product": item.product,
                "ticket_id": item.product if item.type == "Ticket" else None,
                "quantity": item.quantity,
                "time": item.time,
                "cents": item.cents,
                "barcodes": [row["barcode"] for row in item.barcodes],
                "seats": item.seats,
                "photos": sum(bool(card.get("photo")) for card in item.facts.get("cards", {}).values()),
                "canceled": not item.active,
            }
            for item in order.items
        ],
    }


def used(state: State) -> list[Json]:
    """Every place that somebody has, with its number."""
    taken = [(place, count) for place, count in state.stock.used.items() if count]
    return [{"quota_id": number, "start": stamp(start), "used": count} for (number, start), count in taken]


def broken_invariants(state: State) -> list[str]:
    """What must always hold, and does not. Empty when all is well."""
    orders = list(state.orders.by_token.values())
    return [
        *state.broken,
        *_broken_places(state, orders),
        *_broken_seats(state, orders),
        *_twice(
            "barcode", [row["barcode"] for order in orders for item in order.items for row in item.barcodes]
        ),
        *_twice("id", [order.id for order in orders if order.id is not None]),
        *(f"voucher {code}: more spent than it is worth" for code in state.orders.vouchers.overspent()),
        *(f"order {order.token[:6]}: items and total differ" for order in orders if not _adds_up(order)),
    ]


def _adds_up(order: Order) -> bool:
    items = sum(item.cents for item in order.items if item.canceled_at is None)
    return order.total == items - min(items, sum(order.credit.values())) and order.total >= 0


def _twice(what: str, values: list[Any]) -> list[str]:
    return [f"{what} {value} twice" for value, count in Counter(values).items() if count > 1]


def _broken_places(state: State, orders: list[Order]) -> list[str]:
    """The count of every place is what orders and holds draw, and never more than there is."""
    drawn: Counter[Place] = Counter()
    for order in orders:
        for item in order.active_items() if order.status in (CREATED, FINALIZED) else ():
            for number, start, count in item.draws:
                drawn[number, datetime.fromisoformat(start)] += count
    for hold in state.holds.live.values():
        drawn.update(dict(state.holds.draws(hold)))
    broken = []
    for place in drawn.keys() | state.stock.used.keys():
        name, count = f"place {place[0]} {stamp(place[1])}", drawn[place]
        if state.stock.used[place] != count:
            broken.append(f"{name}: counted {state.stock.used[place]}, drawn {count}")
        if count > (most := _most(state, place)):
            broken.append(f"{name}: {count} of {most} sold")
    return broken


def _most(state: State, place: Place) -> int:
    """The places there are, or what the operator left of them."""
    number, world = place[0], state.world
    if place in state.stock.fixed:
        return state.stock.fixed[place]
    if number >= EQUIPMENT:
        return world.equipment[number - EQUIPMENT].count
    if number >= TOURS:
        return world.tours[number - TOURS].max_people
    if number >= DATES:
        date = world.date(number - DATES)
        return world.events[date.event].seats if date else 0
    return state.stock.total(place)


def _broken_seats(state: State, orders: list[Order]) -> list[str]:
    """No seat of a date is sold twice, and those that are sold are known as taken."""
    sold = [
        (item.product, seat)
        for order in orders
        if order.status in (CREATED, FINALIZED)
        for item in order.active_items()
        for seat in item.seats
    ]
    taken = {(date, seat) for date, seats in state.stock.seat_taken.items() for seat in seats}
    return _twice("seat", sold) + [f"seat {seat} is counted wrong" for seat in taken ^ set(sold)]
