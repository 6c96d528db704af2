"""What a visitor sees of a basket: lines, visits and the whole, each with its price and whether it can be had."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from catalog.models import Museum, Ticket
from catalog.slots import SlotState
from checkout import clashes
from checkout.clashes import Clash, Stay
from checkout.holds import NOT_KEPT, Kept, Word
from checkout.models import BasketLine
from checkout.priced import PricedGood
from checkout.pricing import Taxed, taxes
from checkout.problems import ORDERABLE, Standing


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line. `cents` is its gross total, `name` the kind of visitor, `most` how many could be had.

    `kept` says whether its places are held.
    """

    line: BasketLine
    title: str
    name: str
    cents: int
    standing: Standing
    most: int
    problem: str = ""
    kept: Kept = NOT_KEPT

    @property
    def ticket(self) -> Ticket:
        return self.line.ticket

    @property
    def counts(self) -> bool:
        """Does it belong to the sum and the order?"""
        return self.standing in ORDERABLE

    @property
    def slug(self) -> str:
        """Its name in forms."""
        return str(self.line.pk)

    @property
    def number(self) -> int:
        return self.line.quantity

    @property
    def asks_names(self) -> bool:
        """Does the museum want the names of who comes?"""
        return self.ticket.attendees_required

    @property
    def changeable(self) -> bool:
        """Could another number help?"""
        return self.standing not in {Standing.OVER, Standing.GONE}


@dataclass(frozen=True, slots=True)
class Visit:
    """All kinds for one entry time of one offer. `nearest`: other times that take everybody."""

    title: str
    museum: Museum | None
    lines: tuple[PricedLine, ...]
    nearest: tuple[SlotState, ...] = ()

    @property
    def at(self) -> datetime:
        return self.lines[0].line.slot_at

    @property
    def ends_at(self) -> datetime:
        return self.lines[0].line.slot_ends_at

    @property
    def whole_day(self) -> bool:
        return self.anchor.whole_day

    @property
    def standing(self) -> Standing:
        """The worst of its lines."""
        return max((line.standing for line in self.lines), key=list(Standing).index)

    @property
    def is_mixed(self) -> bool:
        """Are some of its places held and others not?"""
        return len({line.kept.word for line in self.lines}) > 1

    @property
    def kept(self) -> Kept:
        """The worst of its lines; of those that are held the one that ends first."""
        worst = max((line.kept.word for line in self.lines), key=list(Word).index)
        found = [line.kept for line in self.lines if line.kept.word == worst]
        return min(found, key=lambda kept: (kept.until is None, kept.until or timezone.now()))

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def counts(self) -> bool:
        return all(line.counts for line in self.lines)

    @property
    def changeable(self) -> bool:
        return any(line.changeable for line in self.lines)

    @property
    def problems(self) -> list[str]:
        return [line.problem for line in self.lines if line.problem]

    @property
    def anchor(self) -> Ticket:
        return self.lines[0].ticket

    @property
    def ids(self) -> str:
        """Its lines, as forms name them."""
        return ",".join(str(line.line.pk) for line in self.lines)


Entry = Visit | PricedGood
Named = PricedLine | PricedGood


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole basket. Sums hold only what can be ordered."""

    visits: tuple[Visit, ...] = ()
    goods: tuple[PricedGood, ...] = ()
    total_cents: int = field(init=False)
    taxes: tuple[Taxed, ...] = field(init=False)
    people: int = field(init=False)

    def __post_init__(self) -> None:
        lines = [line for visit in self.visits if visit.counts for line in visit.lines]
        goods = [good for good in self.goods if good.counts]
        parts = [(line.cents, line.ticket.vat_bp) for line in lines]
        parts += [(charge.cents, charge.vat_bp) for good in goods for charge in good.charges]
        object.__setattr__(self, "total_cents", sum(cents for cents, _rate in parts))
        object.__setattr__(self, "taxes", taxes(parts))
        numbers = [line.number for line in lines] + [good.number for good in goods]
        object.__setattr__(self, "people", sum(numbers))

    @property
    def entries(self) -> list[Entry]:
        """Visits and goods as they come in time; what has none stands last."""
        found: list[Entry] = [*self.visits, *self.goods]
        return sorted(found, key=lambda entry: (entry.at is None, entry.at or timezone.now()))

    @property
    def clashes(self) -> list[Clash]:
        """Where visits overlap or are too near to each other for the way between them."""
        return clashes.between(stay for entry in self.entries for stay in _stays(entry))

    @property
    def orderable(self) -> bool:
        return bool(self.entries) and all(entry.counts for entry in self.entries)

    @property
    def lines(self) -> list[PricedLine]:
        return [line for visit in self.visits for line in visit.lines]

    @property
    def items(self) -> int:
        """How many items the total is of."""
        return sum(line.counts for line in self.lines) + sum(good.counts for good in self.goods)

    @property
    def named(self) -> list[Named]:
        """What carries names, in the order of the basket."""
        found: list[Named] = []
        for entry in self.entries:
            found += [entry] if isinstance(entry, PricedGood) else entry.lines
        return [one for one in found if one.asks_names]


def _stays(entry: Entry) -> list[Stay]:
    """When and where somebody must be for an entry of the basket; nothing for what has no time of its own."""
    if not isinstance(entry, PricedGood):
        if entry.whole_day:
            return []
        house = entry.museum.title if entry.museum else ""
        return [Stay(entry.ids, entry.title, house, entry.at, entry.ends_at, guided=False)]
    good, house = entry.good, entry.museum.title if entry.museum else ""
    parts = [(p["title"], p["museum"] or p["title"], p["at"], p["minutes"]) for p in good.entries]
    if parts:
        return [
            Stay(entry.slug, title, museum, at, at + timedelta(minutes=minutes), guided=False)
            for title, museum, at, minutes in parts
            if at
        ]
    if good.starts_at is None:
        return []
    return [Stay(entry.slug, good.title, house, good.starts_at, good.ends_at or good.starts_at, guided=True)]
