"""What the page of a combined ticket shows of a visitor's choice: people, month, a time for every part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.functional import Promise

from catalog import combined_places
from catalog.availability import NotKnown
from catalog.choosing import PARTS, Month, calendar, part_of, read_day, read_month, read_number
from catalog.combined_page import CombinedPage, Part
from catalog.combined_places import CombinedDay, Way
from catalog.combining import PartSlot, Room
from catalog.models import Ticket
from catalog.naming import split_titles
from catalog.slots import instant
from catalog.stock import MOST
from shop.dates import today

LONGEST_KEY = 40
NOON = time(12)


@dataclass(frozen=True, slots=True)
class CombinedWish:
    """What a request asks for. Nonsense in it is read as nothing; nobody coming means the smallest first kind."""

    day: date | None
    month: date | None
    times: Mapping[int, str]  # part to slot key
    party: Mapping[int, int]  # kind to number, without zeros

    def query(self, *, day: date | None = None, times: Mapping[int, str] | None = None) -> str:
        """The query of an address with the same party, on a day, at these times."""
        said = {"day": day.isoformat()} if day else {}
        said |= {f"part-{pk}": key for pk, key in (times or {}).items()}
        return urlencode(said | {f"kind-{pk}": str(number) for pk, number in self.party.items()})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of visitor and how many of them one order may have."""

    ticket: Ticket
    name: str
    chosen: int
    most: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One part: its entries by parts of the day, and the chosen one. `missed`: a wish that cannot be had."""

    part: Part
    groups: tuple[tuple[Promise, tuple[PartSlot, ...]], ...]
    chosen: PartSlot | None
    missed: bool

    @property
    def offered(self) -> bool:
        return bool(self.groups)


@dataclass(frozen=True, slots=True)
class CombinedChoice:
    """The whole choosing part. `unknown`: the ticket system does not answer; it is asked again at `retry_at`.

    `ways`: the nearest combinations where a wish cannot be had, `soonest`: the first of the day before anything is
    chosen. `too_close`: the wished times keep no distance. `keys`: the entry of each kind itself, once all parts are
    chosen, and `cents` what the whole costs then.
    """

    wish: CombinedWish
    kinds: tuple[Kind, ...]
    month: Month | None = None
    places: CombinedDay | None = None
    visits: tuple[Visit, ...] = ()
    ways: tuple[Way, ...] = ()
    soonest: Way | None = None
    next_day: date | None = None
    full: bool = False
    too_close: bool = False
    unknown: bool = False
    retry_at: datetime | None = None
    keys: Mapping[int, str] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        return self.places.day if self.places else None

    @property
    def complete(self) -> bool:
        return bool(self.keys)

    @property
    def total(self) -> int:
        """How many people are coming."""
        return sum(self.wish.party.values())

    @property
    def chosen(self) -> list[Visit]:
        """The parts with a time, in the order of the visits."""
        timed = [(visit.chosen.at, index, visit) for index, visit in enumerate(self.visits) if visit.chosen]
        return [visit for _at, _index, visit in sorted(timed, key=lambda one: one[:2])]

    @property
    def open(self) -> list[Visit]:
        """The parts that wait for a time."""
        return [visit for visit in self.visits if not visit.chosen]

    @property
    def bill(self) -> list[tuple[Kind, int]]:
        """Every kind that comes, with its gross price in cents."""
        return [
            (kind, kind.ticket.gross_at(self.keys.get(kind.ticket.pk, ""), kind.chosen))
            for kind in self.kinds
            if kind.chosen
        ]

    @property
    def cents(self) -> int:
        return sum(cents for _kind, cents in self.bill)


def read_combined_wish(query: Mapping[str, str], page: CombinedPage) -> CombinedWish:
    """Read the day, the numbers of people and the slot keys of the parts out of a query."""
    asked = {kind.pk: read_number(query.get(f"kind-{kind.pk}", "")) for kind in page.kinds}
    party = {pk: number for pk, number in asked.items() if number}
    if not party and page.kinds:
        party = {page.kinds[0].pk: max(1, page.kinds[0].min_persons)}
    keys = {part.pk: query.get(f"part-{part.pk}", "").strip()[:LONGEST_KEY] for part in page.parts}
    return CombinedWish(
        day=read_day(query.get("day", "")),
        month=read_month(query.get("month", "")),
        times={pk: key for pk, key in keys.items() if key},
        party=party,
    )


def choose_combined(page: CombinedPage, wish: CombinedWish) -> CombinedChoice:
    """Look up what the wish needs. Never raises for an upstream that is down: the choice says so."""
    names = split_titles([kind.title for kind in page.kinds])[1]
    kinds = tuple(
        Kind(ticket, name, wish.party.get(ticket.pk, 0), ticket.max_persons or MOST)
        for ticket, name in zip(page.kinds, names, strict=True)
    )
    asked = CombinedChoice(wish, kinds)
    try:
        return _look_up(page, asked)
    except NotKnown as error:
        return replace(asked, unknown=True, retry_at=error.retry_at)


def _look_up(page: CombinedPage, asked: CombinedChoice) -> CombinedChoice:
    wish = asked.wish
    next_day = combined_places.next_day(page, wish.party)
    on = wish.day or next_day
    first = wish.month or (on or today()).replace(day=1)
    months = combined_places.month(page, first, wish.party)
    asked = replace(asked, month=calendar(months.days, first, on), next_day=next_day)
    return _look_at_day(page, asked, combined_places.day(page, on)) if on else asked


def _look_at_day(page: CombinedPage, asked: CombinedChoice, places: CombinedDay) -> CombinedChoice:
    room = places.room(asked.wish.party)
    wanted = _instants(asked.wish, places)
    chosen = _accepted(room, wanted)
    missed = asked.wish.times.keys() - chosen.keys()
    visits = tuple(_visit(room, part, chosen, missed=part.pk in missed) for part in page.parts)
    full = bool(missed) or not room.possible({})
    middle = timezone.make_aware(datetime.combine(places.day, NOON))
    near = wanted or {page.parts[0].pk: middle}
    return replace(
        asked,
        places=places,
        visits=visits,
        full=full,
        too_close=_too_close(wanted, page.gap_minutes or 0),
        ways=tuple(combined_places.nearest(page, asked.wish.party, near, places)) if full else (),
        soonest=None if full or chosen else _soonest(room),
        keys=_own_keys(room, page.kinds, chosen) if room.fits(chosen) else {},
    )


def _instants(wish: CombinedWish, places: CombinedDay) -> dict[int, datetime]:
    read = {part: instant(key, places.quota_days) for part, key in wish.times.items()}
    return {part: at for part, at in read.items() if at is not None and at.tzinfo is not None}


def _accepted(room: Room, wanted: Mapping[int, datetime]) -> dict[int, datetime]:
    """The wished times that can be had together, in the order of the page."""
    found: dict[int, datetime] = {}
    for part, at in wanted.items():
        longer = {**found, part: at}
        if room.possible(longer):
            found = longer
    return found


def _visit(room: Room, part: Part, chosen: Mapping[int, datetime], *, missed: bool) -> Visit:
    slots = room.slots(part.pk, chosen)
    by_part = groupby(slots, key=lambda slot: part_of(slot.at))
    groups = tuple((PARTS[index][1], tuple(own)) for index, own in by_part)
    at = chosen.get(part.pk)
    return Visit(part, groups, next((slot for slot in slots if slot.at == at), None), missed)


def _soonest(room: Room) -> Way | None:
    found = room.nearest({}, count=1)
    return combined_places.way(found[0], room) if found else None


def _too_close(wanted: Mapping[int, datetime], minutes: int) -> bool:
    near = pairwise(sorted(wanted.values()))
    return any(second - first < timedelta(minutes=minutes) for first, second in near)


def _own_keys(room: Room, kinds: Sequence[Ticket], times: Mapping[int, datetime]) -> dict[int, str]:
    entries = {kind.pk: room.own_entry(kind.pk, times) for kind in kinds}
    return {pk: room.key(at) for pk, at in entries.items() if at}
