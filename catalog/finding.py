"""Where a party can go on a day: every family of tickets with its first time that takes everybody, and the price, and
what is led by somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils import timezone

from catalog import availability
from catalog.availability import NotKnown
from catalog.directory import Entry, directory
from catalog.families import Family
from catalog.filters import Filter, chosen, filters
from catalog.gathering import Gathered, gather
from catalog.links import Kind
from catalog.looking import Finding, Fit, look
from catalog.models import Museum, Term
from catalog.party import Party
from catalog.programme_looks import Programme, look_at_programme
from catalog.seeking import PART_NAMES, Seek

PAGE = 40  # visits shown together
AROUND = (timedelta(days=3), timedelta(days=14))  # days looked at before and after one that has nothing
MOST_DAYS = 3
ASKED_FOR_DAYS = 100  # tickets one call asks about
LOOKED_AT_AGAIN = 100  # families, for every other part of the day and every smaller party
RANKS = {Fit.ON_ITS_PAGE: 1, Fit.UNKNOWN: 2, Fit.UNLIMITED: 2, Fit.UNSUITED: 4, Fit.OTHER_DAY: 5}

Found = Finding | Programme


@dataclass(frozen=True, slots=True)
class WayOut:
    """What to try when nothing takes the party: other days, other parts of the day, fewer people."""

    days: tuple[date, ...] = ()
    parts: tuple[str, ...] = ()
    party: Party | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """One page of the answer. `houses`: museums (None: elsewhere) with their findings, the soonest first.

    `filters`: what it can be narrowed by. `fitting`: of `total`. `looser`: filters without which there would be more.
    """

    houses: tuple[tuple[Museum | None, tuple[Found, ...]], ...]
    filters: tuple[Filter, ...]
    total: int
    fitting: int
    page: int
    pages: int
    gathered: Gathered
    way_out: WayOut | None
    looser: tuple[tuple[Filter, int], ...] = ()
    terms: Mapping[str, Term] = field(default_factory=dict)

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1


def find(seek: Seek) -> Findings:
    """Answer a search. Never raises for an upstream that is down: its places are then not known."""
    everything = directory()
    named = everything.named(seek.text)
    wanted = chosen(named, seek)
    families = [entry.family for entry in wanted if entry.kind is Kind.TICKET]
    gathered = gather(families, everything, seek.day)
    found = sorted(_look(wanted, gathered, seek), key=soonest)
    fitting = sum(one.takes_party for one in found)
    led = any(one.fit is Fit.ON_ITS_PAGE for one in found)
    nothing = bool(gathered.stocks) and not fitting and not led and not gathered.missing
    pages = max(1, -(-len(found) // PAGE))
    page = min(seek.page, pages)
    narrow = filters(named, everything, seek)
    return Findings(
        houses=_by_house(found[(page - 1) * PAGE : page * PAGE]),
        filters=narrow,
        total=len(found),
        fitting=fitting,
        page=page,
        pages=pages,
        gathered=gathered,
        way_out=_way_out(wanted, gathered, seek) if nothing else None,
        terms=everything.terms,
        looser=() if found else _looser(named, narrow, seek),
    )


def soonest(found: Found) -> tuple[int, float, tuple[int, int, int]]:
    """What takes the party first, by time; then what might, what does not, what never does, in shop order."""
    at = found.at.timestamp() if found.at else 0
    rank = 0 if found.takes_party else RANKS.get(found.fit, 3)
    return rank, at, found.entry.order


def _look(entries: Iterable[Entry], gathered: Gathered, seek: Seek) -> Iterable[Found]:
    now = timezone.localtime()
    for entry in entries:
        if entry.kind is Kind.TICKET:
            yield look(entry, gathered, seek, now)
        elif (found := look_at_programme(entry, seek)) is not None:
            yield found


def _by_house(found: Iterable[Found]) -> tuple[tuple[Museum | None, tuple[Found, ...]], ...]:
    """Findings below their museums, each museum where its first finding stands."""
    houses: dict[Museum | None, list[Found]] = {}
    for one in found:
        houses.setdefault(one.entry.house, []).append(one)
    return tuple((museum, tuple(own)) for museum, own in houses.items())


def _looser(named: Sequence[Entry], narrow: Iterable[Filter], seek: Seek) -> tuple[tuple[Filter, int], ...]:
    """The filters that leave nothing, with what would be left without each."""
    used = [
        (one, chosen(named, seek.without(one.of))) for one in narrow if any(c.chosen for c in one.choices)
    ]
    return tuple((one, len(left)) for one, left in used if left)


def _way_out(entries: Sequence[Entry], gathered: Gathered, seek: Seek) -> WayOut:
    tickets = [entry for entry in entries if entry.kind is Kind.TICKET]

    now = timezone.localtime()

    def anywhere(other: Seek) -> bool:
        return any(look(entry, gathered, other, now).takes_party for entry in tickets[:LOOKED_AT_AGAIN])

    others = [part for part in PART_NAMES if seek.part and part != seek.part]
    fewer = [seek.party.smaller(total) for total in _fewer(seek.party.total)]
    return WayOut(
        days=_other_days([entry.family for entry in tickets], seek.day),
        parts=tuple(part for part in others if anywhere(replace(seek, part=part))),
        party=next((party for party in fewer if anywhere(replace(seek, party=party))), None),
    )


def _fewer(total: int) -> list[int]:
    """Some smaller numbers worth a try, the largest first."""
    parts = {total * part // 10 for part in range(1, 10)}
    tries = {total - 1, total - 2, 2, 1} | parts
    return sorted((number for number in tries if 0 < number < total), reverse=True)


def _other_days(families: Sequence[Family], day: date) -> tuple[date, ...]:
    """The nearest days on which at least one of these can be booked by somebody, in order; () if nobody knows."""
    tickets = [ticket for family in families for ticket in family][:ASKED_FOR_DAYS]
    start = max(day - AROUND[0], timezone.localdate())
    try:
        days = availability.open_days(tickets, start, day + AROUND[1])
    except NotKnown:
        return ()
    near = sorted((other for other in days if other != day), key=lambda other: abs(other - day))
    return tuple(sorted(near[:MOST_DAYS]))
