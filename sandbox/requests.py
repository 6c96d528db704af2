"""Remembers the last requests, so that a test can count them."""

from collections import Counter, deque
from typing import Any

KEPT = 2000


class RequestLog:
    """The last requests and a count by route since the last clearing. Never holds keys or tokens."""

    def __init__(self) -> None:
        self.last: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()

    def add(self, entry: dict[str, Any]) -> None:
        self.last.append(entry)
        self.counts[entry["route"]] += 1

    def clear(self) -> None:
        self.last.clear()
        self.counts.clear()

    def as_dict(self) -> dict[str, Any]:
        return {"total": self.counts.total(), "counts": dict(self.counts), "last": list(self.last)}
