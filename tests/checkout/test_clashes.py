"""Visits that overlap, or leave too little time for the way: told, and nobody is kept from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from checkout.clashes import Stay, between
from checkout.models import Basket
from checkout.overview import overview
from tests.checkout.given import ADULT, CHILD, DAY, OTHER, a_line, tomorrow
from tests.sandbox_process import Sandbox

NOON = datetime(2027, 3, 14, 12, tzinfo=UTC)


def stay(owner: str, museum: str, begins: int, ends: int, *, guided: bool = False) -> Stay:
    """From so many minutes after noon to so many."""
    first, last = (NOON + timedelta(minutes=minutes) for minutes in (begins, ends))
    return Stay(owner, f"visit {owner}", museum, first, last, guided=guided)


stays = st.builds(
    lambda owner, museum, begins, lasts, guided: stay(owner, museum, begins, begins + lasts, guided=guided),
    st.sampled_from("abcd"),
    st.sampled_from(["north", "south"]),
    st.integers(0, 300),
    st.integers(0, 120),
    st.booleans(),
)


@given(st.lists(stays, max_size=6), st.randoms())
def test_the_order_of_the_basket_does_not_matter(found: list[Stay], luck: object) -> None:
    mixed = list(found)
    luck.shuffle(mixed)  # type: ignore[attr-defined]
    told = {(clash.minutes, *sorted([clash.first.where, clash.second.where])) for clash in between(found)}
    assert told == {
        (clash.minutes, *sorted([clash.first.where, clash.second.where])) for clash in between(mixed)
    }


@given(stays, stays)
def test_what_is_told_is_true(one: Stay, other: Stay) -> None:
    clashes = between([one, other])
    first, second = sorted([one, other], key=lambda stay: (stay.begins, stay.ends))
    gap = (second.begins - first.ends) / timedelta(minutes=1)
    apart = one.museum != other.museum and one.owner != other.owner
    if gap >= 30 or one.owner == other.owner:
        assert not clashes
    elif apart and gap > 0:
        assert [clash.minutes for clash in clashes] == [gap]
    elif apart and gap < 0:
        assert [clash.minutes for clash in clashes] == [None]


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (stay("a", "north", 0, 30), stay("b", "south", 15, 45), "are at the same time"),
        (stay("a", "north", 0, 30), stay("b", "south", 30, 60), "no time between"),
        (stay("a", "north", 0, 30), stay("b", "south", 31, 60), "only 1 minute between"),
        (stay("a", "north", 0, 30), stay("b", "south", 59, 90), "only 29 minutes between"),
        (stay("a", "north", 0, 30), stay("b", "south", 60, 90), ""),
        (stay("a", "north", 0, 60), stay("b", "north", 0, 60, guided=True), ""),
        (stay("a", "north", 0, 60, guided=True), stay("b", "north", 30, 60, guided=True), "same time"),
    ],
)
def test_in_words(one: Stay, other: Stay, told: str) -> None:
    with translation.override("en"):
        texts = [clash.text for clash in between([other, one])]
    assert [told in text for text in texts] == [True] if told else not texts


def test_no_minutes_for_the_way_leave_overlaps_only(settings: LazySettings) -> None:
    settings.TRAVEL_MINUTES = 0
    assert not between([stay("a", "north", 0, 30), stay("b", "south", 30, 60)])
    assert between([stay("a", "north", 0, 30), stay("b", "south", 29, 60)])


@pytest.mark.django_db
def test_the_basket_tells_it(museum: Sandbox) -> None:
    basket = Basket.objects.create()
    a_line(basket, ADULT, at=tomorrow(14))
    a_line(basket, CHILD, at=tomorrow(14))  # the same visit
    a_line(basket, DAY, at=tomorrow(10), slot_ends_at=tomorrow(23))  # at any time
    assert not overview(basket).clashes
    a_line(basket, OTHER, at=tomorrow(14))
    (clash,) = overview(basket).clashes
    assert clash.minutes is None
