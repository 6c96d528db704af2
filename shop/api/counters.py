"""How often which call was made, how it went and how long it took: numbers for a dashboard, nothing to identify."""

import threading
from dataclasses import dataclass
from enum import StrEnum

from shop.api.calls import Answer


class Outcome(StrEnum):
    """How one try went."""

    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Series:
    """What is counted together. `route` is a template, so there are only so many of them."""

    method: str
    route: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Count:
    """Tries since this process began, how many of them say that upstream is in trouble, and their time in all."""

    calls: int = 0
    failures: int = 0
    milliseconds: int = 0


class Counters:
    """Counts every try it is told of. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Series, Count] = {}

    def note(self, answer: Answer) -> None:
        """Count one try."""
        series = Series(answer.method, answer.route, outcome_of(answer))
        with self._lock:
            before = self._counts.get(series, Count())
            self._counts[series] = Count(
                calls=before.calls + 1,
                failures=before.failures + (not answer.ok),
                milliseconds=before.milliseconds + answer.milliseconds,
            )

    def snapshot(self) -> dict[Series, Count]:
        """All counts at this moment, as a copy."""
        with self._lock:
            return dict(self._counts)


def outcome_of(answer: Answer) -> Outcome:
    """A refusal is an answer that upstream would give again; a failure is its trouble, or that of our key."""
    if answer.status is None:
        return Outcome.UNANSWERED
    if not answer.ok:
        return Outcome.FAILED
    return Outcome.OK if answer.status < 400 else Outcome.REFUSED
