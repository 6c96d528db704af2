"""Ticket items of an order: plain, combined and annual."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sandbox.booking import reading
from sandbox.booking.basket import Ask, Basket, Json, Line
from sandbox.booking.entries import entry, over
from sandbox.booking.prices import Part, item_cents, sane
from sandbox.catalogue.model import Ticket
from sandbox.catalogue.stock import Place, Stock
from sandbox.clock import ZONE, moment, stamp, wall
from sandbox.errors import Fault


def read(ask: Ask) -> None:
    """Add the item to the basket, or say what is wrong with it."""
    ticket = _sellable(ask)
    if ticket is None:
        return
    quantity = reading.quantity(ask)
    if quantity is None:
        return
    at = _time(ask, ticket, ask.given.get("time"))
    times = _sub_times(ask, ticket, ask.given.get("sub_ticket_times"))
    people = _attendees(ask, ticket, quantity, ask.given.get("attendees"))
    if ask.spoilt:
        return
    listed = ask.given.get("reservations")
    ask.basket.lines.append(
        Line(
            ask.index,
            "Ticket",
            ticket.id,
            ticket.title,
            quantity,
            _cents(ask, ticket, quantity),
            ticket.vat,
            at,
            draws=_draws(ask.stock, ticket, at, times, quantity),
            facts=_facts(ticket, people, times),
            holds=[token for token in listed if isinstance(token, str)] if isinstance(listed, list) else [],
        )
    )


def _sellable(ask: Ask) -> Ticket | None:
    ticket = ask.stock.world.tickets.get(reading.whole(ask.given.get("id")) or 0)
    if ticket is None or ticket.id in ask.stock.world.hidden:
        ask.wrong("unknown_product", "Unbekannte Karte.", "Unknown ticket.", "id")
        return None
    if ticket.is_sub:
        de, en = "Nur in einer Kombikarte erhältlich.", "Only sold as a part of a combined ticket."
        ask.wrong("sub_ticket_only", de, en, "id", ticket_id=ticket.id)
        return None
    if not ticket.bookable or not sane([ticket.price_cents], ticket.discount):
        de, en = "Karte nicht buchbar.", "Ticket not bookable."
        ask.wrong("not_bookable", de, en, "id", ticket_id=ticket.id)
        return None
    return ticket


def _time(ask: Ask, ticket: Ticket, value: Any) -> datetime | None:
    if ticket.ticket_type == "annual":
        found = _first_day(ask, value)
    else:
        found = entry(ask.stock, ticket, value, ask.path("time"), ask.index)
    if isinstance(found, Fault):
        ask.faulty(found)
        return None
    if found and not _on_sale(ask, ticket, found):
        de, en = "Für diesen Tag nicht im Verkauf.", "Not on sale for this day."
        ask.wrong("not_bookable", de, en, "time", ticket_id=ticket.id)
    return found


def _on_sale(ask: Ask, ticket: Ticket, at: datetime) -> bool:
    if ticket.sale is None:
        return True
    first, last = ticket.sale
    return first <= (at.astimezone(ZONE).date() - ask.stock.clock.today()).days <= last


def _first_day(ask: Ask, value: Any) -> datetime | Fault | None:
    """The day an annual ticket begins to be valid; it may be left open."""
    if value in (None, ""):
        return None
    at, path = moment(value) or moment(f"{value}T12:00:00+00:00"), ask.path("time")
    if at is None:
        return Fault("time_invalid", f"{value} ist kein Tag.", f"{value} is not a day.", path, ask.index)
    day = at.astimezone(ZONE).date()
    return over(at, path, ask.index) if day < ask.stock.clock.today() else wall(day, 0)


# --- combined tickets -------------------------------------------------------------------------------------


def _sub_times(ask: Ask, ticket: Ticket, given: Any) -> dict[int, datetime]:
    """One entry for each part of a combined ticket, far enough from each other."""
    if not ticket.subs:
        return {}
    values = given if isinstance(given, dict) else {}
    times: dict[int, datetime] = {}
    for sub in ticket.subs:
        name = f"sub_ticket_times.{sub}"
        if not values.get(str(sub)):
            de, en = f"Die Zeit für Teil {sub} fehlt.", f"The time of sub ticket {sub} is missing."
            ask.wrong("sub_ticket_times_missing", de, en, name, ticket_id=ticket.id, sub_ticket_id=sub)
            continue
        part = ask.stock.world.tickets[sub]
        found = entry(ask.stock, part, values[str(sub)], ask.path(name), ask.index)
        if isinstance(found, Fault):
            ask.faulty(found)
        else:
            times[sub] = found
    _check_gap(ask, ticket, times)
    return times


def _check_gap(ask: Ask, ticket: Ticket, times: dict[int, datetime]) -> None:
    switched = ask.switches.subticket_gap_minutes
    gap = (ticket.min_gap or 0) if switched < 0 else switched
    near = [
        second
        for first, second in pairwise(sorted(times.values()))
        if second - first < timedelta(minutes=gap)
    ]
    if near:
        de, en = f"Zwischen zwei Einlässen liegen {gap} Minuten.", f"Entries need {gap} minutes between them."
        meta = {"ticket_id": ticket.id, "min_gap_minutes": gap}
        ask.wrong("sub_ticket_times_too_close", de, en, "sub_ticket_times", **meta)


def _draws(
    stock: Stock, ticket: Ticket, at: datetime | None, times: dict[int, datetime], quantity: int
) -> Counter[Place]:
    """The places an order takes: of the ticket at its time, of every part at its own."""
    draws = stock.draws(ticket, at, quantity) if at and ticket.ticket_type != "annual" else Counter()
    for sub, when in times.items():
        draws.update(stock.draws(stock.world.tickets[sub], when, quantity))
    return draws


# --- names and numbers ------------------------------------------------------------------------------------


def _attendees(ask: Ask, ticket: Ticket, quantity: int, given: Any) -> list[dict[str, str]]:
    if ticket.attendees != "required":
        return reading.persons(given)
    if not isinstance(given, list):
        de, en = f"Karte {ticket.id} braucht Namen.", f"Ticket {ticket.id} needs the names of attendees."
        ask.wrong("attendees_missing", de, en, "attendees")
        return []
    if len(given) != quantity:
        verb_de, verb_en = ("wurde", "was") if len(given) == 1 else ("wurden", "were")
        de = f"Karte {ticket.id} braucht {quantity} Namen, {len(given)} {verb_de} genannt."
        en = f"Ticket {ticket.id} needs the names of {quantity} attendees, {len(given)} {verb_en} given."
        ask.wrong("attendees_count", de, en, "attendees", expected=quantity, given=len(given))
    for number, person in enumerate(given):
        for part in ("name", "surname"):
            if not isinstance(person, dict) or not reading.text(person.get(part)):
                de = f"Person {number + 1} der Karte {ticket.id}: {part} fehlt."
                en = f"Attendee {number + 1} of ticket {ticket.id} has no {part}."
                ask.wrong("attendee_incomplete", de, en, f"attendees[{number}].{part}")
    return reading.persons(given)


def _cents(ask: Ask, ticket: Ticket, quantity: int) -> int:
    return item_cents(
        [Part(ticket.price_cents, quantity)],
        discount=ask.discount(ticket.discount),
        vat=ticket.vat,
        tax_included=ticket.tax_included,
    )


def _facts(ticket: Ticket, people: list[dict[str, str]], times: dict[int, datetime]) -> Json:
    return {
        "ticket_type": ticket.ticket_type,
        "attendees": people,
        "sub_ticket_times": {str(sub): stamp(at) for sub, at in times.items()},
    }


def limits(basket: Basket, stock: Stock) -> None:
    """Smallest and largest number of a ticket, counted over all items of the order."""
    sums: Counter[int] = Counter()
    for line in basket.lines:
        if line.type == "Ticket":
            sums[line.product] += line.quantity
    for line in basket.lines:
        if line.type == "Ticket" and line.product in sums:
            _limit(basket, line.index, stock.world.tickets[line.product], sums.pop(line.product))


def _limit(basket: Basket, index: int, ticket: Ticket, total: int) -> None:
    least, most = ticket.min_persons or 0, most_of(ticket)
    meta = {"ticket_id": ticket.id, "min_persons": least, "max_persons": most, "requested": total}
    if most is not None and total > most:
        verb_de, verb_en = ("wurde", "was") if total == 1 else ("wurden", "were")
        de = f"Höchstens {most} der Karte {ticket.id} je Bestellung, {total} {verb_de} verlangt."
        en = f"At most {most} of ticket {ticket.id} per order, {total} {verb_en} requested."
        basket.wrong("quantity_above_maximum", de, en, index, "quantity", **meta)
    elif total < least:
        de = f"Mindestens {least} der Karte {ticket.id} je Bestellung."
        en = f"At least {least} of ticket {ticket.id} per order."
        basket.wrong("quantity_below_minimum", de, en, index, "quantity", **meta)


def most_of(ticket: Ticket) -> int | None:
    """The largest number per order; None without a limit. An annual ticket with a 0 is not sold at all."""
    if ticket.ticket_type == "annual":
        return ticket.max_persons
    return ticket.max_persons or None


# --- places -----------------------------------------------------------------------------------------------


def room(basket: Basket, line: Line, stock: Stock) -> None:
    """Check the places of every entry of an item."""
    if line.at is not None and line.facts["ticket_type"] != "annual":
        _entry_room(basket, line, stock, at=line.at, ticket=stock.world.tickets[line.product], name="time")
    for sub, text in line.facts["sub_ticket_times"].items():
        at, part = datetime.fromisoformat(text), stock.world.tickets[int(sub)]
        _entry_room(basket, line, stock, at=at, ticket=part, name=f"sub_ticket_times.{sub}")


def _entry_room(basket: Basket, line: Line, stock: Stock, *, at: datetime, ticket: Ticket, name: str) -> None:
    path = f"items[{line.index}].attributes.{name}"
    if fault := lack(stock, ticket, at, line.quantity, path, index=line.index, needs=line.draws):
        basket.faults.append(fault)


def lack(
    stock: Stock,
    ticket: Ticket,
    at: datetime,
    quantity: int,
    path: str,
    *,
    index: int | None = None,
    needs: Counter[Place] | None = None,
) -> Fault | None:
    """What is missing for so many entries at a time; None when there is room.

    `needs` is what the whole item takes: parts of a combined ticket may meet in one quota.
    """
    local = f"{at.astimezone(ZONE):%H:%M}"
    meta: Json = {"ticket_id": ticket.id, "time": stamp(at)}
    if not (stock.of_ticket_total(ticket, at) if ticket.quotas else stock.of_ticket(ticket, at)):
        de, en = f"{local} wird nicht angeboten.", f"{local} is not offered."
        return Fault("slot_unavailable", de, en, path, index, meta)
    draws = stock.draws(ticket, at, quantity)
    short = [place for place in draws if stock.left(place) < (needs or draws)[place]]
    if not short:
        return None
    tight = min(short, key=stock.left)
    left = stock.left(tight)
    title = ticket.title
    de = f"{title['de']}: um {local} {_free_de(left)}, {quantity} wurden verlangt."
    en = f"{title['en']}: {local} has {left} {'place' if left == 1 else 'places'} left, {quantity} were requested."
    meta = meta | {"quota_id": tight[0], "requested": quantity, "available": left}
    return Fault("sold_out", de, en, path, index, meta)


def _free_de(left: int) -> str:
    return f"ist noch {left} Platz frei" if left == 1 else f"sind noch {left} Plätze frei"
