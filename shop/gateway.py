"""The only place where settings meet the client of the ticket system, and where its state is remembered.

Each process has one client. Whether the ticket system is up is shared through the cache: every answer any process
gets is noted, pages tell visitors about it, and while it is down a visitor's call fails at once instead of waiting
(one call per few seconds is let through to find out). Without a cache nothing is known and every call is made.
"""

import hashlib
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache as remember

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from shop import meter
from shop.api import Answer, Count, Counters, Gomus, Limits, Patience, Series, Timeouts
from shop.api.counters import outcome_of
from shop.api.errors import Unavailable

log = logging.getLogger(__name__)

PROBE_SECONDS = 5  # how often one visitor's call may find out whether the ticket system is back
REMEMBER_SECONDS = 600
ONE_LOOK = Timeouts(worker=Limits(connect=4.0, read=8.0, total=10.0, tries=1))
FAILURES_TO_CLOSE = 2  # one lost answer is no outage: it is told, but nobody is turned away for it


@dataclass(frozen=True, slots=True)
class UpstreamState:
    """Is the ticket system up, as far as anybody here knows? If not: since when, and when to expect news."""

    ok: bool
    since: datetime | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Trouble:
    since: datetime
    retry_at: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class _Shared:
    key: tuple[int, str, str]
    client: Gomus


class _Holder:
    """This process's client. A forked child must not touch the sockets of its parent, so it starts afresh."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.shared: _Shared | None = None
        self.counters = Counters()


_holder = _Holder()
_left_to_parent: list[_Holder] = []


def _after_fork() -> None:
    # Kept, not closed: closing would end connections the parent still uses, forgetting would let them be collected.
    global _holder  # noqa: PLW0603 - the lock may be held by a thread that does not exist here
    _left_to_parent.append(_holder)
    _holder = _Holder()


os.register_at_fork(after_in_child=_after_fork)


def client() -> Gomus:
    """The shared, thread-safe client of this process, built from the settings."""
    key = (os.getpid(), settings.GOMUS_URL, settings.GOMUS_TOKEN)
    with _holder.lock:
        if _holder.shared is None or _holder.shared.key != key:
            _close()
            built = Gomus(key[1], key[2], on_answer=_note, before_call=_turn_away)
            _holder.shared = _Shared(key, built)
        return _holder.shared.client


def examiner() -> Gomus:
    """A client of its own for who wants the bare truth: every call is made, once, and noted nowhere. Close it.

    ValueError for an address or a key that no client can use.
    """
    return Gomus(settings.GOMUS_URL, settings.GOMUS_TOKEN, timeouts=ONE_LOOK)


def reset() -> None:
    """Close the client and forget what is known about the ticket system, as in a new process."""
    with _holder.lock:
        _close()
    try:
        cache.delete_many([_name("trouble"), _name("probe")])
    except RedisError:
        log.warning("the cache is unreachable, the state of the ticket system was not forgotten")


def counters() -> dict[Series, Count]:
    """What this process has asked the ticket system since it began: calls, failures, milliseconds per series."""
    return _holder.counters.snapshot()


def upstream_state() -> UpstreamState:
    """What is known about the ticket system now. Never raises; without knowledge it counts as up."""
    try:
        return state_among(cache.get_many([state_name()]))
    except RedisError:
        return UpstreamState(ok=True)


def state_name() -> str:
    """What the state is called in the cache, for who reads it together with other things."""
    return _name("trouble")


def state_among(found: Mapping[str, object]) -> UpstreamState:
    """The state among values read from the cache together."""
    trouble = _told(found.get(state_name()))
    if trouble is None:
        return UpstreamState(ok=True)
    return UpstreamState(ok=False, since=trouble.since, retry_at=trouble.retry_at)


def _close() -> None:
    if _holder.shared is not None:
        _holder.shared.client.close()
        _holder.shared = None


def _note(answer: Answer) -> None:
    """Remember how a call went. A cache that is down must not spoil the call."""
    _holder.counters.note(answer)
    route = f"{answer.method} {answer.route}"
    meter.add("vitrine_upstream_calls_total", route=route, outcome=outcome_of(answer))
    meter.add("vitrine_upstream_seconds_total", answer.milliseconds / 1000, route=route)
    try:
        if answer.ok:
            cache.delete(_name("trouble"))
        else:
            _note_trouble(answer.retry_after)
    except RedisError:
        log.warning("the cache is unreachable, the state of the ticket system is not shared")


def _note_trouble(retry_after: float | None) -> None:
    now = datetime.now(UTC)
    before = _trouble()
    pause = timedelta(seconds=PROBE_SECONDS if retry_after is None else max(retry_after, 1))
    trouble = _Trouble(
        since=before.since if before else now,
        retry_at=now + pause,
        failures=before.failures + 1 if before else 1,
    )
    # Kept as a plain tuple: another version of this module may read it during a deployment.
    cache.set(_name("trouble"), astuple(trouble), REMEMBER_SECONDS)
    if trouble.failures >= FAILURES_TO_CLOSE:
        cache.set(_name("probe"), True, PROBE_SECONDS)


def _turn_away(patience: Patience) -> None:
    """Raise `Unavailable` for a visitor's call while the ticket system is known to be down."""
    trouble = _trouble() if patience is Patience.WEB else None
    if trouble is None or trouble.failures < FAILURES_TO_CLOSE or _may_probe():
        return
    wait = max((trouble.retry_at - datetime.now(UTC)).total_seconds(), 1.0)
    raise Unavailable("(not called)", "the ticket system was down a moment ago", retry_after=wait)


def _may_probe() -> bool:
    try:
        return bool(cache.add(_name("probe"), True, PROBE_SECONDS))
    except RedisError:
        return True


def _trouble() -> _Trouble | None:
    try:
        return _told(cache.get(_name("trouble")))
    except RedisError:
        return None


def _told(found: object) -> _Trouble | None:
    return _Trouble(*found) if isinstance(found, tuple) and len(found) == 3 else None


def _name(what: str) -> str:
    """Cache key that belongs to the ticket system in the settings."""
    return f"gomus:{what}:{_digest(settings.GOMUS_URL)}"


@remember
def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:12]
