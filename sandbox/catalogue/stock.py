"""How many places a quota has at a time, how many are left, and how many a ticket may take."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from sandbox.catalogue.counting import HORIZON, Place, dice
from sandbox.catalogue.guides import Guides
from sandbox.catalogue.model import Quota, Ticket
from sandbox.catalogue.seats import Seats
from sandbox.clock import ZONE, exists, wall

__all__ = ["Place", "Stock"]


class Stock(Seats, Guides):
    """All places: quotas of tickets, seats of dates, groups and equipment of tours."""

    def place(self, quota: Quota, at: datetime) -> Place | None:
        """The slot of a quota that contains an instant; None when there is none."""
        local = at.astimezone(ZONE)
        return self.places(quota, local.date(), [local.hour * 60 + local.minute])[0]

    def places(self, quota: Quota, day: date, minutes: list[int]) -> list[Place | None]:
        """The slots of a quota that contain these minutes of a day."""
        if not self._sold_on(quota.house, day):
            return [None] * len(minutes)
        slots = (quota.slot_of(minute, day.weekday()) for minute in minutes)
        return [None if slot is None else (quota.id, wall(day, slot)) for slot in slots]

    def total(self, place: Place | None) -> int:
        """The configured seats of a slot; 0: never offered."""
        if place is None:
            return 0
        quota = self.world.quotas[place[0]]
        if place in self.fixed:
            return max(quota.seats, self.fixed[place])
        return _usual(quota, place[1])[0]

    def left(self, place: Place | None) -> int:
        """Seats left in a slot, net of what other sales channels took and of orders and holds here."""
        if place is None:
            return 0
        return self.rest(place, _usual(self.world.quotas[place[0]], place[1])[1])

    def of_ticket(self, ticket: Ticket, at: datetime, credit: Counter[Place] | None = None) -> int:
        """Seats a ticket can still take at an instant: the least over all its quotas; without one, an order's."""
        if not ticket.quotas:
            return _unlimited(ticket) if self._sold_on(ticket.house, at.astimezone(ZONE).date()) else 0
        return self._least([self.place(self.world.quotas[quota], at) for quota in ticket.quotas], credit)

    def of_day(
        self, ticket: Ticket, day: date, credit: Counter[Place] | None = None
    ) -> Iterator[tuple[datetime, int]]:
        """The same for every entry time of a day that is not over."""
        earliest = self.earliest(day, slotted=ticket.entry_duration is not None)
        times = [at for at in self.times(ticket, day) if at >= earliest]
        minutes = [at.hour * 60 + at.minute for at in times]
        rows = [self.places(self.world.quotas[quota], day, minutes) for quota in ticket.quotas]
        if not rows:
            return ((at, self.of_ticket(ticket, at)) for at in times)
        return ((at, self._least(places, credit)) for at, *places in zip(times, *rows, strict=True))

    def of_ticket_total(self, ticket: Ticket, at: datetime) -> int:
        places = [self.place(self.world.quotas[quota], at) for quota in ticket.quotas]
        return min((self.total(place) for place in places), default=0)

    def earliest(self, day: date, *, slotted: bool) -> datetime:
        """From when on one may still enter: a day ticket is valid to the end of its day."""
        if not slotted:
            return wall(max(day, self.clock.today()), 0)
        return self.clock.now() - timedelta(minutes=self.late_entry_minutes)

    def begun(self, at: datetime, ticket: Ticket | None = None) -> bool:
        """Too late to enter?"""
        slotted = ticket is None or ticket.entry_duration is not None
        return at < self.earliest(at.astimezone(ZONE).date(), slotted=slotted)

    def times(self, ticket: Ticket, day: date) -> list[datetime]:
        """The entry times of a ticket on a day, by its own grid; none for an annual one."""
        if ticket.ticket_type == "annual":
            return []
        return [at for minute in ticket.entries(day.weekday()) if exists(at := wall(day, minute))]

    def draws(self, ticket: Ticket, at: datetime, quantity: int) -> Counter[Place]:
        """What a booking takes from every quota of the ticket."""
        places = (self.place(self.world.quotas[quota], at) for quota in ticket.quotas)
        return Counter({place: quantity for place in places if place})

    def _sold_on(self, house: int, day: date) -> bool:
        today = self.clock.today()
        return self.world.open_on(house, day) and today <= day <= today + timedelta(days=HORIZON)

    def _least(self, places: list[Place | None], credit: Counter[Place] | None) -> int:
        own: dict[Place, int] = credit or {}
        return min(self.left(place) + own.get(place, 0) if place else 0 for place in places)


@lru_cache(maxsize=200_000)
def _usual(quota: Quota, at: datetime) -> tuple[int, int]:
    """Seats of a slot, and how many other sales channels left of them.

    A lively, repeatable mix: never offered, sold out, the last few, half full, nearly empty.
    """
    luck, seats = dice(quota.id, at), quota.seats
    if quota.step is None:
        return seats, seats - (seats if luck < 6 else seats * (luck % 60) // 100)
    if luck < 5:
        return 0, 0
    if luck < 14:
        return seats, 0
    if luck < 28:
        return seats, seats - max(0, seats - 1 - luck % 3)
    return seats, seats - seats * (luck % 50) // 100


def _unlimited(ticket: Ticket) -> int:
    return ticket.max_persons or 100
