"""One shared question to the ticket system: however many visitors ask it, it is asked once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.utils import timezone

from catalog.models import Ticket
from shop import gateway, meter
from shop.api.errors import Refused, Unavailable
from shop.flight import Flight, get_or_compute

SHAPE = 1  # of what is kept in the cache: count up when a record changes, the old ones must not be read then
STALE_SECONDS = 600
LOCK_SECONDS = 12  # longer than a visitor's call may take

T = TypeVar("T")


class NotKnown(Exception):
    """Nobody knows the places now: the ticket system does not answer and nothing recent is kept."""

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
    try:
        flight = get_or_compute(
            f"availability:{SHAPE}:{what}:{name}",
            _patiently(read),
            fresh=fresh,
            stale=stale,
            lock=LOCK_SECONDS,
        )
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
    """A refused read (a revoked key, say) is to a visitor the same as no answer: an older one may still be served."""

    def call() -> T:
        try:
            return read()
        except Refused as error:
            raise Unavailable(error.call, error.why, status=error.status) from error

    return call
