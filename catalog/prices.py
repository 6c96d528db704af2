"""What things cost the visitor. Sums of a basket are computed where they are sold; this is for showing."""

from collections.abc import Iterable
from dataclasses import dataclass

WHOLE = 10_000  # basis points


@dataclass(frozen=True, slots=True)
class Charge:
    """`count` times `unit_cents`, VAT in basis points."""

    unit_cents: int
    count: int
    vat_bp: int


def gross(cents: int, number: int = 1, *, discount: int, vat_bp: int, tax_included: bool) -> int:
    """Return the gross price of so many in cents: `discount` per cent taken off, VAT added, rounded half up once."""
    return gross_sum([Charge(cents, number, vat_bp)], discount=discount, tax_included=tax_included)


def gross_sum(charges: Iterable[Charge], *, discount: int, tax_included: bool) -> int:
    """Return the gross price of one item of several charges in cents: as `gross`, rounded once for all of them."""
    exact = sum(
        charge.unit_cents
        * charge.count
        * (100 - discount)
        * (WHOLE if tax_included else WHOLE + charge.vat_bp)
        for charge in charges
    )
    return (2 * exact + 100 * WHOLE) // (2 * 100 * WHOLE)


def shares(charges: Iterable[Charge], *, discount: int, tax_included: bool) -> list[int]:
    """Return what each charge has in the gross price of the item; together exactly that, whatever is rounded."""
    found: list[int] = []
    before: list[Charge] = []
    for charge in charges:
        before.append(charge)
        found.append(gross_sum(before, discount=discount, tax_included=tax_included) - sum(found))
    return found
