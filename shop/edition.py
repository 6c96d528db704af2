"""Which edition of the catalogue is on show: a word that changes whenever anything visitors may see has changed.

What is worked out from the catalogue once and used often (whole pages, the index of the search) carries the edition it
was made from, so it is out of date the moment a sync or somebody of the staff changes a row. The word is shared through
the cache; while there is no cache there is no edition, and nothing is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TypeVar, cast
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

NAME = "edition"  # of the word in the cache
KEPT_SECONDS = 7 * 24 * 3600
T = TypeVar("T")
_remembered: dict[str, tuple[str, object]] = {}  # by name: the edition it is of, and the value


def current() -> str | None:
    """The edition on show, None while there is no cache."""
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


def remembered(name: str, make: Callable[[], T]) -> T:
    """What `make` works out from the catalogue, kept in this process until there is another edition.

    Nobody may change it. Small things only: every process keeps one of each name.
    """
    now = current()
    if now is None:
        return make()
    kept = _remembered.get(name)
    if kept is None or kept[0] != now:
        kept = _remembered[name] = (now, make())
    return cast(T, kept[1])


def renew() -> None:
    """Something changed. Begins a new edition now, and once more when the change can be seen by others."""
    _begin()
    transaction.on_commit(_begin)


def _begin() -> None:
    try:
        cache.set(NAME, uuid4().hex, KEPT_SECONDS)
    except RedisError:
        log.warning("the cache is unreachable, pages kept in it may be shown a little longer")
