"""The retry decision, as tables: what may be tried again, how long to wait, what to believe in the end."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.api.retry import (
    Failure,
    Kind,
    RetryPolicy,
    Verdict,
    is_up,
    may_retry,
    next_wait,
    retry_after,
    verdict,
)

NOT_SENT = Failure(Kind.NOT_SENT, "no connection")
NO_ANSWER = Failure(Kind.NO_ANSWER, "dropped")
NONSENSE = Failure(Kind.NOT_UNDERSTOOD, "no JSON", status=200)
NOW = datetime(2026, 11, 28, 12, 0, 0, tzinfo=UTC)


def said(status: int, wait: float | None = None) -> Failure:
    return Failure(Kind.ANSWERED, "answered", status=status, retry_after=wait)


#            failure             read: again, verdict            write: again, verdict
TABLE = [
    (NOT_SENT, True, Verdict.UNAVAILABLE, True, Verdict.UNAVAILABLE),
    (NO_ANSWER, True, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (NONSENSE, False, Verdict.MALFORMED, False, Verdict.UNKNOWN),
    (said(429), True, Verdict.UNAVAILABLE, True, Verdict.UNAVAILABLE),
    (said(429, 3), True, Verdict.UNAVAILABLE, True, Verdict.UNAVAILABLE),
    (said(500), True, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(501), False, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(502), True, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(503), True, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(503, 30), True, Verdict.UNAVAILABLE, False, Verdict.UNAVAILABLE),
    (said(504), True, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(400), False, Verdict.REFUSED, False, Verdict.REFUSED),
    (said(401), False, Verdict.REFUSED, False, Verdict.REFUSED),
    (said(403), False, Verdict.REFUSED, False, Verdict.REFUSED),
    (said(404), False, Verdict.REFUSED, False, Verdict.REFUSED),
    (said(405), False, Verdict.REFUSED, False, Verdict.REFUSED),
    (said(408), False, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(422), False, Verdict.REFUSED, False, Verdict.REFUSED),
    (said(409), False, Verdict.REFUSED, False, Verdict.REFUSED),
    (said(410), False, Verdict.REFUSED, False, Verdict.REFUSED),
    (said(422, 30), False, Verdict.REFUSED, False, Verdict.REFUSED),
    (said(500, 30), True, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(502, 30), True, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(503, 0), True, Verdict.UNAVAILABLE, False, Verdict.UNAVAILABLE),
    (said(507), False, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(999), False, Verdict.UNAVAILABLE, False, Verdict.UNKNOWN),
    (said(101), False, Verdict.MALFORMED, False, Verdict.UNKNOWN),
    (said(303), False, Verdict.MALFORMED, False, Verdict.UNKNOWN),
    (said(301), False, Verdict.MALFORMED, False, Verdict.UNKNOWN),
]


@pytest.mark.parametrize(("failure", "read_again", "read", "write_again", "write"), TABLE)
def test_what_may_be_repeated_and_what_a_final_failure_means(
    failure: Failure, read_again: bool, read: Verdict, write_again: bool, write: Verdict
) -> None:
    assert may_retry(failure, write=False) is read_again
    assert verdict(failure, write=False) is read
    assert may_retry(failure, write=True) is write_again
    assert verdict(failure, write=True) is write


@pytest.mark.parametrize(
    ("failure", "up"),
    [
        (said(422), True),
        (said(404), True),
        (said(403), True),
        (said(401), False),  # up, but it does not let us in: nothing can be sold
        (said(429), False),
        (said(500), False),
        (said(302), False),
        (NOT_SENT, False),
        (NO_ANSWER, False),
        (NONSENSE, False),
    ],
)
def test_which_failures_still_show_a_working_ticket_system(failure: Failure, up: bool) -> None:
    assert is_up(failure) is up


def test_only_our_own_key_that_is_not_let_in_is_trouble() -> None:
    assert is_up(said(401), our_key=False)
    assert not is_up(said(429), our_key=False)
    assert not is_up(NO_ANSWER, our_key=False)


def wait(
    failure: Failure,
    *,
    write: bool = False,
    attempt: int = 1,
    tries: int = 5,
    left: float = 60.0,
    policy: RetryPolicy = RetryPolicy(base=0.5, cap=30.0),  # noqa: B008 - frozen
    chance: float = 1.0,
) -> float | None:
    return next_wait(
        failure, write=write, attempt=attempt, tries=tries, left=left, policy=policy, chance=chance
    )


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (7, 30.0), (5000, 30.0)]
)
def test_the_jitter_spans_from_zero_to_a_doubling_bound(attempt: int, longest: float) -> None:
    assert wait(NO_ANSWER, attempt=attempt, tries=9999, chance=1.0) == longest
    assert wait(NO_ANSWER, attempt=attempt, tries=9999, chance=0.5) == longest / 2
    assert wait(NO_ANSWER, attempt=attempt, tries=9999, chance=0.0) == 0.0


def test_the_last_try_is_the_last() -> None:
    assert wait(NO_ANSWER, attempt=4, tries=5) is not None
    assert wait(NO_ANSWER, attempt=5, tries=5) is None
    assert wait(NO_ANSWER, attempt=1, tries=1) is None


def test_never_sooner_than_upstream_asked() -> None:
    assert wait(said(429, 7.0), chance=0.0) == 7.0
    assert wait(said(503, 0.1), chance=1.0) == 0.5


def test_a_wait_that_would_use_up_the_budget_is_not_begun() -> None:
    assert wait(said(429, 7.0), left=7.0) is None
    assert wait(said(429, 7.0), left=7.1) == 7.0


@given(
    st.sampled_from([row[0] for row in TABLE]),
    st.booleans(),
    st.integers(1, 10),
    st.floats(0, 60),
    st.floats(0, 1),
)
def test_waits_are_bounded_whatever_happens(
    failure: Failure, write: bool, attempt: int, left: float, chance: float
) -> None:
    seconds = wait(failure, write=write, attempt=attempt, left=left, chance=chance)
    if seconds is not None:
        assert may_retry(failure, write=write)
        assert attempt < 5
        assert (failure.retry_after or 0.0) <= seconds < left


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("30", 30.0),
        (" 7 ", 7.0),
        ("999999999", 86_400.0),
        ("Sat, 28 Nov 2026 12:00:30 GMT", 30.0),
        ("Sat, 28 Nov 2026 13:00:30 +0100", 30.0),
        ("Sat, 28 Nov 2026 12:00:30", 30.0),
        ("Sat, 28 Nov 2026 11:59:00 GMT", 0.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 40, None),
        ("Sat, 99 Nov 2026 99:00:30 GMT", None),
    ],
)
def test_reading_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=60))
def test_any_header_is_read_or_ignored(header: str) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or 0 <= seconds <= 86_400
