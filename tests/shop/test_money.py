"""Amounts are shown as people write them; the VAT inside a gross amount is exact to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money import format_money, vat_part


@pytest.mark.parametrize(
    ("cents", "language", "shown"),
    [
        (1400, "de", "14,00\u00a0€"),
        (1400, "en", "€14.00"),
        (123456789, "de", "1.234.567,89\u00a0€"),
        (123456789, "en", "€1,234,567.89"),
        (0, "en", "€0.00"),
        (-550, "de", "-5,50\u00a0€"),
        (5, "en-gb", "€0.05"),
    ],
)
def test_amounts_as_people_write_them(cents: int, language: str, shown: str) -> None:
    assert format_money(cents, "EUR", language) == shown


@pytest.mark.parametrize(
    ("gross", "vat_bp", "part"),
    [
        (1190, 1900, 190),
        (1400, 1900, 224),
        (1400, 700, 92),
        (1000, 0, 0),
        (0, 1900, 0),
        (-1190, 1900, -190),
        (3, 10_000, 2),
    ],
)
def test_vat_inside_a_gross_amount(gross: int, vat_bp: int, part: int) -> None:
    assert vat_part(gross, vat_bp) == part


@given(gross=st.integers(-(10**9), 10**9), vat_bp=st.integers(0, 10_000))
def test_vat_is_within_half_a_cent_and_symmetric(gross: int, vat_bp: int) -> None:
    part = vat_part(gross, vat_bp)
    assert abs(part * (10_000 + vat_bp) - gross * vat_bp) * 2 <= 10_000 + vat_bp
    assert vat_part(-gross, vat_bp) == -part
