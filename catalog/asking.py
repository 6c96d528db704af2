"""One shared question to the ticket system: however many visitors ask it, it is asked once.

A page asks `briefly`: what is not answered in its time is not known to it, but is asked for all the same, and the page
asks again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from catalog.models import Ticket
from shop import gateway, meter
from shop.api.errors import Refused, Unavailable
from shop.flight import Flight, Underway, get_or_compute

SHAPE = 2  # of what is kept in the cache: count up when a record changes, the old ones must not be read then
STALE_SECONDS = 600
LOCK_SECONDS = 12  # longer than a visitor's call may take

T = TypeVar("T")


@dataclass
class Hurry:
    """How long a page may wait, for all its questions together. `checking`: some answer had not come by then."""

    deadline: float
    checking: bool = False


_hurry: ContextVar[Hurry | None] = ContextVar("hurry", default=None)


@contextmanager
def briefly() -> Iterator[Hurry]:
    """Nothing asked inside lets anybody wait beyond PAGE_WAIT_MS, all questions together."""
    hurry = Hurry(time.monotonic() + settings.PAGE_WAIT_MS / 1000)
    token = _hurry.set(hurry)
    try:
        yield hurry
    finally:
        _hurry.reset(token)


class NotKnown(Exception):
    """Nobody knows the places now: nothing recent is kept, and the ticket system does not answer, or not at once."""

    def __init__(self, retry_at: datetime | None) -> None:
        super().__init__("the ticket system does not answer")
        self.retry_at = retry_at


def fly(
    what: str,
    tickets: Iterable[Ticket],
    on: date,
    read: Callable[[], T],
    *,
    fresh: float,
    stale: float = STALE_SECONDS,
) -> Flight[T]:
    """What these tickets' question `what` about a day was last answered, read anew if it is older than `fresh`.

    Raises NotKnown when neither the ticket system nor the cache has an answer.
    """
    ids = ",".join(str(pk) for pk in sorted({ticket.pk for ticket in tickets}))
    return ask(f"{what}:{on}", ids, read, fresh=fresh, stale=stale)


def ask(
    what: str, about: str, read: Callable[[], T], *, fresh: float, stale: float = STALE_SECONDS
) -> Flight[T]:
    """What the question `what` was last answered, read anew if it is older than `fresh` seconds.

    `about` tells questions of one kind apart. Raises NotKnown when neither the ticket system nor the cache has an
    answer.
    """
    name = hashlib.sha256(f"{settings.GOMUS_URL} {about}".encode()).hexdigest()[:32]
    hurry = _hurry.get()
    try:
        flight = get_or_compute(
            f"availability:{SHAPE}:{what}:{name}",
            _patiently(read),
            fresh=fresh,
            stale=stale,
            lock=LOCK_SECONDS,
            patience=None if hurry is None else max(0.0, hurry.deadline - time.monotonic()),
        )
    except Underway as error:
        if hurry:
            hurry.checking = True
        meter.add("vitrine_live_answers_total", age="unknown")
        raise NotKnown(None) from error
    except Unavailable as error:
        wait = error.retry_after
        meter.add("vitrine_live_answers_total", age="unknown")
        raise NotKnown(timezone.now() + timedelta(seconds=wait) if wait else _retry_at()) from error
    meter.add("vitrine_live_answers_total", age="stale" if flight.stale else "fresh")
    meter.add("vitrine_live_age_seconds_total", flight.age_seconds)
    return flight


def _retry_at() -> datetime | None:
    return gateway.upstream_state().retry_at


def _patiently(read: Callable[[], T]) -> Callable[[], T]:
    """Read however long it takes; what the answer needs in turn is waited for, too.

    A refused read (a revoked key, say) is to a visitor the same as no answer: an older one may still be served.
    """

    def call() -> T:
        token = _hurry.set(None)
        try:
            return read()
        except Refused as error:
            raise Unavailable(error.call, error.why, status=error.status) from error
        finally:
            _hurry.reset(token)

    return call
