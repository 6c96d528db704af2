"""Which tickets visitors have looked at lately, counted in the cache: a hint for what to keep fresh, never more."""

from __future__ import annotations

import logging
import time
from functools import cache as remember
from typing import cast

from django.conf import settings
from django.core.cache import cache
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

SPAN_SECONDS = 600  # looks are counted for so long, and told for twice as long
MOST = 200  # tickets counted in one span


def note(ticket_id: int) -> None:
    """Count a look at the page of a ticket. Without a cache nothing is counted."""
    name = _name(0)
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=False) as calls:
            calls.zincrby(name, 1, str(ticket_id))
            calls.zremrangebyrank(name, 0, -MOST - 1)
            calls.expire(name, 2 * SPAN_SECONDS)
            calls.execute()
    except RedisError:
        log.warning("the cache is unreachable, a look was not counted")


def looked_at(count: int) -> list[int]:
    """The tickets looked at most in the last ten to twenty minutes, at most `count`, the most wanted first."""
    seen: dict[int, float] = {}
    try:
        for ago in (0, 1):
            found = _redis(settings.REDIS_URL).zrevrange(_name(ago), 0, count - 1, withscores=True)
            for member, score in cast(list[tuple[bytes, float]], found):
                seen[int(member)] = seen.get(int(member), 0) + score
    except RedisError:
        log.warning("the cache is unreachable, nobody knows what was looked at")
    return sorted(seen, key=lambda pk: (-seen[pk], pk))[:count]


def _name(ago: int) -> str:
    return cache.make_key(f"looked-at:{int(time.time()) // SPAN_SECONDS - ago}")


@remember
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
