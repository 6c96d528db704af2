"""What a tour costs a group: the worked examples of the API's price rules, and the rules one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.prices import Charge, gross_sum, shares
from catalog.tour_bill import bill, divide, reduced_options, surcharge_options
from shop.api.records import Price, Text, TourPrices


def price(cents: int, **values: Any) -> Price:
    return Price(price_cents=cents, **values)


def told(*prices: Price, **values: Any) -> TourPrices:
    return TourPrices(bookable=True, prices=prices, **values)


SCALES = (price(400, scale_price_id=82), price(600, scale_price_id=81))
KILN = price(1500, group=True, price_surcharge_id=15)
CLAY = price(250, optional=True, price_surcharge_id=16, title=Text({"de": "<b>Ton</b>"}))


def total(prices: TourPrices, people: int, scales: dict[int, int], wanted: dict[int, int]) -> int:
    return bill(prices, people, scales, wanted).total_cents


class TestWorkedExamples:
    def test_a_group_price_with_both_kinds_of_surcharge(self) -> None:
        prices = told(price(9000, group=True), KILN, CLAY)
        found = bill(prices, 12, {}, {16: 6})
        assert found.total_cents == 12000
        assert found.surcharges == {15: 1, 16: 6}
        assert [(line.count, line.group, line.cents) for line in found.lines] == [
            (12, True, 9000),
            (12, True, 1500),
            (6, False, 1500),
        ]

    def test_scale_prices_with_a_discount(self) -> None:
        prices = told(*SCALES, price(3000, group=True, price_surcharge_id=17), discount=5)
        scales = divide(prices, 12, {82: 2})
        assert scales == {81: 10, 82: 2}
        found = bill(prices, 12, scales, {})
        assert (found.total_cents, found.off_cents) == (9310, 490)
        assert found.scales == {81: 10, 82: 2}

    def test_per_participant_with_vat_to_be_added(self) -> None:
        found = bill(told(price(550), vat_bp=700, tax_included=False), 13, {}, {})
        assert found.total_cents == 7651
        assert [(tax.vat_bp, tax.cents) for tax in found.taxes] == [(700, 501)]


def test_who_is_given_no_other_price_pays_the_dearest() -> None:
    assert divide(told(*SCALES), 3, {}) == {81: 3}
    assert divide(told(*SCALES), 3, {82: 3}) == {82: 3}
    assert divide(told(*SCALES), 3, {81: 1, 999: 7}) == {81: 3}, "what has no such price counts for nothing"
    assert [option.id for option in reduced_options(told(*SCALES), 3, {})] == [82]


def test_more_prices_than_people_are_no_division() -> None:
    assert divide(told(*SCALES), 3, {82: 4}) is None


def test_scale_prices_win_over_others_beside_them() -> None:
    prices = told(price(9999), *SCALES)
    assert total(prices, 2, {81: 2}, {}) == 1200


def test_a_choice_without_id_cannot_be_made() -> None:
    assert total(told(price(500), price(900, optional=True)), 2, {}, {}) == 1000


def test_a_surcharge_that_is_no_choice_is_charged_whatever_is_asked() -> None:
    each = price(100, price_surcharge_id=19)
    assert bill(told(price(500), each), 4, {}, {19: 1}).surcharges == {19: 4}
    assert surcharge_options(told(price(500), each), 4, {}) == ()


@pytest.mark.parametrize(("group", "charged"), [(True, 1), (False, 4)])
def test_nobody_buys_a_surcharge_more_often_than_it_can_be_had(group: bool, charged: int) -> None:
    extra = price(100, optional=True, group=group, price_surcharge_id=18)
    assert bill(told(price(500), extra), 4, {}, {18: 900}).surcharges == {18: charged}
    assert bill(told(price(500), extra), 4, {}, {}).surcharges == {}


def test_words_of_upstream_come_without_markup() -> None:
    assert [option.name for option in surcharge_options(told(price(1), CLAY), 2, {})] == ["Ton"]


CHARGES = st.lists(
    st.builds(Charge, st.integers(0, 10**8), st.integers(0, 1000), st.sampled_from([0, 700, 1900, 810])),
    max_size=6,
)


@given(charges=CHARGES, discount=st.integers(0, 100), tax_included=st.booleans())
def test_the_lines_add_up_to_the_total(charges: list[Charge], discount: int, tax_included: bool) -> None:
    parts = shares(charges, discount=discount, tax_included=tax_included)
    assert sum(parts) == gross_sum(charges, discount=discount, tax_included=tax_included)
    alone = [gross_sum([charge], discount=discount, tax_included=tax_included) for charge in charges]
    assert all(abs(part - own) <= 1 for part, own in zip(parts, alone, strict=True))
