"""The geometry of CODE 39, computed from the text."""

import pytest
from barcode import Code39
from hypothesis import given
from hypothesis import strategies as st

from orders.code39 import CHARSET, WIDEST, X_LEAST, X_USUAL, NotPrintable, symbol

LONGEST_USUAL, LONGEST = 33, 40


def test_a_usual_barcode() -> None:
    found = symbol("4034210297633-5")
    assert len(found.modules) == 16 * 15 + 31, "no checksum character was added"
    assert found.x == X_USUAL
    assert found.width == pytest.approx(87.3)
    assert found.quiet == pytest.approx(3.0)


@given(st.text(sorted(CHARSET), min_size=1, max_size=LONGEST))
def test_every_text_of_the_alphabet_fits_its_measures(text: str) -> None:
    found = symbol(text)
    assert len(found.modules) == 16 * len(text) + 31
    assert found.x == (X_USUAL if len(text) <= LONGEST_USUAL else X_LEAST)
    assert found.width <= WIDEST
    assert found.quiet >= 10 * found.x
    assert found.height >= max(10, 0.15 * found.width)
    assert {len(run) for run in found.modules.replace("0", " ").split()} <= {1, 3}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("abc", "a b c"),
        ("GRÜN", "Ü"),
        ("*4711*", "*"),
        ("A\nB", "no"),
        ("4" * (LONGEST + 1), "too many"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_a_reason(text: str, told: str) -> None:
    with pytest.raises(NotPrintable, match=rf"(?s){'[*]' if told == '*' else told}"):
        symbol(text)


@given(st.text(sorted(CHARSET), min_size=1, max_size=LONGEST))
def test_the_bars_are_those_another_program_draws(text: str) -> None:
    assert symbol(text).modules == Code39(text, add_checksum=False).build()[0]


def test_nothing_is_printed_narrower_than_the_least_bar() -> None:
    assert symbol("4" * LONGEST).x == X_LEAST
