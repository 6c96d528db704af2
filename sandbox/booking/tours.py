"""Tour items of an order: who, when, in which language, with what."""

from datetime import datetime
from typing import Any

from sandbox.booking import prices, reading
from sandbox.booking.basket import Ask, Basket, Json, Line
from sandbox.booking.dates import SINGLE, scale_counts
from sandbox.booking.entries import over
from sandbox.booking.prices import Part
from sandbox.catalogue.model import Price, Tour
from sandbox.catalogue.stock import Stock
from sandbox.clock import ZONE, moment, stamp


def read(ask: Ask) -> None:
    """Add the item to the basket, or say what is wrong with it."""
    tour = ask.stock.world.tours.get(reading.whole(ask.given.get("id")) or 0)
    if tour is None:
        ask.wrong("unknown_product", "Unbekannte Führung.", "Unknown tour.", "id")
        return
    if not tour.bookable or not prices.sane([price.cents for price in tour.prices], tour.discount):
        ask.wrong("not_bookable", "Führung nicht buchbar.", "Tour not bookable.", "id", tour_id=tour.id)
        return
    language = _language(ask, tour, ask.given.get("language_id"))
    _age_group(ask, tour, ask.given.get("age_group_id"))
    at = _time(ask, tour, ask.given.get("start_time"), language)
    chosen = _people(ask, tour)
    if at is None or language is None or chosen is None:
        return
    people = sum(chosen.values())
    extra = _surcharges(ask, ask.given.get("surcharges"), _due(tour, at, language), people)
    gear = _equipment(ask, tour, ask.given.get("equipment"))
    _names(ask, ask.given.get("attendees"), people)
    if not ask.spoilt:
        rows = _rows(tour, chosen, extra)
        ask.basket.lines.append(_line(ask, tour, at, people, rows=rows, gear=gear))


def _due(tour: Tour, at: datetime, language: int) -> list[Price]:
    return tour.owed(at.astimezone(ZONE).weekday(), language)


# --- language, age group, time ------------------------------------------------------------------------------


def _language(ask: Ask, tour: Tour, value: Any) -> int | None:
    if value in (None, ""):
        ask.wrong("language_required", "Die Sprache fehlt.", "The language is missing.", "language_id")
        return None
    code, known = reading.whole(value), ask.stock.world.languages_of(tour)
    if code is None or code not in known:
        de, en = "Diese Sprache gibt es hier nicht.", "The tour is not held in this language."
        ask.wrong("language_unavailable", de, en, "language_id", available=list(known))
        return None
    return code


def _age_group(ask: Ask, tour: Tour, value: Any) -> None:
    """Required only where a tour lists age groups."""
    known = tour.tags.get("age_groups", ())
    if (known or value is not None) and reading.whole(value) not in known:
        de, en = "Diese Altersgruppe gibt es hier nicht.", "The tour has no such age group."
        ask.wrong("age_group_invalid", de, en, "age_group_id", available=list(known))


def _time(ask: Ask, tour: Tour, value: Any, language: int | None) -> datetime | None:
    if not value:
        de, en = "Die Startzeit fehlt.", "The start time is missing."
        ask.wrong("time_missing", de, en, "start_time")
        return None
    at = moment(value)
    if at is None:
        ask.wrong("time_invalid", f"{value} ist keine Zeit.", f"{value} is not a time.", "start_time")
        return None
    if at < ask.stock.clock.now():
        ask.faulty(over(at, ask.path("start_time"), ask.index))
        return None
    grid = ask.stock.tour_grid(tour, at.astimezone(ZONE).date())
    if at not in grid:
        near = [stamp(time) for time in sorted(grid, key=lambda time: abs(time - at))[:2]]
        de, en = "Dann beginnt keine Führung.", "The tour does not start then."
        ask.wrong("time_invalid", de, en, "start_time", tour_id=tour.id, nearest=near)
        return None
    if language is not None and not ask.stock.has_guide(tour, at.astimezone(ZONE).date(), language):
        de, en = "In dieser Sprache führt dann niemand.", "Nobody guides in this language then."
        ask.wrong("language_unavailable", de, en, "language_id", time=stamp(at))
    return at


# --- people, surcharges, equipment --------------------------------------------------------------------------


def _people(ask: Ask, tour: Tour) -> dict[int, int] | None:
    """Numbers by scale price; SINGLE stands for the price of the whole tour."""
    if ask.given.get("quantity") is not None and ask.given.get("quantities") is not None:
        de, en = "Nur quantity oder quantities angeben.", "Give quantity or quantities, not both."
        ask.wrong("invalid_value", de, en, "quantities")
        return None
    if prices.scales(tour.prices):
        return scale_counts(ask, tour.prices)
    if ask.given.get("quantities") is not None:
        de, en = "Diese Führung hat keine Staffelpreise.", "This tour has no scale prices."
        ask.wrong("unknown_scale_price", de, en, "quantities")
        return None
    count = reading.quantity(ask)
    return None if count is None else {SINGLE: count}


def _surcharges(ask: Ask, given: Any, rows: list[Price], people: int) -> list[tuple[Price, int]]:
    """The surcharges of the item with their numbers, each as often as its rule says."""
    known = prices.surcharges(rows)
    if given is None and known:
        de, en = "Die Zuschläge fehlen.", "The surcharges are missing."
        ask.wrong("surcharges_required", de, en, "surcharges", surcharge_ids=list(known))
        return []
    counted = reading.counts(given if given is not None else {})
    if counted is None:
        de, en = "Zuschläge sind Nummer und Anzahl.", "Surcharges are ids with numbers."
        ask.wrong("invalid_value", de, en, "surcharges")
        return []
    for key in counted.keys() - known.keys():
        de, en = f"Zuschlag {key} gibt es hier nicht.", f"There is no surcharge {key} here."
        ask.wrong("unknown_surcharge", de, en, f"surcharges.{key}", surcharge_id=key)
    for key, price in known.items():
        _check_surcharge(ask, key, price, counted.get(key, 0), people)
    return [(price, counted[key]) for key, price in known.items() if counted.get(key)]


def _check_surcharge(ask: Ask, key: int, price: Price, count: int, people: int) -> None:
    most = prices.times(price, people)
    least = 0 if price.optional else most
    if not least <= count <= most:
        de = f"Zuschlag {key}: {least} bis {most}, {count} wurden verlangt."
        en = f"Surcharge {key}: {least} to {most}, {count} were requested."
        meta = {"surcharge_id": key, "minimum": least, "maximum": most, "requested": count}
        ask.wrong("surcharge_quantity", de, en, f"surcharges.{key}", **meta)


def _equipment(ask: Ask, tour: Tour, given: Any) -> dict[int, int]:
    """Pieces by equipment id."""
    wanted: dict[int, int] = {}
    for number, given_row in enumerate(given if isinstance(given, list) else []):
        row = given_row if isinstance(given_row, dict) else {}
        key, count = reading.whole(row.get("id")), reading.whole(row.get("quantity"))
        if key not in tour.equipment or key is None:
            de, en = "Diese Ausstattung gibt es hier nicht.", "The tour has no such equipment."
            ask.wrong("equipment_unavailable", de, en, f"equipment[{number}].id")
        elif count is None or count < 1:
            de, en = "Die Anzahl fehlt.", "The quantity is missing."
            ask.wrong("quantity_invalid", de, en, f"equipment[{number}].quantity")
        else:
            wanted[key] = wanted.get(key, 0) + count
    return wanted


def _names(ask: Ask, given: Any, people: int) -> None:
    """Names are never required; where they are given, there is one for each participant."""
    if isinstance(given, list) and given and len(given) != people:
        de, en = f"{people} Personen, {len(given)} Namen.", f"{people} participants, {len(given)} names."
        ask.wrong("participants_mismatch", de, en, "attendees", expected=people, given=len(given))


# --- the line -----------------------------------------------------------------------------------------------


def _rows(tour: Tour, chosen: dict[int, int], extra: list[tuple[Price, int]]) -> list[tuple[Price, int, int]]:
    """Every price of the item, how many people chose it, and how often it is charged."""
    known = prices.scales(tour.prices)
    people = sum(chosen.values())
    base = [(known[key], n) for key, n in chosen.items() if key != SINGLE] or [
        (price, people) for price in prices.flat(tour.prices)
    ]
    return [(price, n, prices.times(price, n)) for price, n in base] + [(price, n, n) for price, n in extra]


def _line(
    ask: Ask,
    tour: Tour,
    at: datetime,
    people: int,
    *,
    rows: list[tuple[Price, int, int]],
    gear: dict[int, int],
) -> Line:

    cents = prices.item_cents(
        [Part(price.cents, charged, price.vat) for price, _, charged in rows],
        discount=ask.discount(tour.discount),
        vat=tour.vat,
        tax_included=tour.tax_included,
    )
    facts = {
        "language_id": ask.given["language_id"],
        "age_group_id": ask.given.get("age_group_id"),
        "prices": [
            {
                "title": price.title,
                "description": price.description,
                "quantity": chosen,
                "price_cents": price.cents,
                "total_price_cents": price.cents * charged,
            }
            for price, chosen, charged in rows
        ],
        "equipment": [{"id": key, "quantity": count} for key, count in gear.items()],
        "attendees": reading.persons(ask.given.get("attendees")),
    }
    return Line(
        ask.index, "Tour", tour.id, tour.title, people, cents, tour.vat, at,
        draws=ask.stock.draws_of_tour(tour, at, people, gear), facts=facts,
    )  # fmt: skip


def room(basket: Basket, line: Line, stock: Stock) -> None:
    """Check the people against the group, the pieces against what the house has."""
    tour, people = stock.world.tours[line.product], line.quantity
    at = line.at or stock.clock.now()
    meta: Json = {"tour_id": tour.id, "min": tour.min_people, "max": tour.max_people, "requested": people}
    name = "quantities" if prices.scales(tour.prices) else "quantity"
    if people > tour.max_people:
        de, en = f"Höchstens {tour.max_people} Personen.", f"At most {tour.max_people} people."
        basket.wrong("quantity_above_maximum", de, en, line.index, name, **meta)
    elif people < tour.min_people:
        de, en = f"Mindestens {tour.min_people} Personen.", f"At least {tour.min_people} people."
        basket.wrong("quantity_below_minimum", de, en, line.index, name, **meta)
    elif (left := stock.tour_bookable(tour, at, line.facts["language_id"])) < people:
        de = f"{line.title['de']}: noch {left} Plätze frei, {people} wurden verlangt."
        en = f"{line.title['en']}: {left} places left, {people} were requested."
        meta = {"tour_id": tour.id, "time": stamp(at), "requested": people, "available": left}
        basket.wrong("sold_out", de, en, line.index, "start_time", **meta)
    for number, row in enumerate(line.facts["equipment"]):
        left = stock.equipment_left(tour, row["id"], at)
        if left < row["quantity"]:
            de = f"Noch {left} frei, {row['quantity']} wurden verlangt."
            en = f"{left} left, {row['quantity']} were requested."
            meta = {"equipment_id": row["id"], "requested": row["quantity"], "available": left}
            basket.wrong("equipment_unavailable", de, en, line.index, f"equipment[{number}].quantity", **meta)
