"""How a good of the basket stands now, and what it costs. Asks nobody: the good has looked already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from catalog.availability import NotKnown
from catalog.models import Museum, Ticket
from catalog.slots import Draw
from checkout import goods, limits
from checkout.goods import Beside, Good
from checkout.models import Basket, BasketGood, BasketLine
from checkout.places import Days
from checkout.price_lists import Charge, total
from checkout.problems import CHANGEABLE, ORDERABLE, Problem, Standing

RELATED = ("date__event", "date__museum", "date__language", "tour__museum", "ticket", "coupon")


@dataclass(frozen=True, slots=True)
class PricedGood:
    """One good. `cents` is its gross price now, `was_cents` what it was put into the basket at."""

    row: BasketGood
    good: Good
    charges: tuple[Charge, ...]
    standing: Standing
    problem: str = ""
    house: Museum | None = None

    @property
    def cents(self) -> int:
        return total(self.charges)

    @property
    def was_cents(self) -> int:
        return self.row.cents

    @property
    def counts(self) -> bool:
        """Does it belong to the sum and the order?"""
        return self.standing in ORDERABLE

    @property
    def changeable(self) -> bool:
        """Could another number help, and is a number all there is to change?"""
        return self.standing in CHANGEABLE and self.good.numbered(self.number) is not None

    @property
    def editable(self) -> bool:
        """Is there more to choose than a number, on a page of its own?"""
        return self.counts and self.at is not None and bool(self.good.page)

    # --- as anything of an order --------------------------------------------------------------------------

    @property
    def slug(self) -> str:
        """Its name in forms."""
        return f"g{self.row.pk}"

    @property
    def at(self) -> datetime | None:
        return self.good.starts_at or self.row.starts_at

    @property
    def title(self) -> str:
        return self.good.title

    @property
    def name(self) -> str:
        return self.good.visitor or self.good.title

    @property
    def museum(self) -> Museum | None:
        return self.good.museum or self.house

    @property
    def number(self) -> int:
        return self.good.number

    @property
    def asks_names(self) -> bool:
        return self.good.asks_names


def rows(basket: Basket | None) -> list[BasketGood]:
    """The basket's goods with everything their words need. One query."""
    return list(basket.goods.select_related(*RELATED)) if basket else []


def by_day(wanted: Iterable[Good]) -> dict[date, Collection[Ticket]]:
    """The tickets whose places these goods need to know, by day. One query if there are any."""
    ids: dict[date, set[int]] = {}
    for good in wanted:
        if good.day and good.ticket_ids():
            ids.setdefault(good.day, set()).update(good.ticket_ids())
    tickets = Ticket.objects.live().in_bulk({pk for some in ids.values() for pk in some}) if ids else {}
    return {on: [tickets[pk] for pk in some if pk in tickets] for on, some in ids.items()}


def judged(
    found: Sequence[tuple[BasketGood, Good]],
    lines: Sequence[BasketLine],
    days: Days,
    houses: Mapping[int, Museum],
) -> tuple[PricedGood, ...]:
    """Let every good look, and say how each stands beside the rest of the basket."""
    known = [_look(good, days) for _row, good in found]
    names = sum(line.quantity for line in lines if line.ticket.attendees_required)
    names += sum(good.number for _row, good in found if good.asks_names)
    result = []
    for (row, good), is_known in zip(found, known, strict=True):
        beside = beside_of([other for _row, other in found if other is not good], lines)
        problems = good.problems(beside) if is_known else []
        if not problems and good.asks_names and (text := limits.too_many_names(names)):
            problems = [Problem("quantity_above_maximum", text)]
        house = houses.get(row.ticket_id) if row.ticket_id else None
        result.append(_priced(row, good, problems, house=house, known=is_known))
    return tuple(result)


def beside_of(others: Iterable[Good], lines: Iterable[BasketLine]) -> Beside:
    """What the rest of the basket takes."""
    goods_there = list(others)
    draws = [Draw(line.ticket_id, line.slot_key, line.quantity) for line in lines]
    draws += [draw for good in goods_there for draw in good.draws()]
    numbers = limits.totals(
        (good.product().get("ticket_id", 0), good.number)
        for good in goods_there
        if good.product().get("ticket_id")
    )
    return Beside(draws, numbers)


def _look(good: Good, days: Days) -> bool:
    try:
        good.look(days)
    except NotKnown:
        return False
    return True


def _priced(
    row: BasketGood, good: Good, problems: Sequence[Problem], *, house: Museum | None, known: bool
) -> PricedGood:
    computable = known and all(problem.standing in CHANGEABLE for problem in problems)
    charges = good.charges() if computable else tuple(Charge(**charge) for charge in row.charges)
    standing = _standing(row, charges, problems, known=known and not good.stale)
    return PricedGood(row, good, charges, standing, " ".join(p.text for p in problems), house)


def _standing(
    row: BasketGood, charges: Sequence[Charge], problems: Sequence[Problem], *, known: bool
) -> Standing:
    if problems:
        return max((problem.standing for problem in problems), key=list(Standing).index)
    if not known:
        return Standing.UNKNOWN
    return Standing.FREE if total(charges) == row.cents else Standing.PRICE


def of_basket(basket: Basket | None) -> list[tuple[BasketGood, Good]]:
    """The basket's rows, each with its good."""
    return [(row, goods.of(row)) for row in rows(basket)]
