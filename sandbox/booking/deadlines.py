"""What ends by itself, and when: finds what is over without looking at everything."""

import heapq
from datetime import datetime


class Deadlines:
    """Names with a deadline. A name may have several; only the caller knows which one still counts."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str]] = []

    def add(self, at: datetime, name: str) -> None:
        heapq.heappush(self._heap, (at, name))

    def over(self, now: datetime) -> list[str]:
        """Take out every name whose deadline has come."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            found.append(heapq.heappop(self._heap)[1])
        return found
