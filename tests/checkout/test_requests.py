"""Reading numbers and ids that visitors send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.requests import ABSURD, ids, new_numbers, number


@pytest.mark.parametrize(
    ("text", "read"),
    [("2", 2), (" 2 ", 2), ("0", 0), ("000", 0), ("007", 7), ("999999", 999_999), ("1000000", ABSURD)],
)
def test_plain_digits_are_a_number(text: str, read: int) -> None:
    assert number(text) == read


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.0", "1,5", "1 000", "²", "٣", "１", "1e3", "two", "\x00"]
)
def test_everything_else_is_not(text: str) -> None:
    assert number(text) is None


@given(st.text(max_size=60) | st.integers(0, 10**60).map(str))
def test_no_text_breaks_it_or_gets_beyond_the_bound(text: str) -> None:
    found = number(text)
    assert found is None or 0 <= found <= ABSURD
    if found is not None and found < ABSURD:
        assert int(text) == found


def test_ids_are_read_from_a_list_and_nonsense_is_left_out() -> None:
    assert ids("12,15") == [12, 15]
    assert ids("12,,x,-3,²," + "9" * 30) == [12]


def test_new_numbers_say_whether_one_could_not_be_read() -> None:
    assert new_numbers({"n-3": "2", "n-4": "0", "other": "x"}) == ({3: 2, 4: 0}, False)
    assert new_numbers({"n-3": "2", "n-4": "", "n-x": "5"}) == ({3: 2}, True)
