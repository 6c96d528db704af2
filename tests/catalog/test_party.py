"""Which tickets a party takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.party import Admission, Party, seatings
from catalog.prices import gross
from catalog.visitors import VisitorKind
from checkout.pricing import HIGHEST_COUNT, Line, item_total

ADULT, REDUCED, CHILD = (
    Admission(1, VisitorKind.ADULT),
    Admission(2, VisitorKind.REDUCED),
    Admission(3, VisitorKind.CHILD),
)
FAMILY = Admission(4, VisitorKind.FAMILY, (2, 3))
NOBODY = Admission(9, VisitorKind.OTHER)
USUAL = [ADULT, REDUCED, CHILD]
kinds = st.sampled_from([ADULT, REDUCED, CHILD, FAMILY, NOBODY, Admission(5, VisitorKind.GROUP)])
parties = st.builds(Party, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p.total)


@pytest.mark.parametrize(
    ("party", "family", "ways"),
    [
        (Party(2, 0, 1), USUAL, ({1: 2, 3: 1},)),
        (Party(1, 2, 3), USUAL, ({1: 1, 2: 2, 3: 3},)),
        (Party(2, 0, 1), [ADULT, REDUCED], ({1: 2, 2: 1},)),
        (Party(2, 1, 1), [ADULT], ({1: 4},)),
        (Party(0, 1, 2), [ADULT, CHILD], ({1: 1, 3: 2},)),
        (Party(0, 0, 2), [CHILD], ({3: 2},)),
        (Party(1, 0, 2), [CHILD], ()),
        (Party(0, 1, 0), [CHILD], ()),
        (Party(1, 1, 1), [NOBODY], ({9: 3},)),
        (Party(1, 0, 0), [NOBODY, CHILD], ()),
        (Party(1, 0, 0), [Admission(5, VisitorKind.GROUP)], ()),
        (Party(2, 0, 0), [Admission(7, VisitorKind.ADULT), ADULT], ({7: 2},)),
        (Party(1, 0, 0), [], ()),
    ],
)
def test_who_takes_what(party: Party, family: list[Admission], ways: tuple[dict[int, int], ...]) -> None:
    assert seatings(party, family) == ways


@pytest.mark.parametrize(
    ("party", "ways"),
    [
        (Party(2, 0, 2), ({1: 2, 3: 2}, {4: 1})),
        (Party(1, 0, 1), ({1: 1, 3: 1}, {4: 1})),
        (Party(3, 1, 4), ({1: 3, 2: 1, 3: 4}, {4: 1, 1: 1, 2: 1, 3: 1})),
        (Party(2, 0, 0), ({1: 2},)),
        (Party(0, 0, 2), ({3: 2},)),
    ],
)
def test_a_family_ticket_is_a_second_way(party: Party, ways: tuple[dict[int, int], ...]) -> None:
    assert seatings(party, [*USUAL, FAMILY]) == ways


def test_a_family_ticket_that_counts_nobody_is_offered_to_nobody() -> None:
    assert seatings(Party(2, 0, 2), [*USUAL, Admission(4, VisitorKind.FAMILY)]) == ({1: 2, 3: 2},)


@given(parties, st.lists(kinds, unique=True))
def test_every_way_admits_everybody(party: Party, family: list[Admission]) -> None:
    for way in seatings(party, family):
        assert all(number > 0 for number in way.values())
        admitted = sum(number for ticket, number in way.items() if ticket != FAMILY.ticket_id)
        with_family = min(party.adults, 2) + min(party.children, 3) if FAMILY.ticket_id in way else 0
        assert admitted + with_family == party.total


@given(parties, st.integers(1, 30))
def test_a_smaller_party_is_part_of_the_party(party: Party, total: int) -> None:
    fewer = party.smaller(total)
    assert fewer.total == min(total, party.total)
    assert fewer.adults <= party.adults
    assert fewer.reduced <= party.reduced
    assert fewer.children <= party.children
    assert fewer.children < fewer.total or party.adults + party.reduced == 0


@given(
    st.integers(0, 10**8),
    st.integers(0, HIGHEST_COUNT),
    st.integers(0, 100),
    st.integers(0, 10_000),
    st.booleans(),
)
def test_prices_shown_are_those_charged(
    cents: int, number: int, discount: int, vat_bp: int, tax_included: bool
) -> None:
    shown = gross(cents, number, discount=discount, vat_bp=vat_bp, tax_included=tax_included)
    assert shown == item_total([Line(cents, number, vat_bp, tax_included)], discount)
