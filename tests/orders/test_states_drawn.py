"""The drawing of the states is the table of the code, and the drawn arrows are its transitions."""

import re

from orders.lifecycle import TRANSITIONS
from tools import states


def test_the_files_are_what_the_code_says() -> None:
    assert states.SVG.read_text(encoding="utf-8") == states.draw()
    assert states.PAGE.read_text(encoding="utf-8") == states.tell()


def test_every_transition_is_an_arrow() -> None:
    drawn = re.findall(r"<title>(\w+) → (\w+)</title>", states.draw())
    assert sorted(drawn) == sorted((a.value, b.value) for a, after in TRANSITIONS.items() for b in after)
