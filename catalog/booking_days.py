"""On which days of a month a museum or an exhibition can be booked, by the same answers as the pages of its tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from catalog import availability
from catalog.availability import NotKnown
from catalog.choosing import Month, calendar
from catalog.families import group
from catalog.models import Exhibition, Museum, Ticket

MOST_TICKETS = 100  # one call asks about


@dataclass(frozen=True, slots=True)
class BookingDays:
    """`address` and `carry` make the address of a day: `address`?day=…`carry`. `month` is None where there are no
    tickets or (`unknown`) the ticket system does not answer; it is asked again at `retry_at`.
    """

    month: Month | None
    address: str
    carry: str
    checked_seconds_ago: int = 0
    stale: bool = False
    unknown: bool = False
    retry_at: datetime | None = None


def booking_days(place: Museum | Exhibition, first: date, museum: Museum | None) -> BookingDays:
    """The month of a place. A day leads to the ticket where there is but one to choose, else to all of the museum."""
    tickets = _tickets(place)[:MOST_TICKETS]
    families = group(tickets)
    if len(families) == 1:
        address, carry = reverse("catalog:ticket", args=[families[0][0].pk]), ""
    else:
        address, carry = reverse("catalog:find"), f"&museum={museum.pk}" if museum else ""
    if not tickets:
        return BookingDays(None, address, carry)
    try:
        told = availability.month(tickets, first)
    except NotKnown as error:
        return BookingDays(None, address, carry, unknown=True, retry_at=error.retry_at)
    month = calendar(told.days, first, None)
    return BookingDays(month, address, carry, told.checked_seconds_ago, told.stale)


def _tickets(place: Museum | Exhibition) -> list[Ticket]:
    """What is sold for a place; for an exhibition without tickets of its own those of the house."""
    sold = Ticket.objects.sellable()
    if isinstance(place, Museum):
        return list(sold.filter(museums=place))
    own = list(sold.filter(exhibitions=place))
    return own or list(sold.filter(museums=place.museum_id, exhibitions=None))
