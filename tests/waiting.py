"""Waiting in tests: for a condition, with a deadline, never for luck."""

import time
from collections.abc import Callable


def until(condition: Callable[[], object], *, seconds: float = 20, what: str = "the condition") -> None:
    """Return as soon as `condition()` is true; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(0.02)
