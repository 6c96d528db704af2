"""The basket with its prices and, line by line, whether it can still be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from catalog import availability
from catalog.availability import DayAvailability, NotKnown
from catalog.families import group
from catalog.models import Museum, Ticket
from catalog.naming import split_titles
from catalog.slots import Draw, SlotState
from checkout import holds, limits, places, priced
from checkout.holds import Kept, Word
from checkout.items import ticket_cents
from checkout.models import Basket, BasketLine, Hold
from checkout.places import Days, Family
from checkout.priced import PricedGood
from checkout.problems import Standing
from checkout.seen import Overview, PricedLine, Visit
from shop import edition

__all__ = ["Overview", "PricedGood", "PricedLine", "Standing", "Visit", "is_over", "overview"]


@dataclass(frozen=True, slots=True)
class _Known:
    """All that was looked up about the basket."""

    lines: Sequence[BasketLine]
    families: Mapping[int, Family]
    days: Days
    museums: Mapping[int, Museum]
    taken: Sequence[Draw]  # places that goods take
    own: Mapping[int, Sequence[Hold]]  # by line
    ways_out: bool


def overview(basket: Basket | None, own: Sequence[Hold] = (), *, ways_out: bool = False) -> Overview:
    """Price the basket and look for every visit whether there is still room; `ways_out`: else where there is.

    `own`: the holds of its lines, whose places are the visitor's to have. Never raises for a silent upstream. Few
    queries and one look at the places per day, however many lines.
    """
    lines = list(basket.lines.select_related("ticket")) if basket else []
    goods = priced.of_basket(basket)
    if not lines and not goods:
        return Overview()
    families = places.families(line.ticket_id for line in lines)
    told = places.days(lines, families, priced.by_day(good for _row, good in goods))
    days = {on: day and holds.with_own(day, own) for on, day in told.items()}
    museums = _museums({*(line.ticket_id for line in lines), *(row.ticket_id for row, _good in goods)})
    judged = priced.judged(goods, lines, days, museums)
    taken = [draw for _row, good in goods for draw in good.draws()]
    known = _Known(lines, families, days, museums, taken, holds.by_line(own), ways_out)
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
    kept = holds.kept(line.quantity, known.own.get(line.pk, ()), timezone.now())
    standing, most, problem = _standing(line, name, kept, known)
    cents = ticket_cents(line.ticket, line.slot_key, line.quantity)
    return PricedLine(line, title or line.ticket.title, name, cents, standing, most, problem, kept)


def _standing(line: BasketLine, name: str, kept: Kept, known: _Known) -> tuple[Standing, int, str]:
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
    held = kept.word is Word.HELD
    found = known.days.get(timezone.localtime(line.slot_at).date())
    if found is None:
        free = Standing.FREE if held else Standing.UNKNOWN
        return (Standing.LIMIT if problem else free), most, problem
    if not held and not _offered(line, found):
        return Standing.GONE, 0, ""
    left = places.room(found, line, others, known.taken)
    if held:
        left = max(left, line.quantity)  # whatever was told of the others
    if line.quantity > left:
        return Standing.FULL, min(most, left), ""
    free = Standing.FREE if held or not found.stale else Standing.UNKNOWN
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
