"""The basket with its prices and, line by line, whether it can still be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from catalog import availability
from catalog.availability import DayAvailability, NotKnown
from catalog.families import group
from catalog.models import Museum, Ticket
from catalog.naming import split_titles
from catalog.slots import Draw, SlotState
from checkout import limits, places, priced
from checkout.items import ticket_cents
from checkout.models import Basket, BasketLine
from checkout.places import Days, Family
from checkout.priced import PricedGood
from checkout.pricing import Taxed, taxes
from checkout.problems import ORDERABLE, Standing
from shop import edition

__all__ = ["Overview", "PricedGood", "PricedLine", "Standing", "Visit", "is_over", "overview"]


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line. `cents` is its gross total, `name` the kind of visitor, `most` how many could be had."""

    line: BasketLine
    title: str
    name: str
    cents: int
    standing: Standing
    most: int
    problem: str = ""

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


@dataclass(frozen=True, slots=True)
class _Known:
    """All that was looked up about the basket."""

    lines: Sequence[BasketLine]
    families: Mapping[int, Family]
    days: Days
    museums: Mapping[int, Museum]
    taken: Sequence[Draw]  # places that goods take
    ways_out: bool


def overview(basket: Basket | None, *, ways_out: bool = False) -> Overview:
    """Price the basket and look for every visit whether there is still room; `ways_out`: else where there is.

    Never raises for a silent upstream. Few queries and one look at the places per day, however many lines.
    """
    lines = list(basket.lines.select_related("ticket")) if basket else []
    goods = priced.of_basket(basket)
    if not lines and not goods:
        return Overview()
    families = places.families(line.ticket_id for line in lines)
    days = places.days(lines, families, priced.by_day(good for _row, good in goods))
    museums = _museums({*(line.ticket_id for line in lines), *(row.ticket_id for row, _good in goods)})
    judged = priced.judged(goods, lines, days, museums)
    taken = [draw for _row, good in goods for draw in good.draws()]
    known = _Known(lines, families, days, museums, taken, ways_out)
    return Overview(tuple(_visit(together, known) for together in _visits(lines)), judged)


def _visits(lines: Sequence[BasketLine]) -> list[list[BasketLine]]:
    """Lines of one instant and one family belong together; earliest first."""
    found = []
    for at in sorted({line.slot_at for line in lines}):
        now = [line for line in lines if line.slot_at == at]
        for family in group({line.ticket_id: line.ticket for line in now}.values()):
            order = [ticket.pk for ticket in family]
            members = [line for line in now if line.ticket_id in order]
            found.append(sorted(members, key=lambda line: order.index(line.ticket_id)))
    return found


def _visit(lines: list[BasketLine], known: _Known) -> Visit:
    first = lines[0]
    family = known.families.get(first.ticket_id, ())
    kinds = {ticket.pk: ticket for ticket in (*family, *(line.ticket for line in lines))}
    title, names = split_titles([ticket.title for ticket in kinds.values()])
    name_of = dict(zip(kinds, names, strict=True))
    priced = tuple(_priced(line, title, name_of[line.ticket_id], known) for line in lines)
    stuck = any(line.standing in {Standing.FULL, Standing.OVER, Standing.GONE} for line in priced)
    nearest = _nearest(family, lines) if known.ways_out and stuck else ()
    return Visit(title or first.ticket.title, known.museums.get(first.ticket_id), priced, nearest)


def _priced(line: BasketLine, title: str, name: str, known: _Known) -> PricedLine:
    standing, most, problem = _standing(line, name, known)
    cents = ticket_cents(line.ticket, line.slot_key, line.quantity)
    return PricedLine(line, title or line.ticket.title, name, cents, standing, most, problem)


def _standing(line: BasketLine, name: str, known: _Known) -> tuple[Standing, int, str]:
    """What can be said of the line, how many of it could be had at most, and why not so many."""
    if is_over(line):
        return Standing.OVER, 0, ""
    if line.ticket_id not in known.families:
        return Standing.GONE, 0, ""
    others = [other for other in known.lines if other.pk != line.pk]
    elsewhere = sum(other.quantity for other in others if other.ticket_id == line.ticket_id)
    most = max(0, limits.most_of(line.ticket) - elsewhere)
    problem = limits.kind_problem(line.ticket, name, line.quantity + elsewhere) or limits.names_problem(
        (every.ticket, every.quantity) for every in known.lines if line.ticket.attendees_required
    )
    found = known.days.get(timezone.localtime(line.slot_at).date())
    if found is None:
        return (Standing.LIMIT if problem else Standing.UNKNOWN), most, problem
    if not _offered(line, found):
        return Standing.GONE, 0, ""
    left = places.room(found, line, others, known.taken)
    if line.quantity > left:
        return Standing.FULL, min(most, left), ""
    free = Standing.UNKNOWN if found.stale else Standing.FREE
    return (Standing.LIMIT if problem else free), min(most, left), problem


def is_over(line: BasketLine) -> bool:
    """Has its time passed? A day ticket is good until its day ends."""
    return (line.slot_ends_at if line.ticket.whole_day else line.slot_at) <= timezone.now()


def _offered(line: BasketLine, found: DayAvailability) -> bool:
    """Is this kind sold for this day, and at this time of it?"""
    if found.kind(line.ticket_id) is None:
        return False
    slot = found.slot(line.slot_key)
    return line.ticket.whole_day or (slot is not None and line.ticket_id in slot.per_ticket)


def _nearest(family: Family, lines: Iterable[BasketLine]) -> tuple[SlotState, ...]:
    """Other times that take everybody of the visit who can still be sold a ticket."""
    sold = {ticket.pk for ticket in family}
    party = {line.ticket_id: line.quantity for line in lines}
    if not party or not sold.issuperset(party):
        return ()
    try:
        return tuple(availability.nearest(family, party, next(iter(lines)).slot_at))
    except NotKnown:
        return ()


def _museums(ticket_ids: set[int | None]) -> dict[int, Museum]:
    """The house each ticket admits to, by ticket id."""
    wanted = ticket_ids - {None}
    known = _houses() if wanted else {}
    return {pk: known[pk] for pk in wanted if pk in known}


@edition.remembered
def _houses() -> dict[int, Museum]:
    museums = Museum.objects.defer("descriptions").in_bulk()
    pairs = Ticket.museums.through.objects.order_by("-museum_id").values_list("ticket_id", "museum_id")
    return {ticket_id: museums[museum_id] for ticket_id, museum_id in pairs}
