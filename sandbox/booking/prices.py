"""What an item costs: integer cents, one rounding per item, half up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sandbox.catalogue.model import Price


@dataclass(frozen=True, slots=True)
class Part:
    """`count` times `unit` cents. `vat` is a rate of its own; None: that of the product."""

    unit: int
    count: int
    vat: str | None = None


def vat_bp(text: str) -> int:
    """Basis points of a VAT rate written in per cent: "8.1" is 810."""
    return int((Decimal(text) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def item_cents(parts: Iterable[Part], *, discount: int, vat: str, tax_included: bool) -> int:
    """The gross price of an item after discount, in cents."""
    exact = 0
    for part in parts:
        factor = 10_000 if tax_included else 10_000 + vat_bp(part.vat or vat)
        exact += part.unit * part.count * (100 - discount) * factor
    return (2 * exact + 1_000_000) // 2_000_000


def scales(prices: Iterable[Price]) -> dict[int, Price]:
    """The scale prices of a list, by id; any of them makes the default prices void."""
    return {price.scale_id: price for price in prices if price.scale_id is not None}


def surcharges(prices: Iterable[Price]) -> dict[int, Price]:
    return {price.surcharge_id: price for price in prices if price.surcharge_id is not None}


def flat(prices: Iterable[Price]) -> list[Price]:
    """The default prices everybody owes; an optional one has no id to choose it by."""
    return [
        price
        for price in prices
        if price.scale_id is None and price.surcharge_id is None and not price.optional
    ]


def times(price: Price, people: int) -> int:
    """How often a price is charged: a group pays once."""
    return min(1, people) if price.group else people


def flat_parts(prices: Iterable[Price], people: int) -> list[Part]:
    return [Part(price.cents, times(price, people), price.vat) for price in flat(prices)]


def scale_parts(prices: Iterable[Price], chosen: Mapping[int, int]) -> list[Part]:
    """The parts of chosen scale prices; every id must be one of the list."""
    known = scales(prices)
    return [Part(known[key].cents, times(known[key], n), known[key].vat) for key, n in chosen.items()]


def surcharge_parts(prices: Iterable[Price], chosen: Mapping[int, int]) -> list[Part]:
    """The parts of chosen surcharges; the numbers have been checked, so they count as they are."""
    known = surcharges(prices)
    return [Part(known[key].cents, n, known[key].vat) for key, n in chosen.items()]


def sane(prices: Iterable[int], discount: int) -> bool:
    """Nothing with a negative price or an odd discount is sold."""
    return 0 <= discount <= 100 and all(cents >= 0 for cents in prices)
