"""Entry times: is this an instant at which the holder of a ticket may enter?"""

from datetime import datetime
from typing import Any

from sandbox.catalogue.model import Ticket
from sandbox.catalogue.stock import Stock
from sandbox.clock import ZONE, moment, stamp
from sandbox.errors import Fault


def entry(stock: Stock, ticket: Ticket, value: Any, path: str, index: int | None = None) -> datetime | Fault:
    """The instant of a valid entry, or what is wrong with the value."""
    if not value:
        de, en = "Die Einlasszeit fehlt.", "The entry time is missing."
        return Fault("time_missing", de, en, path, index, {"ticket_id": ticket.id})
    at = moment(value)
    if at is None:
        de, en = f"{value} ist keine Zeit.", f"{value} is not a time."
        return Fault("time_invalid", de, en, path, index, {"ticket_id": ticket.id})
    if at not in stock.times(ticket, at.astimezone(ZONE).date()):
        return _off_the_grid(stock, ticket, at, path, index)
    if stock.begun(at, ticket):
        return over(at, path, index)
    return at


def over(at: datetime, path: str, index: int | None) -> Fault:
    meta = {"time": stamp(at)}
    return Fault("time_in_past", "Diese Zeit ist vorbei.", "This time is over.", path, index, meta)


def _off_the_grid(stock: Stock, ticket: Ticket, at: datetime, path: str, index: int | None) -> Fault:
    local = at.astimezone(ZONE)
    near = sorted(stock.times(ticket, local.date()), key=lambda time: abs(time - at))[:2]
    meta = {
        "ticket_id": ticket.id,
        "first_entry": ticket.first_entry,
        "last_entry": ticket.last_entry,
        "entry_duration": ticket.entry_duration,
        "nearest": [stamp(time) for time in near],
    }
    de = f"{local:%H:%M} ist keine Einlasszeit der Karte {ticket.id}."
    en = f"{local:%H:%M} is not an entry time of ticket {ticket.id}."
    return Fault("time_invalid", de, en, path, index, meta)
