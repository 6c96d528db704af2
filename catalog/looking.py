"""How a party fits into one family of tickets on a day: the first time that takes everybody, and the price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog.choosing import part_of
from catalog.directory import Entry
from catalog.families import Family, limited
from catalog.gathering import FamilyStock, Gathered
from catalog.models import Ticket
from catalog.naming import split_titles
from catalog.party import Admission, Seating, seatings
from catalog.seeking import Seek
from catalog.slots import SlotState, State
from catalog.stock import MOST
from catalog.visitors import VisitorKind, family_size


class Fit(StrEnum):
    """How a party fits: FREE and FEW take it; FULL has places, but not for everybody together.

    ON_ITS_PAGE: something led takes place, and its page knows the places; OTHER_DAY: not that day, but later.
    """

    FREE = "free"
    FEW = "few"
    FULL = "full"
    SOLD_OUT = "sold_out"
    OVER = "over"
    CLOSED = "closed"
    UNLIMITED = "unlimited"
    UNKNOWN = "unknown"
    UNSUITED = "unsuited"
    ON_ITS_PAGE = "on_its_page"
    OTHER_DAY = "other_day"


@dataclass(frozen=True, slots=True)
class Finding:
    """One family of tickets. `slot`, `seating` and gross `cents` are of the first time that takes the party.

    Where no time is known, the other two are what the tickets themselves say; None where it does not fit.
    """

    entry: Entry
    fit: Fit
    slot: SlotState | None = None
    seating: Seating | None = None
    cents: int | None = None

    @property
    def family(self) -> Family:
        return self.entry.family

    @property
    def takes_party(self) -> bool:
        return self.slot is not None

    @property
    def at(self) -> datetime | None:
        """When the party may enter."""
        return self.slot.at if self.slot else None

    def holds(self, now: datetime) -> bool:
        """Whether its time has not come yet."""
        return self.slot is None or self.slot.whole_day or self.slot.at > now

    @property
    def title(self) -> str:
        title, names = split_titles([ticket.title for ticket in self.family])
        return title or names[0]


def look(entry: Entry, gathered: Gathered, seek: Seek, now: datetime) -> Finding:
    """How the party fits into one family on the day. What was found out a moment ago is remembered."""
    stock = gathered.stocks.get(entry.family[0].pk)
    if stock is None:
        return _without_stock(entry, seek)
    asked = (seek.party, seek.part)
    known: Finding | None = stock.looks.get(asked)
    if known and known.holds(now):
        return known
    found = _look(entry, stock, seek, now)
    stock.remember(asked, found)
    return found


def _look(entry: Entry, stock: FamilyStock, seek: Seek, now: datetime) -> Finding:
    family = entry.family
    ways = _ways(family, seek)
    if not ways:
        return Finding(entry, Fit.UNSUITED)
    passed = []
    for slot in stock.entries.walk(now):
        if not _in_part(slot, seek):
            continue
        if slot.bookable and (seating := _cheapest(family, ways, stock, slot)):
            fit = Fit.FEW if slot.state is State.FEW else Fit.FREE
            return Finding(entry, fit, slot, seating, _price(family, seating, slot.key))
        passed.append(slot)
    return Finding(entry, _why_not(passed))


def _ways(family: Family, seek: Seek) -> tuple[Seating, ...]:
    return seatings(seek.party, [_admission(ticket) for ticket in family])


def _without_stock(entry: Entry, seek: Seek) -> Finding:
    """Nothing is known of the day: what the tickets themselves allow, at the price that holds at any time."""
    family = entry.family
    ways = _ways(family, seek)
    if not ways:
        return Finding(entry, Fit.UNSUITED)
    worth = _worthwhile(family, ways, "")
    allowed = [way for way in worth if all(_allows(ticket, way) for ticket in family)]
    if not allowed:
        return Finding(entry, Fit.FULL)
    same_price = not any(ticket.dynamic_prices for ticket in family)
    cents = _price(family, allowed[0], "") if same_price else None
    fit = Fit.UNKNOWN if limited(family) else Fit.UNLIMITED
    return Finding(entry, fit, seating=allowed[0], cents=cents)


def _allows(ticket: Ticket, way: Seating) -> bool:
    number = way.get(ticket.pk, 0)
    return number == 0 or ticket.min_persons <= number <= (ticket.max_persons or MOST)


def _admission(ticket: Ticket) -> Admission:
    is_family = ticket.visitor is VisitorKind.FAMILY
    admits = family_size(ticket.titles) or family_size(ticket.sub_titles) if is_family else None
    return Admission(ticket.pk, ticket.visitor, admits)


def _in_part(slot: SlotState, seek: Seek) -> bool:
    return slot.whole_day or seek.part_index in {None, part_of(slot.at)}


def _cheapest(family: Family, ways: Iterable[Seating], stock: FamilyStock, slot: SlotState) -> Seating | None:
    for way in _worthwhile(family, ways, slot.key):
        alone = all(number <= slot.per_ticket.get(pk, 0) for pk, number in way.items())  # quickly told
        if alone and stock.entries.fits(way, slot.at):
            return way
    return None


def _worthwhile(family: Family, ways: Iterable[Seating], key: str) -> list[Seating]:
    """The ways by price; a family ticket only where it saves money, and not because it takes fewer places."""
    ways = tuple(ways)
    if len(ways) == 1:
        return list(ways)
    by_price = sorted(ways, key=lambda way: _price(family, way, key))
    shared = {ticket.pk for ticket in family if ticket.visitor is VisitorKind.FAMILY}
    plain = next((number for number, way in enumerate(by_price) if not shared & way.keys()), len(by_price))
    return by_price[: plain + 1]


def _price(family: Family, seating: Seating, key: str) -> int:
    return sum(ticket.gross_at(key, seating[ticket.pk]) for ticket in family if ticket.pk in seating)


def _why_not(slots: Sequence[SlotState]) -> Fit:
    if any(slot.bookable for slot in slots):
        return Fit.FULL
    states = {slot.state for slot in slots}
    if State.SOLD_OUT in states:
        return Fit.SOLD_OUT
    return Fit.OVER if State.OVER in states else Fit.CLOSED
