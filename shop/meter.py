"""Counts what happens, for all processes together: each counts for itself and adds its sums to the cache's server.

Adding costs no call; the sums go out every few seconds, with a request or a job. When the server is away they wait;
when it has lost everything, counting begins at zero, which whoever reads counters knows how to take.
"""

import json
import logging
import threading
import time
from collections import Counter
from functools import cache as remember

from django.conf import settings
from django.core.cache import cache
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

SETTLE_SECONDS = 5

Series = tuple[str, tuple[tuple[str, str], ...]]  # name, then pairs of label and value


class _Sums:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting: Counter[Series] = Counter()
        self.settled_at = 0.0


_sums = _Sums()


def add(name: str, amount: float = 1, **labels: str) -> None:
    """Add to one series. Labels must have few values: no ids, no addresses."""
    with _sums.lock:
        _sums.waiting[name, tuple(sorted(labels.items()))] += amount  # type: ignore[assignment]


def settle(*, at_once: bool = False) -> None:
    """Bring the sums to the shared server, if that is due. Never raises."""
    with _sums.lock:
        now = time.monotonic()
        if not _sums.waiting or (not at_once and now - _sums.settled_at < SETTLE_SECONDS):
            return
        sums, _sums.waiting, _sums.settled_at = _sums.waiting, Counter(), now
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=True) as pipe:
            for series, amount in sums.items():
                pipe.hincrbyfloat(_name(), json.dumps(series), amount)
            pipe.execute()
    except RedisError:
        log.info("the cache is unreachable, what was counted waits")
        with _sums.lock:
            _sums.waiting.update(sums)


def totals() -> dict[Series, float]:
    """All sums of all processes. Raises RedisError."""
    settle(at_once=True)
    found = {}
    for field, amount in _redis(settings.REDIS_URL).hgetall(_name()).items():
        name, labels = json.loads(field)
        found[name, tuple((label, value) for label, value in labels)] = float(amount)
    return found


def _name() -> str:
    return cache.make_key("metrics")


@remember
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
