"""The programme as upstream tells it: events with their dates, tours, vouchers, and the words they are found by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial

from catalog.lists import Lists, Seen, Source, handfuls, new_row, not_gone, several, told
from catalog.mirror import Known, Row
from catalog.programme_values import Houses, coupon_values, date_values, event_values, tour_values
from catalog.words import NOT_THERE, SmallLists, Words
from shop.api import Patience
from shop.api.errors import Forbidden, NotFound
from shop.api.paging import Listing, Skipped
from shop.api.queries import windows
from shop.api.records import EventDate, Picture

AHEAD = timedelta(days=365)
HANDFUL = 500  # dates have few words
WINDOWS_AHEAD = 4  # months of dates read at once


@dataclass(frozen=True, slots=True)
class Programme:
    """Reads the programme from `today` on, for a mirror that knows these rows and houses."""

    lists: Lists
    houses: Houses
    known: Mapping[str, Mapping[int, Known]]
    today: date
    words: Words = field(default_factory=Words)

    def read(self, over: frozenset[int], *, coupons: bool) -> Iterator[tuple[str, Seen]]:
        """Every list once it was read; dates that are `over` are not asked for and stay. Raises what the client
        raises."""
        small = SmallLists(self.lists, self.known)
        tagged = small.note_tags(self.words)
        led = replace(self, lists=replace(self.lists, taker=WordsFirst(self.lists, small, self.words)))
        events = led.events()
        yield "events", events
        if events.there:
            yield "dates", led.dates(events.ids, over)
        tours = led.tours()
        yield "tours", tours
        small.take_new(self.words)
        if coupons:
            yield "coupons", self.coupons()
        yield from small.others()
        if tagged or events.there or tours.there:
            yield from small.tags(self.words)

    def events(self) -> Seen:
        """All events; the words of a record are noted before it becomes a row."""
        group, known = self.lists.gomus.events, self.known["events"]
        asked = group.events(self.lists.locales)
        listing = Listing(self.words.heard(asked), asked.skipped)
        values = self.words.hearing(partial(event_values, houses=self.houses))
        detail = self.lists.one(group.event)
        source = Source("events", listing, detail, values, lambda record: record.picture)
        return self.lists.read_if_there(source, known)

    def tours(self) -> Seen:
        """All tours."""
        group, known = self.lists.gomus.tours, self.known["tours"]
        asked = group.tours(self.lists.locales)
        listing = Listing(self.words.heard(asked), asked.skipped)
        values = self.words.hearing(partial(tour_values, houses=self.houses))
        detail = self.lists.one(group.tour)
        source = Source("tours", listing, detail, values, lambda record: record.picture)
        return self.lists.read_if_there(source, known)

    def coupons(self) -> Seen:
        """All vouchers."""
        group, known = self.lists.gomus.reference, self.known["coupons"]
        listing = group.coupons(self.lists.locales)
        source = Source("coupons", listing, self.lists.one(group.coupon), coupon_values)
        return self.lists.read_if_there(source, known)

    def dates(self, events: frozenset[int], over: frozenset[int]) -> Seen:
        """A year of dates of the events there are; one of any other event could not be shown and is skipped."""
        known, seen = self.known["dates"], set[int]()
        there = events | self.known["events"].keys()
        skipped: list[Skipped] = []

        def rows() -> Iterator[Row | None]:
            for record in self.words.heard(self.lists.steps("dates", self._asked(skipped))):
                if record.event_id not in there:
                    skipped.append(Skipped(record.id, f"there is no event {record.event_id}"))
                elif record.id not in seen:
                    seen.add(record.id)
                    yield new_row(record.id, date_values(record, houses=self.houses), known)

        try:
            for some in handfuls((row for row in rows() if row), HANDFUL):
                self.lists.taker.take("dates", some)
        except (NotFound, Forbidden):
            if seen or skipped:
                raise
            return NOT_THERE
        kept = frozenset(not_gone(seen, skipped, known))
        return Seen(frozenset(seen) | kept | over, told(skipped))

    def _asked(self, skipped: list[Skipped]) -> Iterator[EventDate]:
        """All dates; months of them are asked for at once, the next ones while those at hand are dealt with."""
        months = windows(self.today, self.today + AHEAD)
        for listing in several(self._month, months, ahead=WINDOWS_AHEAD):
            yield from listing
            skipped.extend(listing.skipped)

    def _month(self, days: tuple[date, date]) -> Listing[EventDate]:
        asked = self.lists.gomus.events.dates(self.lists.locales, *days, patience=Patience.WORKER)
        return Listing(iter(list(asked)), asked.skipped)


@dataclass(frozen=True, slots=True)
class WordsFirst:
    """Takes rows; the words that they refer to are handed on before them."""

    lists: Lists
    small: SmallLists
    words: Words

    def take(self, kind: str, rows: Sequence[Row], pictures: Sequence[Picture | None] = ()) -> None:
        self.small.take_new(self.words)
        self.lists.taker.take(kind, rows, pictures)
