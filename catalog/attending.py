"""What the page of an event shows of a visitor's choice at one date: prices, numbers of people or seats, the sum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import showing
from catalog.choosing import read_number
from catalog.fares import Fare, charged, fares, total
from catalog.seating import Hall, halls, places
from catalog.seeking import read_id
from catalog.showing import Gone, NotKnown, Showing
from catalog.standing import Standing, State, stand
from shop.api.records import EventDate

SCALE_FIELD = re.compile(r"scale-([0-9]{1,18})")
MOST_FIELDS = 200  # seats or kinds of prices one request may name


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks for: numbers by scale price, a plain number, seats with their scale price (0: none said).

    It is spelled in fields as the form of the page has them: `scale-<price>`, `number`, `seat` (once for each seat)
    and `seat-<seat>-scale`.
    """

    counts: Mapping[int, int]
    number: int
    seats: Mapping[int, int]

    def query(self, *, seats: bool = False) -> str:
        """The wish as it stands in an address, "" or beginning with &. Seats belong to one date, numbers to any."""
        said = [(f"scale-{pk}", number) for pk, number in self.counts.items() if number]
        said += [("number", self.number)] if self.number else []
        for seat, price in self.seats.items() if seats else ():
            said.append(("seat", seat))
            said += [(f"seat-{seat}-scale", price)] if price else []
        return f"&{urlencode(said)}" if said else ""


@dataclass(frozen=True, slots=True)
class Counter:
    """One price to choose people for."""

    fare: Fare
    chosen: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum, gross."""

    number: int
    name: str
    cents: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """One date and what was chosen of it.

    Without a `showing` nothing is known: the date is `gone`, or the ticket system does not answer until `retry_at`.
    `counters` are for scale prices, `halls` for numbered seats, neither: one number of people at all `fares` together.
    `nearest` are other dates with room for as many, where this one has too little.
    """

    wish: Wish
    showing: Showing | None = None
    standing: Standing | None = None
    fares: tuple[Fare, ...] = ()
    counters: tuple[Counter, ...] = ()
    halls: tuple[Hall, ...] = ()
    lines: tuple[Line, ...] = ()
    total_cents: int = 0
    people: int = 0
    problems: tuple[str, ...] = ()
    full: bool = False
    nearest: tuple[EventDate, ...] = ()
    gone: bool = False
    retry_at: datetime | None = None

    @property
    def ready(self) -> bool:
        """Whether this can be bought: somebody comes, everybody fits, and the places were checked just now."""
        sure = self.showing is not None and not self.showing.stale
        return (
            sure and self.people > 0 and not self.problems and bool(self.standing and self.standing.bookable)
        )


def read_wish(query: QueryDict) -> Wish:
    """Read a wish; nonsense in it is read as nothing."""
    fields = ((SCALE_FIELD.fullmatch(name), value) for name, value in query.items())
    counts = {int(found[1]): read_number(str(value)) for found, value in fields if found}
    seats = [seat for value in query.getlist("seat")[:MOST_FIELDS] if (seat := read_id(value))]
    return Wish(
        counts=dict(list(counts.items())[:MOST_FIELDS]),
        number=read_number(query.get("number", "")),
        seats={seat: read_id(query.get(f"seat-{seat}-scale", "")) for seat in seats},
    )


def attend(event_id: int, date_id: int, wish: Wish) -> Attendance:
    """Look up what the wish needs. Never raises for an upstream that is down: the answer says so."""
    try:
        told = showing.showing(event_id, date_id)
    except NotKnown as error:
        return Attendance(wish, retry_at=error.retry_at)
    except Gone:
        return Attendance(wish, gone=True)
    date, standing = told.date, stand(told.date, timezone.now())
    offered = fares(date)
    found = halls(date, offered, wish.seats)
    chosen = _chosen(offered, found, wish)
    people = _people(offered, found, wish)
    full = standing.state is State.SOLD_OUT or _too_many(standing, people)
    return Attendance(
        wish=wish,
        showing=told,
        standing=standing,
        fares=offered,
        counters=tuple(
            Counter(fare, wish.counts.get(fare.scale_id, 0))
            for fare in offered
            if fare.scale_id is not None and not found
        ),
        halls=found,
        lines=tuple(_line(fare, number, date) for fare, number in chosen if number),
        total_cents=total(date, chosen),
        people=people,
        problems=tuple(_problems(standing, found, people)),
        full=full,
        nearest=_nearest(event_id, date, people) if full else (),
    )


def _chosen(offered: tuple[Fare, ...], found: tuple[Hall, ...], wish: Wish) -> list[tuple[Fare, int]]:
    """Every fare with the number of people it is for."""
    scaled = [fare for fare in offered if fare.scale_id is not None]
    if not scaled:
        return [(fare, _people(offered, found, wish)) for fare in offered]
    if not found:
        return [(fare, wish.counts.get(fare.scale_id or 0, 0)) for fare in scaled]
    taken = [place.fare for place in places(found) if place.chosen and place.free]
    return [(fare, taken.count(fare)) for fare in scaled]


def _people(offered: tuple[Fare, ...], found: tuple[Hall, ...], wish: Wish) -> int:
    if found:
        return sum(place.chosen and place.free for place in places(found))
    if any(fare.scale_id is not None for fare in offered):
        return sum(wish.counts.get(fare.scale_id or 0, 0) for fare in offered)
    return wish.number


def _line(fare: Fare, number: int, date: EventDate) -> Line:
    words = fare.title or (_("Group price") if fare.group else _("Person"))
    return Line(charged(fare, number), words, total(date, [(fare, number)]))


def _too_many(standing: Standing, people: int) -> bool:
    """Whether only the places are missing: another date might take as many."""
    return standing.left is not None and standing.left < people <= standing.cap


def _problems(standing: Standing, found: tuple[Hall, ...], people: int) -> list[str]:
    said = [
        _("Seat %(seat)s is taken by now.") % {"seat": place.name}
        for place in places(found)
        if place.chosen and not place.free
    ]
    if not standing.bookable or not people:
        return said
    if standing.left is not None and _too_many(standing, people):
        left = {"left": standing.left}
        said.append(
            ngettext("Only %(left)s place is left.", "Only %(left)s places are left.", standing.left) % left
        )
    elif people > standing.most:
        said.append(_("At most %(number)s places per order.") % {"number": standing.most})
    elif people < standing.least:
        said.append(_("At least %(number)s places are booked together.") % {"number": standing.least})
    return said


def _nearest(event_id: int, date: EventDate, people: int) -> tuple[EventDate, ...]:
    try:
        return tuple(showing.nearest(event_id, date, max(1, people)))
    except NotKnown:
        return ()
