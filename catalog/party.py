"""Pure: which tickets of a family a party of visitors takes.

Adults take an adult ticket; who comes reduced a reduced one, else an adult one; a child a child ticket, else a reduced,
else an adult one. A single ticket that names nobody is for everybody. Of several tickets for the same visitors the
first in shop order counts. A family ticket is a second way where its own texts count the people it admits. Group
tickets are left out: no title says reliably whether they cost per head or all together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.visitors import VisitorKind

ADULT, REDUCED, CHILD = VisitorKind.ADULT, VisitorKind.REDUCED, VisitorKind.CHILD
MAY_TAKE = {ADULT: (ADULT,), REDUCED: (REDUCED, ADULT), CHILD: (CHILD, REDUCED, ADULT)}

Seating = Mapping[int, int]  # ticket id to number, without zeros


@dataclass(frozen=True, slots=True)
class Party:
    """Who is coming."""

    adults: int = 0
    reduced: int = 0
    children: int = 0

    @property
    def total(self) -> int:
        return self.adults + self.reduced + self.children

    def smaller(self, total: int) -> Party:
        """So many of them: somebody grown-up, then the children, who are the reason to go, then the others."""
        grown_up = min(1, self.adults + self.reduced)
        children = min(self.children, total - grown_up)
        adults = min(self.adults, total - children)
        return Party(adults, min(self.reduced, total - children - adults), children)


@dataclass(frozen=True, slots=True)
class Admission:
    """What of a ticket decides who takes it. `admits`: adults and children one family ticket is good for."""

    ticket_id: int
    visitor: VisitorKind
    admits: tuple[int, int] | None = None


def seatings(party: Party, family: Sequence[Admission]) -> tuple[Seating, ...]:
    """The ways these tickets (in shop order) admit the whole party: one by one, then with each family ticket."""
    together = (
        _together(party, family, ticket.ticket_id, ticket.admits)
        for ticket in family
        if ticket.visitor is VisitorKind.FAMILY and ticket.admits
    )
    return tuple(way for way in (_one_by_one(party, family), *together) if way)


def _one_by_one(party: Party, family: Sequence[Admission]) -> Seating | None:
    seats: Counter[int] = Counter()
    coming = {ADULT: party.adults, REDUCED: party.reduced, CHILD: party.children}
    for visitor, number in coming.items():
        ticket = _ticket_for(visitor, family) if number else None
        if number and ticket is None:
            return None
        if ticket is not None:
            seats[ticket] += number
    return dict(seats)


def _together(
    party: Party, family: Sequence[Admission], ticket_id: int, admits: tuple[int, int]
) -> Seating | None:
    """One family ticket for as many as it admits, the others one by one."""
    adults, children = min(party.adults, admits[0]), min(party.children, admits[1])
    if not adults or not children:
        return None
    rest = _one_by_one(Party(party.adults - adults, party.reduced, party.children - children), family)
    return None if rest is None else {ticket_id: 1, **rest}


def _ticket_for(visitor: VisitorKind, family: Sequence[Admission]) -> int | None:
    if len(family) == 1 and family[0].visitor is VisitorKind.OTHER:
        return family[0].ticket_id
    fitting = (ticket.ticket_id for kind in MAY_TAKE[visitor] for ticket in family if ticket.visitor is kind)
    return next(fitting, None)
