"""Exact prices: the ticket system's own vectors, and what must hold for any price."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.pricing import HIGHEST_COUNT, HIGHEST_UNIT, Line, Taxed, item_total, taxes

VECTORS = {
    "T1": ([Line(1400, 2)], 0, 2800),
    "T2": ([Line(999, 3)], 10, 2697),
    "T3": ([Line(5, 1)], 50, 3),
    "T4": ([Line(333, 3, 1900, False)], 0, 1189),
    "T5": ([Line(333, 3, 1900, False)], 10, 1070),
    "T6": ([Line(1000, 1, 810, False)], 0, 1081),
    "T7": ([Line(125, 7)], 33, 586),
    "E1": ([Line(400, 5)], 0, 2000),
    "E2": ([Line(1200, 2), Line(800, 1)], 15, 2720),
    "E3": ([Line(9000, 1)], 0, 9000),
    "E4": ([Line(1000, 2, 1900, False), Line(500, 1, 700, False)], 0, 2915),
    "E5": ([Line(2400, 2), Line(1800, 1)], 0, 6600),
    "R1": ([Line(9000, 1), Line(1500, 1), Line(250, 6)], 0, 12000),
    "R2": ([Line(600, 10), Line(400, 2), Line(3000, 1)], 5, 9310),
    "R3": ([Line(550, 13, 700, False)], 0, 7651),
}
a_line = st.builds(
    Line,
    st.integers(0, HIGHEST_UNIT),
    st.integers(0, HIGHEST_COUNT),
    st.integers(0, 3000),
    st.booleans(),
)
lines = st.lists(a_line, max_size=8)
discounts = st.integers(0, 100)


@pytest.mark.parametrize("name", VECTORS)
def test_a_price_everybody_agrees_on(name: str) -> None:
    item, discount, total = VECTORS[name]
    assert item_total(item, discount) == total


@given(lines, discounts)
def test_one_rounding_half_up_and_no_other(item: list[Line], discount: int) -> None:
    exact = sum(
        Fraction(line.unit_cents * line.count * (100 - discount), 100)
        * (1 if line.tax_included else 1 + Fraction(line.vat_bp, 10_000))
        for line in item
    )
    assert item_total(item, discount) == (exact + Fraction(1, 2)) // 1


@given(lines, discounts)
def test_a_discount_never_makes_dearer(item: list[Line], discount: int) -> None:
    assert 0 <= item_total(item, discount) <= item_total(item)
    assert item_total(item, 100) == 0


@given(lines, discounts)
def test_the_order_of_lines_does_not_matter(item: list[Line], discount: int) -> None:
    assert item_total(item, discount) == item_total(item[::-1], discount)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from([0, 700, 810, 1900])), max_size=20))
def test_the_vat_of_a_rate_is_within_half_a_cent_of_the_truth(items: list[tuple[int, int]]) -> None:
    told = taxes(items)
    assert {tax.vat_bp for tax in told} == {rate for _gross, rate in items if rate}
    for tax in told:
        assert tax.gross_cents == sum(gross for gross, rate in items if rate == tax.vat_bp)
        exact = Fraction(tax.gross_cents * tax.vat_bp, 10_000 + tax.vat_bp)
        assert abs(tax.vat_cents - exact) <= Fraction(1, 2)


def test_vat_is_told_per_rate_highest_first() -> None:
    assert taxes([(1070, 700), (1190, 1900), (500, 0), (1070, 700)]) == (
        Taxed(1900, 1190, 190),
        Taxed(700, 2140, 140),
    )


@pytest.mark.parametrize(
    "numbers", [(-1, 1, 0), (1, -1, 0), (1, 1, -1), (HIGHEST_UNIT + 1, 1, 0), (1, HIGHEST_COUNT + 1, 0)]
)
def test_what_is_no_price_is_not_computed_with(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="not a price line"):
        Line(*numbers)


@pytest.mark.parametrize("discount", [-1, 101])
def test_what_is_no_discount_is_not_computed_with(discount: int) -> None:
    with pytest.raises(ValueError, match="not a discount"):
        item_total([Line(100, 1)], discount)
