"""Asking upstream once, however many visitors want to know: a shared cache with single flight and stale answers.

Who cannot wait long says so: the value is then brought by a thread of its own, and is there for whoever asks next.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache as remember
from typing import Generic, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.db import connections
from redis import Redis
from redis.exceptions import LockError, RedisError
from redis.lock import Lock

from shop.api.errors import Unavailable

log = logging.getLogger(__name__)

T = TypeVar("T")

POLL_SECONDS = 0.02
FAILURE_SECONDS = 2.0  # upstream just failed: nobody else has to wait for the same time-out right after
MOST_APART = 32  # values one process brings at once in threads of their own

_apart = threading.BoundedSemaphore(MOST_APART)


class Underway(Exception):
    """The value is being computed, but was not there within the time the caller had."""


@dataclass(frozen=True, slots=True)
class Flight(Generic[T]):
    """A value and how old it is. `stale` says it is older than its caller wanted."""

    value: T
    age_seconds: float
    stale: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """Seconds: how long a value is fresh, how much longer it may be served stale, how long one caller may compute."""

    fresh: float
    stale: float
    lock: float


def get_or_compute(
    key: str,
    compute: Callable[[], T],
    *,
    fresh: float,
    stale: float,
    lock: float,
    patience: float | None = None,
) -> Flight[T]:
    """Return the shared value of `key`, computed by at most one caller at a time in all processes.

    While one caller computes, the others get the stale value, or wait for the first one. When `compute` raises
    `Unavailable` the stale value is served; without one the error is raised. Without a cache, computes directly.

    `patience`: seconds this caller has, as long as it takes if None. When they are over the stale value is served,
    without one `Underway` is raised, and the value comes without the caller.
    """
    terms = Terms(fresh, stale, lock)
    deadline = time.monotonic() + (lock if patience is None else patience)
    try:
        kept = _wait_for_turn(key, terms, deadline)
    except RedisError:
        log.warning("the cache is unreachable, asking upstream directly")
        return Flight(compute(), 0.0, stale=False)
    if isinstance(kept, Flight):
        return cast(Flight[T], kept)
    if patience is None:
        return _compute(key, compute, terms, kept)
    if kept is None:
        raise Underway(key)
    return _compute_apart(key, compute, terms, kept, deadline)


def _wait_for_turn(key: str, terms: Terms, deadline: float) -> Flight[object] | Lock | None:
    """Return a value to serve, or the lock under which to compute; None: others still compute at the deadline."""
    while True:
        if answer := _kept(key, terms):
            return answer
        guard = _guard(key, terms)
        if guard.acquire(blocking=False):
            return guard
        if answer := _kept(key, terms, even_stale=True):
            return answer
        if time.monotonic() >= deadline:
            return None
        time.sleep(POLL_SECONDS)


def _kept(key: str, terms: Terms, *, even_stale: bool = False) -> Flight[object] | None:
    """Return the cached value if it may be served now; raise `Unavailable` if upstream has just failed without one."""
    found = cache.get_many([key, _failed(key)])
    failure = found.get(_failed(key))
    if key not in found:
        if failure:
            call, why, retry_after = failure
            raise Unavailable(call, why, retry_after=retry_after)
        return None
    value, computed_at = found[key]
    age = max(0.0, time.time() - computed_at)
    if age < terms.fresh or even_stale or failure:
        return Flight(value, age, stale=age >= terms.fresh)
    return None


def _compute(key: str, compute: Callable[[], T], terms: Terms, guard: Lock | None) -> Flight[T]:
    try:
        # Whoever held the lock before us may have just brought the value.
        return cast(Flight[T], _recall(key, terms)) or _bring(key, compute, terms)
    finally:
        if guard:
            _release(guard)


def _compute_apart(
    key: str, compute: Callable[[], T], terms: Terms, guard: Lock, deadline: float
) -> Flight[T]:
    """Compute in a thread of its own, and wait for it until the deadline."""
    if not _apart.acquire(blocking=False):
        _release(guard)
        return _old_or_underway(key, terms)
    context = copy_context()  # the language, and the request this is for

    def run() -> Flight[T]:
        try:
            return context.run(_compute, key, compute, terms, guard)
        finally:
            connections.close_all()
            _apart.release()

    flight = _threads(os.getpid()).submit(run)
    wait([flight], timeout=max(0.0, deadline - time.monotonic()))
    return flight.result() if flight.done() else _old_or_underway(key, terms)


def _old_or_underway(key: str, terms: Terms) -> Flight[T]:
    if old := _recall(key, terms, even_stale=True):
        return cast(Flight[T], old)
    raise Underway(key)


def _bring(key: str, compute: Callable[[], T], terms: Terms) -> Flight[T]:
    try:
        value = compute()
    except Unavailable as error:
        old = _recall(key, terms, even_stale=True)
        _keep(_failed(key), (error.call, error.why, error.retry_after), FAILURE_SECONDS)
        if old:
            return cast(Flight[T], old)
        raise
    _keep(key, (value, time.time()), terms.fresh + terms.stale)
    return Flight(value, 0.0, stale=False)


def _recall(key: str, terms: Terms, *, even_stale: bool = False) -> Flight[object] | None:
    try:
        return _kept(key, terms, even_stale=even_stale)
    except RedisError:
        return None


def _keep(key: str, value: object, seconds: float) -> None:
    try:
        cache.set(key, value, seconds)
    except RedisError:
        log.warning("the cache is unreachable, a value was not kept")


def _guard(key: str, terms: Terms) -> Lock:
    # The token of a lock belongs to one caller, so the object may cross threads and dies with its time-out.
    return Lock(
        _redis(settings.REDIS_URL), cache.make_key(f"{key}:lock"), timeout=terms.lock, thread_local=False
    )


def _release(guard: Lock) -> None:
    try:
        guard.release()
    except (LockError, RedisError):
        log.info("a computation outlived its lock")


def _failed(key: str) -> str:
    return f"{key}:failed"


@remember
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)


@remember
def _threads(process: int) -> ThreadPoolExecutor:  # noqa: ARG001 - a forked child has none of its parent's threads
    return ThreadPoolExecutor(MOST_APART, thread_name_prefix="flight")
