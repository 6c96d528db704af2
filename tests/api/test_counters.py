"""Counting calls: by route and outcome, exactly, also from many threads."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shop.api import Answer, Count, Counters, Outcome, Series, errors
from tests.api import samples
from tests.api.scripted import answer, hang_up
from tests.api.talking import Serving


def heard(status: int | None, *, ok: bool, route: str = "/orders/:id", milliseconds: int = 5) -> Answer:
    return Answer("GET", route, status, ok, milliseconds, attempt=1)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (heard(200, ok=True), Outcome.OK),
        (heard(404, ok=True), Outcome.REFUSED),
        (heard(422, ok=True), Outcome.REFUSED),
        (heard(401, ok=False), Outcome.FAILED),
        (heard(429, ok=False), Outcome.FAILED),
        (heard(500, ok=False), Outcome.FAILED),
        (heard(200, ok=False), Outcome.FAILED),
        (heard(None, ok=False), Outcome.UNANSWERED),
    ],
)
def test_what_is_counted_together(answer: Answer, outcome: Outcome) -> None:
    counters = Counters()
    counters.note(answer)
    failures = 0 if answer.ok else 1
    assert counters.snapshot() == {Series("GET", "/orders/:id", outcome): Count(1, failures, 5)}


def test_a_snapshot_stays_as_it_was() -> None:
    counters = Counters()
    counters.note(heard(200, ok=True))
    before = counters.snapshot()
    counters.note(heard(200, ok=True))
    assert next(iter(before.values())).calls == 1
    assert next(iter(counters.snapshot().values())) == Count(2, 0, 10)


@pytest.fixture
def _restless() -> Iterator[None]:
    """Threads take turns so often that what is not locked goes wrong."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_restless")
def test_no_call_is_lost_between_threads() -> None:
    counters = Counters()

    def work(number: int) -> None:
        for n in range(2_000):
            counters.note(heard(500 if n % 2 else 200, ok=not n % 2, route=f"/{number % 2}", milliseconds=1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert counters.snapshot() == {
        Series("GET", f"/{route}", outcome): Count(4_000, failures, 4_000)
        for route in (0, 1)
        for outcome, failures in ((Outcome.OK, 0), (Outcome.FAILED, 4_000))
    }


def test_real_calls_by_template_and_every_try(patient: Serving) -> None:
    counters = Counters()
    steps = (hang_up(), answer(503), answer(200, {"order": samples.ORDER}), answer(404))
    gomus, _ = patient(*steps, on_answer=counters.note)
    gomus.orders.get(samples.TOKEN)
    with pytest.raises(errors.NotFound):
        gomus.orders.get(7)
    found = counters.snapshot()
    assert {series.outcome: (count.calls, count.failures) for series, count in found.items()} == {
        Outcome.UNANSWERED: (1, 1),
        Outcome.FAILED: (1, 1),
        Outcome.OK: (1, 0),
        Outcome.REFUSED: (1, 0),
    }
    assert {(series.method, series.route) for series in found} == {("GET", "/orders/:id")}
    assert samples.TOKEN not in repr(found)
