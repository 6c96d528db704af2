"""Exact prices: integer cents, gross, one rounding per item, half up. Pure.

An item is a list of lines (unit × count, each with its VAT) and a discount in per cent. A price without VAT gets it
added; discount and VAT are rounded together, once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shop.money import vat_part

WHOLE = 10_000  # basis points
HIGHEST_UNIT = 10**8
HIGHEST_COUNT = 10**3


@dataclass(frozen=True, slots=True)
class Line:
    """`count` units at `unit_cents`. `vat_bp`: VAT in basis points, contained in the price if `tax_included`."""

    unit_cents: int
    count: int
    vat_bp: int = 0
    tax_included: bool = True

    def __post_init__(self) -> None:
        if not (
            0 <= self.unit_cents <= HIGHEST_UNIT and 0 <= self.count <= HIGHEST_COUNT and self.vat_bp >= 0
        ):
            raise ValueError(f"not a price line: {self}")


@dataclass(frozen=True, slots=True)
class Taxed:
    """The gross sum of all items of one VAT rate, and the VAT contained in it."""

    vat_bp: int
    gross_cents: int
    vat_cents: int


def item_total(lines: Sequence[Line], discount: int = 0) -> int:
    """Return the gross price of one order item in cents."""
    if not 0 <= discount <= 100:
        raise ValueError(f"not a discount in per cent: {discount}")
    exact = sum(line.unit_cents * line.count * (100 - discount) * _factor(line) for line in lines)
    return (2 * exact + 100 * WHOLE) // (2 * 100 * WHOLE)


def shares(lines: Sequence[Line], discount: int = 0) -> list[int]:
    """Return what each line has of the item's gross price in cents: whole cents that add up to `item_total`."""
    total, weights = (
        item_total(lines, discount),
        [line.unit_cents * line.count * _factor(line) for line in lines],
    )
    whole = sum(weights)
    if not whole:
        return [0] * len(lines)
    found = [total * weight // whole for weight in weights]
    by_rest = sorted(range(len(lines)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_rest[: total - sum(found)]:
        found[at] += 1
    return found


def taxes(items: Iterable[tuple[int, int]]) -> tuple[Taxed, ...]:
    """Return the VAT per rate of items given as (gross cents, VAT basis points), highest rate first, none at 0 %."""
    sums: dict[int, int] = {}
    for gross, rate in items:
        sums[rate] = sums.get(rate, 0) + gross
    return tuple(
        Taxed(rate, gross, vat_part(gross, rate))
        for rate, gross in sorted(sums.items(), reverse=True)
        if rate
    )


def _factor(line: Line) -> int:
    return WHOLE if line.tax_included else WHOLE + line.vat_bp
