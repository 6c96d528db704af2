"""When things happen: runs of exhibitions, dates of events."""

from collections.abc import Iterator
from datetime import date, timedelta

from sandbox.catalogue.model import Event, EventDate
from sandbox.clock import exists, wall
from sandbox.data.houses import House
from sandbox.data.shows import Show

Day = date
FIRST_DAY = Day(2000, 1, 1)  # the ids of dates count days from here
PER_EVENT, PER_DAY = 1_000_000, 10
MOST_DAYS = 800


class Calendar:
    """Dates follow from the weekdays and minutes of an event, so none is kept and every id is for good."""

    houses: dict[int, House]
    events: dict[int, Event]
    by_day: dict[Day, list[EventDate]]  # what was asked for lately

    def open_on(self, house_id: int, day: Day) -> bool:
        return day.weekday() != self.houses[house_id].closed_on

    def on_show(self, show: Show, today: Day) -> tuple[Day, Day] | None:
        """First and last day of a run; None: permanent."""
        if show.run is None:
            return None
        return today + timedelta(days=show.run[0]), today + timedelta(days=show.run[1])

    def dates(self, event: Event, first_day: Day, last_day: Day) -> list[EventDate]:
        """The dates of an event from one day to another, both included, in order."""
        return list(self.coming(event, first_day, last_day))

    def coming(self, event: Event, first_day: Day, last_day: Day) -> Iterator[EventDate]:
        """The same, worked out as they are asked for: what happened once happens again every so many weeks."""
        period, count = 7 * event.every, (last_day - first_day).days + 1
        first = [n for n in range(min(period, count)) if self._happens(event, first_day + timedelta(days=n))]
        for number in sorted(number for one in first for number in range(one, count, period)):
            yield from self._on(event, first_day + timedelta(days=number))

    def dates_on(self, day: Day) -> list[EventDate]:
        """The dates of all events on a day, in order."""
        if day not in self.by_day:
            found = (
                one
                for event in self.events.values()
                if self._happens(event, day)
                for one in self._on(event, day)
            )
            if len(self.by_day) > MOST_DAYS:
                self.by_day.clear()
            self.by_day[day] = sorted(found, key=lambda one: (one.start, one.id))
        return self.by_day[day]

    def date(self, number: int) -> EventDate | None:
        """The date with an id; None when its event does not take place then."""
        event_id, rest = divmod(number, PER_EVENT)
        days, place = divmod(rest, PER_DAY)
        event, day = self.events.get(event_id), FIRST_DAY + timedelta(days=days)
        if event is None or place >= len(event.minutes) or not self._happens(event, day):
            return None
        return next((one for one in self._on(event, day) if one.id == number), None)

    def _happens(self, event: Event, day: Day) -> bool:
        weeks = (day - FIRST_DAY).days // 7
        return (
            day.weekday() in event.weekdays
            and weeks % event.every == event.id % event.every
            and day >= FIRST_DAY
            and self.open_on(event.house, day)
        )

    def _on(self, event: Event, day: Day) -> Iterator[EventDate]:
        """The dates of a day on which an event happens, apart from times that the clock skips."""
        days, languages = (day - FIRST_DAY).days, event.tags["languages"]
        for place, minute in enumerate(event.minutes):
            start = wall(day, minute)
            if exists(start):
                number = event.id * PER_EVENT + days * PER_DAY + place
                yield EventDate(number, event.id, start, languages[(days + place) % len(languages)])
