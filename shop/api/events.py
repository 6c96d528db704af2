"""The events group: events, their dates, seating plans. Reads only."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from shop.api.calls import Call
from shop.api.group import Group
from shop.api.paging import Listing, read_each, read_rows
from shop.api.queries import EVERYTHING, Filter, Locales, Selection, filtered, in_locales, in_pieces
from shop.api.readers import availability, offers, shared
from shop.api.readers import dates as date_readers
from shop.api.records import DayStatus, Event, EventDate, Named, Tag
from shop.api.timing import Patience

SVG_BYTES = 2_000_000


class Events(Group):
    """Events and their dates; lists as in `Catalogue`. Long ranges of days are asked in several calls."""

    def tags(
        self, tag: Tag, locales: Locales, *, patience: Patience = Patience.WORKER
    ) -> tuple[Named, ...] | None:
        """The tags of that kind in use on events; None where upstream has no such list."""
        return self._tags("events", tag, locales, patience)

    def events(
        self,
        locales: Locales,
        selection: Selection = EVERYTHING,
        *,
        q: str | None = None,
        featured: bool | None = None,
        with_bookings_in_future: bool | None = None,
        patience: Patience = Patience.WORKER,
    ) -> Listing[Event]:
        """Events that match every filter given, without the fields of the single record."""
        given = {"q": q, "by_featured": featured} | selection.filters()
        given["with_bookings_in_future"] = with_bookings_in_future
        call = Call("GET", "/events", patience=patience)
        return self._list(call, "events", offers.event, locales, given)

    def event(self, event_id: int, locales: Locales, *, patience: Patience = Patience.WORKER) -> Event:
        """One event with description and content."""
        call = Call("GET", "/events/:id", {"id": event_id}, patience=patience)
        return self._one(call, "event", offers.event, locales)

    def dates_of(
        self,
        event_id: int,
        locales: Locales,
        start: date,
        end: date,
        *,
        language_ids: Iterable[int] | None = None,
        bookable: bool | None = None,
        patience: Patience = Patience.WEB,
    ) -> Listing[EventDate]:
        """Dates of one event from `start` to `end`, both days included, by time."""
        given = {"by_language_ids": language_ids, "by_bookable": bookable}
        call = Call(
            "GET", "/events/:id/dates", {"id": event_id}, query=in_locales(locales), patience=patience
        )
        return self._dates(in_pieces(call, filtered(given), start, end), locales)

    def event_date(
        self, event_id: int, date_id: int, locales: Locales, *, patience: Patience = Patience.WEB
    ) -> EventDate:
        """One date with its prices, terms and seating plans."""
        values = {"event_id": event_id, "id": date_id}
        call = Call("GET", "/events/:event_id/dates/:id", values, patience=patience)
        return self._one(call, "date", date_readers.priced_event_date, locales)

    def dates(
        self,
        locales: Locales,
        start: date,
        end: date,
        selection: Selection = EVERYTHING,
        *,
        q: str | None = None,
        event_ids: Iterable[int] | None = None,
        patience: Patience = Patience.WEB,
    ) -> Listing[EventDate]:
        """Dates of all events from `start` to `end` that match every filter given, by time."""
        query = filtered(_filters(selection, q, event_ids))
        call = Call("GET", "/dates", query=in_locales(locales), patience=patience)
        return self._dates(in_pieces(call, query, start, end), locales)

    def date_languages(
        self,
        locales: Locales,
        start: date,
        end: date,
        selection: Selection = EVERYTHING,
        *,
        q: str | None = None,
        event_ids: Iterable[int] | None = None,
        patience: Patience = Patience.WEB,
    ) -> tuple[Named, ...]:
        """Languages of the dates that `dates` would give."""
        query = filtered(_filters(selection, q, event_ids))
        read = shared.named(self._context(locales))
        found: dict[int, Named] = {}
        call = Call("GET", "/dates/languages", query=in_locales(locales), patience=patience)
        for piece in in_pieces(call, query, start, end):
            for language in read_rows(self._caller, piece, "languages", read):
                found.setdefault(language.id, language)
        return tuple(found.values())

    def calendar_any(
        self,
        start: date,
        end: date,
        selection: Selection = EVERYTHING,
        *,
        event_ids: Iterable[int] | None = None,
        patience: Patience = Patience.WEB,
    ) -> dict[date, bool]:
        """For each day of the range: is there a date to be booked? A day upstream does not mention is missing."""
        query = filtered(_filters(selection, None, event_ids) | {"depth": "any"})
        call = Call("GET", "/calendar", patience=patience)
        return self._days(call, query, availability.calendar_any, start, end)

    def calendar_status(
        self,
        start: date,
        end: date,
        selection: Selection = EVERYTHING,
        *,
        event_ids: Iterable[int] | None = None,
        patience: Patience = Patience.WEB,
    ) -> dict[date, DayStatus]:
        """As `calendar_any`, but days that are sold out are told from days without any date."""
        query = filtered(_filters(selection, None, event_ids) | {"depth": "availability_status"})
        call = Call("GET", "/calendar", patience=patience)
        return self._days(call, query, availability.calendar_status, start, end)

    def seating_visual(self, visual_id: int, locale: str = "", *, patience: Patience = Patience.WEB) -> bytes:
        """The drawing of a seating plan as SVG, at most 2 MB, by the `visual_id` of its `Seating`.

        Its words are in `locale`, without one or with one unknown to upstream in upstream's own language.

        It is as upstream sent it and may hold scripts: it must be made safe before anybody is shown it.
        """
        call = Call(
            "GET",
            "/seatings/:id.svg",
            {"id": visual_id},
            query=(("locale", locale),) if locale else (),
            accept=date_readers.SVG_TYPE,
            limit=SVG_BYTES,
            patience=patience,
        )
        return self._caller.fetch(call, date_readers.svg)

    def _dates(self, calls: Iterable[Call], locales: Locales) -> Listing[EventDate]:
        read = date_readers.event_date(self._context(locales))
        return read_each(self._caller, calls, "dates", read, name=attrgetter("id"))


def _filters(selection: Selection, q: str | None, event_ids: Iterable[int] | None) -> dict[str, Filter]:
    return {"q": q, "by_event_ids": event_ids} | selection.filters()
