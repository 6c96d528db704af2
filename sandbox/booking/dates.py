"""Event items of an order: single price, scale prices, or seats of a plan."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sandbox.booking import prices, reading
from sandbox.booking.basket import Ask, Basket, Line
from sandbox.booking.entries import over
from sandbox.catalogue.model import Event, EventDate, Price
from sandbox.catalogue.stock import Stock

ONE_OF = ("quantity", "quantities", "seats")
SINGLE = 0  # stands for the id of a price that has none


def read(ask: Ask) -> None:
    """Add the item to the basket, or say what is wrong with it."""
    date = ask.stock.world.date(reading.whole(ask.given.get("id")) or 0)
    if date is None:
        ask.wrong("unknown_product", "Unbekannter Termin.", "Unknown event date.", "id")
        return
    event = ask.stock.world.events[date.event]
    if not event.bookable or not prices.sane([price.cents for price in event.prices], event.discount):
        ask.wrong("not_bookable", "Termin nicht buchbar.", "Date not bookable.", "id", date_id=date.id)
        return
    if date.start < ask.stock.clock.now():
        ask.faulty(over(date.start, ask.path("id"), ask.index))
        return
    chosen = _chosen(ask, event)
    if chosen is not None and not ask.spoilt:
        ask.basket.lines.append(_line(ask, date, event, chosen))


# --- what is chosen: numbers by scale price -------------------------------------------------------------------


def _chosen(ask: Ask, event: Event) -> dict[int, int] | None:
    named = [name for name in ONE_OF if ask.given.get(name) is not None]
    if len(named) > 1:
        de, en = "Nur eine der Mengen angeben.", f"Give only one of {', '.join(ONE_OF)}."
        ask.wrong("invalid_value", de, en, named[1])
        return None
    if event.plan is not None or named == ["seats"]:
        return _seats(ask, ask.given.get("seats"), event)
    if prices.scales(event.prices):
        return scale_counts(ask, event.prices)
    if named == ["quantities"]:
        de, en = "Dieser Termin hat einen Einheitspreis.", "This date has a single price."
        ask.wrong("unknown_scale_price", de, en, "quantities")
        return None
    count = reading.quantity(ask)
    return None if count is None else {SINGLE: count}


def scale_counts(ask: Ask, rows: Sequence[Price]) -> dict[int, int] | None:
    """Numbers by scale price, those above zero; or a fault."""
    if ask.given.get("quantities") is None:
        de, en = "Bitte Staffelpreise wählen.", "Choose scale prices."
        ask.wrong("scale_price_required", de, en, "quantities", scale_price_ids=list(prices.scales(rows)))
        return None
    counted = reading.counts(ask.given["quantities"])
    if counted is None or not sum(counted.values()):
        de, en = "Die Anzahl fehlt.", "The quantity is missing."
        ask.wrong("quantity_invalid", de, en, "quantities")
        return None
    for key in counted.keys() - prices.scales(rows).keys():
        de, en = f"Staffelpreis {key} gibt es hier nicht.", f"There is no scale price {key} here."
        ask.wrong("unknown_scale_price", de, en, f"quantities.{key}", scale_price_id=key)
    return {key: count for key, count in counted.items() if count}


def _seats(ask: Ask, given: Any, event: Event) -> dict[int, int] | None:
    if not isinstance(given, list) or not given:
        ask.wrong("seats_required", "Bitte Plätze wählen.", "Choose seats.", "seats")
        return None
    plan = ask.stock.world.plans[event.plan] if event.plan is not None else None
    categories = {seat.id: seat.category for seat in plan.seats} if plan else {}
    counted: Counter[int] = Counter()
    for number, given_row in enumerate(given):
        row, name = given_row if isinstance(given_row, dict) else {}, f"seats[{number}]"
        seat, scale = reading.whole(row.get("seat_id")), row.get("scale_price_id")
        if seat is None or seat not in categories:
            de, en = "Diesen Platz gibt es nicht.", "There is no such seat."
            ask.wrong("seat_unavailable", de, en, f"{name}.seat_id", seat_id=row.get("seat_id"))
        elif _priced(ask, f"{name}.scale_price_id", event, categories[seat], scale):
            counted[scale or SINGLE] += 1
    return dict(counted)


def _priced(ask: Ask, name: str, event: Event, category: int, scale: Any) -> bool:
    """May a seat of this category be sold at this price? If not, a fault says why."""
    known = prices.scales(event.prices)
    if not known and scale is None:
        return True
    price = known.get(reading.whole(scale) or 0)
    if price is None:
        code = "scale_price_required" if scale is None else "unknown_scale_price"
        ask.wrong(code, "Diesen Preis gibt es hier nicht.", "There is no such price here.", name)
    elif price.seat_category not in (None, category):
        de, en = "Dieser Preis gilt für andere Plätze.", "This price is for other seats."
        meta = {"seat_category_id": category, "scale_price_id": scale}
        ask.wrong("seat_category_mismatch", de, en, name, **meta)
    else:
        return True
    return False


# --- the line ---------------------------------------------------------------------------------------------


def _line(ask: Ask, date: EventDate, event: Event, chosen: dict[int, int]) -> Line:
    count = sum(chosen.values())
    scaled = {key: number for key, number in chosen.items() if key != SINGLE}
    known = prices.scales(event.prices)
    parts = prices.scale_parts(event.prices, scaled) if scaled else prices.flat_parts(event.prices, count)
    cents = prices.item_cents(
        parts,
        discount=ask.discount(event.discount),
        vat=event.vat,
        tax_included=event.tax_included,
    )
    seats = ask.given.get("seats") or []
    facts = {
        "event_id": event.id,
        "quantities": [
            {"id": key, "title": known[key].title, "quantity": number, "price_cents": known[key].cents}
            for key, number in scaled.items()
        ],
        "seats": [{"seat_id": row["seat_id"], "scale_price_id": row.get("scale_price_id")} for row in seats],
        "attendees": reading.persons(ask.given.get("attendees")),
    }
    return Line(
        ask.index, "Event", date.id, event.title, count, cents, event.vat, date.start,
        draws=ask.stock.draws_of_date(date, count), facts=facts, seats=[row["seat_id"] for row in seats],
    )  # fmt: skip


def limits(basket: Basket, stock: Stock) -> None:
    """Smallest and largest number of a date, counted over all items of the order."""
    sums: Counter[int] = Counter()
    for line in basket.lines:
        if line.type == "Event":
            sums[line.product] += line.quantity
    for line in basket.lines:
        if line.type == "Event" and line.product in sums:
            event = stock.world.events[line.facts["event_id"]]
            _limit(basket, line, event, sums.pop(line.product))


def _limit(basket: Basket, line: Line, event: Event, total: int) -> None:
    most = event.max_per_registration
    meta = {"date_id": line.product, "min": event.min_seats, "max_per_registration": most, "requested": total}
    name = "seats" if line.seats else "quantities" if line.facts["quantities"] else "quantity"
    if most is not None and total > most:
        de = f"Höchstens {most} Plätze je Bestellung, {total} wurden verlangt."
        en = f"At most {most} places per order, {total} were requested."
        basket.wrong("quantity_above_maximum", de, en, line.index, name, **meta)
    elif total < event.min_seats:
        de, en = f"Mindestens {event.min_seats} Plätze.", f"At least {event.min_seats} places."
        basket.wrong("quantity_below_minimum", de, en, line.index, name, **meta)


def room(basket: Basket, line: Line, stock: Stock) -> None:
    """Check the seats of a date, all of them and each."""
    date = stock.world.date(line.product)
    if date is None:
        return
    blocked, seen = stock.blocked_seats(date), set[int]()
    for number, seat in enumerate(line.seats):
        if seat in blocked or seat in seen:
            de, en = f"Platz {seat} ist vergeben.", f"Seat {seat} is taken."
            basket.wrong("seat_unavailable", de, en, line.index, f"seats[{number}].seat_id", seat_id=seat)
        seen.add(seat)
    left = stock.seats_left(date)
    if not basket.spoilt(line.index) and left < line.quantity:
        de = f"{line.title['de']}: noch {left} Plätze frei, {line.quantity} wurden verlangt."
        en = f"{line.title['en']}: {left} places left, {line.quantity} were requested."
        meta = {"date_id": date.id, "requested": line.quantity, "available": left}
        basket.wrong("sold_out", de, en, line.index, "id", **meta)
