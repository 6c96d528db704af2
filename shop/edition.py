"""Which edition of the catalogue is on show: a word that changes whenever anything visitors may see has changed.

What is worked out from the catalogue once and used often (whole pages, the index of the search) carries the edition it
was made from, so it is out of date the moment a sync or somebody of the staff changes a row. The word is shared through
the cache; while there is no cache there is no edition, and nothing is kept.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import wraps
from typing import TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from shop.dates import today

log = logging.getLogger(__name__)

NAME = "edition"  # of the word in the cache
KEPT_SECONDS = 7 * 24 * 3600

T = TypeVar("T")

_seen: ContextVar[str | None] = ContextVar("seen", default=None)


def current() -> str | None:
    """The edition on show, None while there is no cache."""
    if seen_before := _seen.get():
        return seen_before
    try:
        return of(cache.get_many([NAME]))
    except RedisError:
        return None


def of(found: Mapping[str, object]) -> str:
    """The edition among values read from the cache together; begins one if there is none. Raises RedisError."""
    known = found.get(NAME)
    if known is None:
        cache.add(NAME, uuid4().hex, KEPT_SECONDS)
        known = cache.get(NAME)
    return str(known)


@contextmanager
def seen(version: str) -> Iterator[None]:
    """Spare a request that changes nothing to look again: inside, this is the edition on show.

    What is read meanwhile may be newer, never older.
    """
    token = _seen.set(version)
    try:
        yield
    finally:
        _seen.reset(token)


def renew() -> None:
    """Something changed. Begins a new edition now, and once more when the change can be seen by others."""
    _begin()
    transaction.on_commit(_begin)


def remembered(make: Callable[[], T]) -> Callable[[], T]:
    """Let every process work this out once per edition and day. What `make` answers is shared by all threads: read it,
    never change it. Without a cache it is worked out each time."""
    lock = threading.Lock()
    kept: dict[tuple[str, date], T] = {}

    @wraps(make)
    def ask() -> T:
        now = current()
        if now is None:
            return make()
        shown = (now, today())
        with lock:  # whoever comes meanwhile would only do the same work beside it
            if shown not in kept:
                made = make()
                kept.clear()
                kept[shown] = made
            return kept[shown]

    return ask


def _begin() -> None:
    _seen.set(None)  # who changes something sees it
    try:
        cache.set(NAME, uuid4().hex, KEPT_SECONDS)
    except RedisError:
        log.warning("the cache is unreachable, pages kept in it may be shown a little longer")
