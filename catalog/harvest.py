"""Everything the sync asks upstream. Reads the mirror only to know what needs asking; what it finds goes to a taker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import partial

from catalog.lists import Lists, Seen, Source, several
from catalog.mirror import Known, Row, Values, exhibition_values, museum_values, ticket_values
from catalog.programme import Programme
from catalog.programme_values import Houses
from shop.api.paging import Listing, Skipped
from shop.api.records import OpeningHours, Picture, Ticket, TicketType

HOURS_GOOD_FOR = timedelta(hours=6)
HOURS_DAYS = 7


@dataclass(frozen=True, slots=True)
class Mirror:
    """What the mirror knows before the run: rows by kind and id, when each museum's day was last read, the parts of
    each combined ticket, and dates of events that are over."""

    rows: Mapping[str, Mapping[int, Known]]
    hours: Mapping[tuple[int, date], datetime]
    parts: Mapping[int, Sequence[int]] = field(default_factory=dict)
    over: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of one museum's day; None is closed."""

    museum_id: int
    day: date
    hours: OpeningHours | None


@dataclass(frozen=True, slots=True)
class Combined:
    """Takes the rows of tickets but holds combined ones back, until every part of them is in the mirror."""

    lists: Lists
    held: list[Row] = field(default_factory=list)

    def take(self, kind: str, rows: Sequence[Row], pictures: Sequence[Picture | None] = ()) -> None:
        whole = [row for row in rows if not row.values["sub_ticket_ids"]]
        self.held.extend(row for row in rows if row.values["sub_ticket_ids"])
        self.lists.taker.take(kind, whole, pictures)

    def let_go(self, kind: str) -> None:
        """Hand on what was held back."""
        self.lists.taker.take(kind, self.held)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the whole catalogue, days as at the venue."""

    lists: Lists
    zone: tzinfo
    coupons: bool  # whether vouchers are asked for

    def everything(self, mirror: Mirror) -> Iterator[tuple[str, Seen]]:
        """Each list once it was read: what others refer to comes first. Raises what the client raises."""
        museums = self._museums(mirror)
        yield "museums", museums
        exhibitions = self._exhibitions(mirror, museums.ids)
        yield "exhibitions", exhibitions
        houses = Houses(museums.ids, exhibitions.ids)
        yield "tickets", self._tickets(mirror, houses)
        programme = Programme(self.lists, houses, mirror.rows, self._today())
        yield from programme.read(mirror.over, coupons=self.coupons)

    def _museums(self, mirror: Mirror) -> Seen:
        group = self.lists.gomus.catalogue
        listing, detail = group.museums(self.lists.locales), self.lists.one(group.museum)
        source = Source("museums", listing, detail, museum_values, lambda record: record.picture)
        return self.lists.read(source, mirror.rows["museums"])

    def _exhibitions(self, mirror: Mirror, museums: frozenset[int]) -> Seen:
        group = self.lists.gomus.catalogue
        listing, detail = group.exhibitions(self.lists.locales), self.lists.one(group.exhibition)
        values = partial(exhibition_values, museums=museums, zone=self.zone)
        source = Source("exhibitions", listing, detail, values, lambda record: record.picture)
        return self.lists.read(source, mirror.rows["exhibitions"])

    def _tickets(self, mirror: Mirror, houses: Houses) -> Seen:
        """All tickets: annual ones and parts of combined ones are not among the others and asked for by name."""
        group, known = self.lists.gomus.catalogue, mirror.rows["tickets"]
        locales, detail = self.lists.locales, self.lists.one(group.ticket)
        combined = Combined(self.lists)
        parts = {pk: tuple(ids) for pk, ids in mirror.parts.items()}

        def values(record: Ticket) -> Values:
            parts[record.id] = record.sub_ticket_ids
            return ticket_values(record, museums=houses.museums, exhibitions=houses.exhibitions)

        listing = _joined(group.tickets(locales), group.tickets(locales, types=[TicketType.ANNUAL]))
        found = replace(self.lists, taker=combined).read(Source("tickets", listing, detail, values), known)
        wanted = {pk for owner in found.ids for pk in parts.get(owner, ())}.difference(found.ids)
        asked = group.tickets(locales, ids=sorted(wanted))
        slips = Listing(map(_as_part, asked), asked.skipped)
        alone = self.lists.read(
            Source("tickets", slips, lambda pk: _as_part(detail(pk)), values),
            {pk: known[pk] for pk in wanted if pk in known},
        )
        combined.let_go("tickets")
        return Seen(found.ids | alone.ids, found.skipped + alone.skipped)

    def _today(self) -> date:
        return self.lists.now.astimezone(self.zone).date()

    def opening_hours(
        self, museum_ids: Iterable[int], known: Mapping[tuple[int, date], datetime]
    ) -> Iterator[Hours]:
        """The hours of the next days that were not read for some hours."""
        days = [self._today() + timedelta(days=n) for n in range(HOURS_DAYS)]
        fresh = self.lists.now - HOURS_GOOD_FOR
        due = [(pk, day) for pk in museum_ids for day in days if known.get((pk, day), fresh) <= fresh]
        for done, hours in enumerate(several(self._hours, due), start=1):
            self.lists.progress("opening hours", done, len(due))
            yield hours

    def _hours(self, of: tuple[int, date]) -> Hours:
        return Hours(*of, self.lists.gomus.catalogue.opening_hours(*of))


def _joined(*listings: Listing[Ticket]) -> Listing[Ticket]:
    """Several lists as one."""
    skipped: list[Skipped] = []

    def records() -> Iterator[Ticket]:
        for listing in listings:
            yield from listing
            skipped.extend(listing.skipped)

    return Listing(records(), skipped)


def _as_part(record: Ticket) -> Ticket:
    """A ticket only known as a part must never be sold alone, even where upstream does not say that it is one."""
    return replace(record, is_sub_ticket=True)
