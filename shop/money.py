"""Money is an integer number of cents until it is shown."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency

FULL = 10_000  # basis points in 100 %


@lru_cache(maxsize=4096)  # a catalogue has few prices, and each is written on many pages
def format_money(cents: int, currency: str, language: str) -> str:
    """Return an amount as people of `language` write it: "14,00 €" (with a no-break space) or "€14.00"."""
    return format_currency(Decimal(cents).scaleb(-2), currency, locale=language.replace("-", "_"))


def vat_part(gross_cents: int, vat_bp: int) -> int:
    """Return the VAT contained in a gross amount, in cents, rounded half away from zero.

    `vat_bp` is the rate in basis points: 1900 stands for 19 %.
    """
    whole = FULL + vat_bp
    rounded = (2 * abs(gross_cents) * vat_bp + whole) // (2 * whole)
    return rounded if gross_cents >= 0 else -rounded
