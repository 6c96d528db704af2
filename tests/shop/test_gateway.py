"""The gateway: one client per process, and what all processes know about the ticket system."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from shop import gateway
from shop.api import Count, Outcome, Patience, Series, errors
from shop.gateway import UpstreamState
from tests.api.scripted import answer, closed_port, hang_up
from tests.shop.asking import FINE, WEB, Upstream, ask, ask_in_vain, pause_is_over
from tests.waiting import until


@pytest.fixture(autouse=True)
def _fresh_gateway() -> Iterator[None]:
    gateway.reset()
    yield
    gateway.reset()


def test_the_client_is_built_from_the_settings_and_shared(upstream: Upstream, settings: Settings) -> None:
    settings.GOMUS_TOKEN = "our-key"
    server = upstream(FINE)
    assert ask() == ["de"]
    assert server.asked[0].headers["authorization"] == "Bearer our-key"
    first = gateway.client()
    assert gateway.client() is first
    settings.GOMUS_TOKEN = "next-key"
    assert gateway.client() is not first
    ask()
    assert server.asked[1].headers["authorization"] == "Bearer next-key"


def test_reset_closes_the_client(upstream: Upstream) -> None:
    upstream(FINE)
    first = gateway.client()
    gateway.reset()
    assert gateway.client() is not first
    with pytest.raises(RuntimeError):
        first.catalogue.locales()


def test_a_forked_child_has_its_own_client_and_leaves_the_parents_alone(upstream: Upstream) -> None:
    server = upstream(FINE)
    ask()
    parents = gateway.client()
    with gateway._holder.lock:  # as if another thread of the parent were in the middle of something
        child = os.fork()
        if child == 0:
            signal.alarm(20)  # a child that waits for a lock nobody holds here must not hang the test
            fine = False
            try:
                fine = gateway.client() is not parents and ask() == ["de"]
            finally:
                os._exit(0 if fine else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert gateway.client() is parents
    assert ask() == ["de"]
    assert (len(server.asked), server.connections) == (3, 2)


def test_without_any_news_the_ticket_system_counts_as_up() -> None:
    assert gateway.upstream_state() == UpstreamState(ok=True)


def test_one_failure_is_told_and_the_next_success_ends_it(upstream: Upstream) -> None:
    upstream(hang_up(), FINE)
    before = datetime.now(UTC)
    ask_in_vain()
    state = gateway.upstream_state()
    assert not state.ok
    assert state.since is not None
    assert state.retry_at is not None
    assert (
        before <= state.since < state.retry_at <= datetime.now(UTC) + timedelta(seconds=gateway.PROBE_SECONDS)
    )
    for _ in range(3):
        gateway._turn_away(WEB)  # nobody is kept out for one failure, however many come at the same time
    assert ask() == ["de"]
    assert gateway.upstream_state() == UpstreamState(ok=True)


def test_a_refusal_is_no_outage_but_a_wrong_key_is(upstream: Upstream) -> None:
    upstream(answer(404), answer(422), answer(401))
    ask_in_vain()
    ask_in_vain()
    assert gateway.upstream_state().ok
    assert isinstance(ask_in_vain(), errors.Unauthorized)
    assert not gateway.upstream_state().ok


def test_the_time_upstream_named_is_passed_on(upstream: Upstream) -> None:
    upstream(answer(503, headers={"Retry-After": "120"}))
    ask_in_vain()
    retry_at = gateway.upstream_state().retry_at
    assert retry_at is not None
    assert 110 < (retry_at - datetime.now(UTC)).total_seconds() <= 120


def test_trouble_is_dated_from_its_first_failure(upstream: Upstream) -> None:
    upstream(hang_up())
    ask_in_vain()
    first = gateway.upstream_state()
    ask_in_vain()
    second = gateway.upstream_state()
    assert first.since == second.since
    assert first.retry_at is not None
    assert second.retry_at is not None
    assert first.retry_at < second.retry_at


def test_a_process_makes_four_calls_at_once_and_no_more(upstream: Upstream) -> None:
    gate, lock, now, most = threading.Event(), threading.Lock(), [0], [0]

    def step(connection: socket.socket) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        gate.wait(20)
        with lock:
            now[0] -= 1
        FINE(connection)

    server = upstream(step)
    with ThreadPoolExecutor(9) as pool:
        asking = [pool.submit(ask, Patience.WORKER) for _ in range(9)]
        until(lambda: now[0] == 4, what="four calls at the server")
        gate.set()
        assert [one.result(20) for one in asking] == [["de"]] * 9
    assert most[0] == 4
    assert server.connections <= 4


def test_calls_are_counted_by_series(upstream: Upstream) -> None:
    def counted(outcome: Outcome) -> Count:
        return gateway.counters().get(Series("GET", "/locales", outcome), Count())

    before = {outcome: counted(outcome) for outcome in Outcome}
    upstream(FINE, hang_up(), answer(500), answer(404))
    ask()
    for _ in range(2):
        ask_in_vain()
    pause_is_over()
    ask_in_vain()
    gained = {outcome: counted(outcome).calls - before[outcome].calls for outcome in Outcome}
    assert gained == dict.fromkeys(Outcome, 1)
    assert counted(Outcome.FAILED).failures - before[Outcome.FAILED].failures == 1
    assert counted(Outcome.REFUSED).failures == before[Outcome.REFUSED].failures


def test_no_log_of_any_library_holds_the_token_of_an_order(
    upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    """httpx logs whole addresses by default, and papers are opened by an address."""
    caplog.set_level(logging.DEBUG)
    upstream(answer(200, b"%PDF-1.7", kind="application/pdf"), answer(404))
    gateway.client().documents.ticket_pdf(7, 1, "secret-token-of-an-order")
    with pytest.raises(errors.NotFound):
        gateway.client().orders.get("secret-token-of-an-order")
    assert "GET /orders/:order_id/tickets/:sale_id.pdf 200" in caplog.text
    assert "secret-token-of-an-order" not in caplog.text


def test_the_state_of_another_ticket_system_does_not_count(upstream: Upstream) -> None:
    upstream(hang_up())
    ask_in_vain()
    assert not gateway.upstream_state().ok
    upstream(FINE)
    assert gateway.upstream_state().ok


def test_a_dead_cache_spoils_nothing(upstream: Upstream, settings: Settings) -> None:
    server = upstream(FINE, hang_up(), hang_up(), hang_up())
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{closed_port()}/0"}
    }
    assert ask() == ["de"]
    for _ in range(3):
        ask_in_vain()
    assert len(server.asked) == 4
    assert gateway.upstream_state() == UpstreamState(ok=True)
    gateway.reset()


def test_something_strange_in_the_cache_counts_as_nothing() -> None:
    cache.set(gateway._name("trouble"), {"from": "another version"})
    assert gateway.upstream_state() == UpstreamState(ok=True)
