"""The pins are complete, agree with each other, and say nothing about where anybody fetches packages."""

import re

import pytest

from tests.environment import ROOT

SETS = ("web", "runtime", "demo", "dev", "sentry")


def pins(name: str) -> dict[str, str]:
    text = (ROOT / f"requirements/{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("small", "large"), [("web", "runtime"), ("runtime", "demo"), ("demo", "dev"), ("sentry", "dev")]
)
def test_each_set_contains_the_one_before(small: str, large: str) -> None:
    assert pins(small).items() <= pins(large).items()


@pytest.mark.parametrize("name", SETS)
def test_every_pin_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text()
    for pin in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in pin, pin.splitlines()[0]
    assert not re.search(r"://|--(index|extra|find|trusted)", text)


@pytest.mark.parametrize("name", SETS)
def test_what_is_asked_for_is_pinned(name: str) -> None:
    asked = re.findall(r"^([a-z0-9-]+)", (ROOT / f"requirements/{name}.in").read_text(), re.MULTILINE)
    assert set(asked) - {"-r"} <= pins(name).keys() | {"-r"}
