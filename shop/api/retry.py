"""What a failed try means and whether to try again: pure decisions, no clock, no network."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum

LONGEST_WAIT = 86_400.0
PASSING = frozenset({429, 500, 502, 503, 504})


class Kind(Enum):
    """How far a failed try came."""

    NOT_SENT = "not sent"
    NO_ANSWER = "no answer"
    ANSWERED = "answered"
    NOT_UNDERSTOOD = "not understood"


class Verdict(Enum):
    """What the caller must believe after the last try."""

    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Failure:
    """One try that brought no usable answer. `content` is what the server wrote, if it wrote."""

    kind: Kind
    why: str
    status: int | None = None
    retry_after: float | None = None
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits between tries: anything up to base, 2 base, 4 base ... seconds (full jitter), at most `cap`."""

    base: float = 0.5
    cap: float = 30.0


def may_retry(failure: Failure, *, write: bool) -> bool:
    """Can doing it again do no harm? A write only if nothing reached the server, or it said "too many"."""
    if failure.kind is Kind.NOT_SENT:
        return True
    if write:
        return failure.status == 429
    if failure.kind is Kind.ANSWERED:
        return failure.status in PASSING
    return failure.kind is Kind.NO_ANSWER


def next_wait(
    failure: Failure,
    *,
    write: bool,
    attempt: int,
    tries: int,
    left: float,
    policy: RetryPolicy,
    chance: float,
) -> float | None:
    """Seconds to wait before try `attempt + 1`, or None to give up.

    Never sooner than the server asked, never so long that the total budget (`left` seconds) would be gone.
    `chance` is a random number in 0..1.
    """
    if attempt >= tries or not may_retry(failure, write=write):
        return None
    spread = min(policy.cap, policy.base * 2 ** min(attempt - 1, 30))
    wait = max(chance * spread, failure.retry_after or 0.0)
    return wait if wait < left else None


def verdict(failure: Failure, *, write: bool) -> Verdict:
    """What a final failure means. Whatever might have been done must not be called undone."""
    if failure.kind is Kind.NOT_SENT:
        return Verdict.UNAVAILABLE
    if failure.kind is Kind.NO_ANSWER:
        return Verdict.UNKNOWN if write else Verdict.UNAVAILABLE
    if failure.kind is Kind.NOT_UNDERSTOOD:
        return Verdict.UNKNOWN if write else Verdict.MALFORMED
    return _verdict_on_status(failure.status or 0, told_when=failure.retry_after is not None, write=write)


def _verdict_on_status(status: int, *, told_when: bool, write: bool) -> Verdict:
    if status == 429 or (status == 503 and told_when):
        return Verdict.UNAVAILABLE
    if 400 <= status < 500 and status != 408:
        return Verdict.REFUSED
    if write:
        return Verdict.UNKNOWN
    return Verdict.UNAVAILABLE if status >= 400 else Verdict.MALFORMED


def is_up(failure: Failure, *, our_key: bool = True) -> bool:
    """Does this failure still show a ticket system that works and knows our key (if that was what we sent)?"""
    status = failure.status or 0
    trouble = {401, 408, 429} if our_key else {408, 429}
    return failure.kind is Kind.ANSWERED and 400 <= status < 500 and status not in trouble


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait according to a Retry-After header (a number or an HTTP date), None if it says nothing."""
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return min(max((when - now).total_seconds(), 0.0), LONGEST_WAIT)
