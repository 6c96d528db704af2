"""A programme as big as that of the largest cities, made of what the invented one has."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice

from sandbox.catalogue.model import Event, Words
from sandbox.data.events import EVENTS, EVERY_DAY
from sandbox.data.houses import House
from sandbox.data.offers import Family, Kind
from sandbox.data.shows import SHOWS, Show

TICKETS, EVENT_COUNT, SHOW_COUNT = 5000, 2000, 400
FIRST_TICKET, FIRST_EVENT, FIRST_SHOW = 1_000_000, 10_000, 10_000
EVERY = 5  # weeks between two dates of an event: some ten a year


def families(count: int) -> Iterator[Family]:
    """Tickets of the first house, each with a quota of its own."""
    for number in range(count):
        title, note = {"de": f"Karte {number}", "en": f"Ticket {number}"}, {"de": "", "en": ""}
        kind = Kind(FIRST_TICKET + number, title, note, 500 + number % 2000)
        yield Family(FIRST_TICKET + number, 1, (), title, 30, 20, "7.0", (kind,))


def shows() -> Iterator[Show]:
    for number, show in enumerate(islice(cycle(SHOWS), SHOW_COUNT)):
        yield replace(show, id=FIRST_SHOW + number, title=_numbered(show.title, number), featured=False)


def events(houses: dict[int, House]) -> Iterator[Event]:
    """Each takes place once in some weeks, on a day on which its house is open."""
    for number, event in enumerate(islice(cycle(EVENTS), EVENT_COUNT)):
        days = [day for day in EVERY_DAY if day != houses[event.house].closed_on]
        yield replace(
            event,
            id=FIRST_EVENT + number,
            title=_numbered(event.title, number),
            weekdays=(days[number % len(days)],),
            minutes=(10 * 60 + number % 40 * 15,),
            every=EVERY,
            featured=False,
        )


def _numbered(title: Words, number: int) -> Words:
    return {code: f"{text} {number}" for code, text in title.items()}
