"""What the rows of a price list cost: which are charged, how often, and what each has of the item's price. Pure.

Contract of the ticket system: scale prices make plain prices void, a group price is charged once however many come,
an optional plain price cannot be chosen because it has no id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from catalog.mirror import plain_texts
from catalog.models.base import pick
from checkout.pricing import HIGHEST_COUNT, HIGHEST_UNIT, Line, item_total, shares
from shop.api.records import EventDate, Price, PriceKind, TourPrices


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all prices of a product: per cent off, VAT in basis points, whether prices contain it."""

    discount: int = 0
    vat_bp: int = 0
    tax_included: bool = True


@dataclass(frozen=True, slots=True)
class Charge:
    """One row of what an item costs. `number` people or pieces chose it; `cents` is its part of the gross total.

    `titles` are plain words by language, empty for the item's only price.
    """

    titles: Mapping[str, str]
    number: int
    unit_cents: int
    vat_bp: int
    cents: int

    @property
    def title(self) -> str:
        """In the active language."""
        return pick(dict(self.titles))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Row = tuple[Price, int]  # a price and how many chose it


def terms_of(facts: EventDate | TourPrices) -> Terms:
    """The terms of a date or a tour."""
    return Terms(facts.discount, facts.vat_bp, facts.tax_included)


def scales(prices: Iterable[Price]) -> dict[int, Price]:
    """Scale prices by id; where there are any, nothing else is the base price."""
    return {one.scale_price_id: one for one in prices if one.kind is PriceKind.SCALE and one.scale_price_id}


def surcharges(prices: Iterable[Price]) -> dict[int, Price]:
    """Surcharges by id."""
    return {
        one.price_surcharge_id: one
        for one in prices
        if one.kind is PriceKind.SURCHARGE and one.price_surcharge_id
    }


def flat_rows(prices: Iterable[Price], people: int) -> list[Row]:
    """The plain prices everybody owes; a group owes its price once."""
    return [(one, times(one, people)) for one in prices if one.kind is PriceKind.FLAT and not one.optional]


def chosen_rows(known: Mapping[int, Price], chosen: Mapping[int, int]) -> list[Row]:
    """The rows of chosen prices, in the order of the list."""
    return [(price, chosen[key]) for key, price in known.items() if chosen.get(key)]


def times(price: Price, number: int) -> int:
    """How often a price is charged: a group pays once."""
    return min(1, number) if price.group else number


def is_sound(prices: Iterable[Price], discount: int) -> bool:
    """Can these prices be computed with at all?"""
    return 0 <= discount <= 100 and all(0 <= one.price_cents <= HIGHEST_UNIT for one in prices)


def charges(rows: Sequence[Row], terms: Terms) -> tuple[Charge, ...]:
    """Price the rows as one item; the cents of the charges add up to its total exactly."""
    lines = [
        Line(
            price.price_cents,
            min(times(price, number), HIGHEST_COUNT),
            terms.vat_bp if price.vat_bp is None else price.vat_bp,
            terms.tax_included,
        )
        for price, number in rows
    ]
    parts = shares(lines, terms.discount)
    return tuple(
        Charge(plain_texts(price.title), number, price.price_cents, line.vat_bp, cents)
        for (price, number), line, cents in zip(rows, lines, parts, strict=True)
    )


def single(unit_cents: int, number: int, terms: Terms) -> tuple[Charge, ...]:
    """The one charge of an item that has a single price without a list."""
    total = item_total([Line(unit_cents, number, terms.vat_bp, terms.tax_included)], terms.discount)
    return (Charge({}, number, unit_cents, terms.vat_bp, total),)


def total(found: Iterable[Charge]) -> int:
    """Gross cents of an item."""
    return sum(charge.cents for charge in found)
