"""The rate limit: a bucket of requests per caller that fills by the minute."""

import time

from sandbox.errors import ApiError, Fault
from sandbox.switches import Switches


class Limits:
    """One bucket per key, or per address of who has none. Off unless its switch is on."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._buckets: dict[str, tuple[float, float]] = {}  # what was left, and when

    def take(self, caller: str) -> None:
        """Count a request; 429 with the seconds to wait when the bucket is empty."""
        if self._switches.rate_limit == "off":
            return
        per_second, now = self._switches.rate_per_minute / 60, time.monotonic()
        left, since = self._buckets.get(caller, (float(self._switches.rate_burst), now))
        left = min(float(self._switches.rate_burst), left + (now - since) * per_second)
        if left < 1:
            wait = max(1, round((1 - left) / per_second + 0.5)) if per_second else 60
            fault = Fault("too_many_requests", "Zu viele Anfragen.", "Too many requests.")
            raise ApiError(429, fault, headers={"retry-after": str(wait)})
        self._buckets[caller] = (left - 1, now)
