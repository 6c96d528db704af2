"""How many seats a date of an event has left, and which ones."""

from collections import Counter
from datetime import timedelta

from sandbox.catalogue.counting import DATES, Counting, Place, dice
from sandbox.catalogue.model import EventDate

DATES_AHEAD = 365  # days for which dates are announced


class Seats(Counting):
    """Dates of events: seats in a room, numbered or not."""

    def seats_left(self, date: EventDate) -> int:
        """Seats still sold for a date; 0 once it began."""
        if date.start < self.clock.now() or not self.announced(date):
            return 0
        event = self.world.events[date.event]
        if not event.bookable:
            return 0
        place = _place(date)
        room = event.seats - self.used.get(place, 0)
        return max(0, min(room, self.rest(place, event.seats - self._gone(date))))

    def seats_booked(self, date: EventDate) -> int:
        """Seats somebody has, here or at another sales channel."""
        event = self.world.events[date.event]
        taken = self._gone(date) + self.used.get(_place(date), 0)
        return min(event.seats - self.seats_left(date), taken)

    def blocked_seats(self, date: EventDate) -> set[int]:
        """Numbered seats that cannot be sold now; all of them when the date is sold out."""
        plan = self.world.plans.get(self.world.events[date.event].plan or 0)
        if plan is None:
            return set()
        if not self.seats_left(date):
            return {seat.id for seat in plan.seats}
        return self.seat_taken.get(date.id, set()) | self._seats_gone(date)

    def announced(self, date: EventDate) -> bool:
        return date.start.date() <= self.clock.today() + timedelta(days=DATES_AHEAD)

    def draws_of_date(self, date: EventDate, quantity: int) -> Counter[Place]:
        return Counter({_place(date): quantity})

    def _gone(self, date: EventDate) -> int:
        """Seats sold elsewhere."""
        event = self.world.events[date.event]
        if event.plan:
            return len(self._seats_gone(date))
        if event.demand >= 100:
            return event.seats
        return event.seats * (dice(*_place(date)) * event.demand // 100) // 100

    def _seats_gone(self, date: EventDate) -> frozenset[int]:
        if date.id not in self.seats_elsewhere:
            event = self.world.events[date.event]
            seats = (seat.id for seat in self.world.plans[event.plan or 0].seats)
            gone = frozenset(seat for seat in seats if dice(date.id + seat, date.start) < event.demand)
            self.seats_elsewhere[date.id] = gone
        return self.seats_elsewhere[date.id]


def _place(date: EventDate) -> Place:
    return DATES + date.id, date.start
