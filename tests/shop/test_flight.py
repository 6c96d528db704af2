"""One question at a time goes upstream, whoever asks; what is kept is served while it is fresh enough."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from pytest_django import Settings

from shop import flight
from shop.api.errors import Malformed, Unavailable
from shop.flight import MOST_APART, Flight, Underway, get_or_compute
from tests.waiting import until


class Upstream:
    """Counts how often it was asked, answers with that number, and fails while `down`."""

    def __init__(self) -> None:
        self.asked = 0
        self.down = False

    def __call__(self) -> int:
        self.asked += 1
        if self.down:
            raise Unavailable("GET /x", "no connection", retry_after=7)
        return self.asked


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


def ask(compute: Callable[[], int], *, fresh: float = 10, lock: float = 5) -> Flight[int]:
    return get_or_compute("key", compute, fresh=fresh, stale=60, lock=lock)


def test_a_fresh_value_is_not_asked_again(upstream: Upstream) -> None:
    assert ask(upstream) == Flight(1, 0.0, stale=False)
    again = ask(upstream)
    assert (again.value, again.stale, upstream.asked) == (1, False, 1)


def test_an_old_value_is_asked_again(upstream: Upstream) -> None:
    with time_machine.travel("2026-11-28T10:00Z", tick=False) as clock:
        ask(upstream)
        clock.shift(11)
        assert ask(upstream) == Flight(2, 0.0, stale=False)


def test_upstream_down_serves_the_old_value_with_its_age(upstream: Upstream) -> None:
    with time_machine.travel("2026-11-28T10:00Z", tick=False) as clock:
        ask(upstream)
        clock.shift(11)
        upstream.down = True
        assert ask(upstream) == Flight(1, 11.0, stale=True)


def test_upstream_down_without_an_old_value_raises_and_is_remembered(upstream: Upstream) -> None:
    upstream.down = True
    for _ in range(3):
        with pytest.raises(Unavailable) as failure:
            ask(upstream)
        assert failure.value.retry_after == 7
    assert upstream.asked == 1


def test_other_errors_are_the_callers_business_and_leave_no_lock() -> None:
    def broken() -> int:
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            ask(broken)


def test_an_answer_not_understood_counts_as_down(upstream: Upstream) -> None:
    def garbled() -> int:
        raise Malformed("GET /x", "not JSON")

    with pytest.raises(Malformed):
        ask(garbled)
    with pytest.raises(Unavailable):
        ask(upstream)


def test_many_visitors_ask_once(upstream: Upstream) -> None:
    gate = threading.Event()

    def slow() -> int:
        assert gate.wait(10)
        return upstream()

    with ThreadPoolExecutor(8) as visitors:
        answers = [visitors.submit(ask, slow) for _ in range(8)]
        gate.set()
        assert {answer.result(timeout=20).value for answer in answers} == {1}
    assert upstream.asked == 1


def test_while_one_computes_the_others_get_the_old_value(upstream: Upstream) -> None:
    ask(upstream)
    started, gate = threading.Event(), threading.Event()

    def slow() -> int:
        started.set()
        assert gate.wait(10)
        return upstream()

    with ThreadPoolExecutor(1) as first:
        computing = first.submit(ask, slow, fresh=0)
        until(started.is_set, what="the first caller computing")
        other = ask(upstream, fresh=0)
        gate.set()
        assert (other.value, other.stale) == (1, True)
        assert computing.result(timeout=20) == Flight(2, 0.0, stale=False)


def test_a_caller_that_dies_with_the_lock_does_not_block_for_ever(upstream: Upstream) -> None:
    gate = threading.Event()

    def stuck() -> int:
        assert gate.wait(10)
        return -1

    with ThreadPoolExecutor(1) as first:
        first.submit(ask, stuck, lock=0.2)
        assert ask(upstream, lock=0.2).value in {1, -1}
        gate.set()


def test_without_the_cache_upstream_is_asked_directly(upstream: Upstream, settings: Settings) -> None:
    nowhere = "redis://127.0.0.1:1/0"
    settings.REDIS_URL = nowhere
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}
    assert [ask(upstream).value for _ in range(2)] == [1, 2]


class TestPatience:
    """Callers who have little time; the gate lets the value through when they are gone."""

    @pytest.fixture
    def gate(self) -> Iterator[threading.Event]:
        found = threading.Event()
        yield found
        found.set()
        for _ in range(MOST_APART):  # what was left behind lands before the next test has a cache of its own
            flight._apart.acquire()
        for _ in range(MOST_APART):
            flight._apart.release()

    @staticmethod
    def briefly(compute: Callable[[], int], *, key: str = "key", fresh: float = 10) -> Flight[int]:
        return get_or_compute(key, compute, fresh=fresh, stale=60, lock=30, patience=0.01)

    def test_a_value_that_is_there_in_time_is_the_value(self, upstream: Upstream) -> None:
        assert get_or_compute("key", upstream, fresh=10, stale=60, lock=30, patience=30).value == 1

    def test_an_error_that_is_there_in_time_is_the_error(self, upstream: Upstream) -> None:
        upstream.down = True
        with pytest.raises(Unavailable):
            get_or_compute("key", upstream, fresh=10, stale=60, lock=30, patience=30)

    def test_who_cannot_wait_leaves_and_the_value_comes_for_the_next(
        self, upstream: Upstream, gate: threading.Event
    ) -> None:
        def slow() -> int:
            assert gate.wait(60)
            return upstream()

        for _ in range(3):
            with pytest.raises(Underway):
                self.briefly(slow)
        gate.set()
        assert ask(upstream, lock=30).value == 1
        assert upstream.asked == 1

    def test_who_cannot_wait_is_told_the_old_value(self, upstream: Upstream, gate: threading.Event) -> None:
        ask(upstream)

        def slow() -> int:
            assert gate.wait(60)
            return upstream()

        old = self.briefly(slow, fresh=0)
        assert (old.value, old.stale) == (1, True)

    def test_only_so_many_are_brought_at_once(self, upstream: Upstream, gate: threading.Event) -> None:
        asked = []

        def slow() -> int:
            asked.append(1)
            assert gate.wait(60)
            return upstream()

        for number in range(MOST_APART + 3):
            with pytest.raises(Underway):
                self.briefly(slow, key=f"key-{number}")
        until(lambda: len(asked) == MOST_APART, what="all threads at work")
        gate.set()
        beyond = f"key-{MOST_APART}"  # was left alone, and unlocked
        assert get_or_compute(beyond, upstream, fresh=10, stale=60, lock=30).value > 0
