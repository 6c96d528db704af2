"""A ticket system that is down: visitors are turned away at once, one of them finds out when it is back."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache

from shop import gateway
from shop.api import Patience, errors
from tests.api.scripted import HangUpError, hang_up, silence
from tests.shop.asking import FINE, WEB, Upstream, ask, ask_in_vain, pause_is_over
from tests.waiting import until


def test_visitors_are_turned_away_at_once_after_two_failures(upstream: Upstream) -> None:
    server = upstream(hang_up(), hang_up(), FINE)
    ask_in_vain()
    ask_in_vain()
    assert len(server.asked) == 2
    for _ in range(20):
        error = ask_in_vain()
        assert isinstance(error, errors.Unavailable)
        assert error.retry_after is not None
        assert 1 <= error.retry_after <= gateway.PROBE_SECONDS
    assert len(server.asked) == 2


def test_a_worker_is_never_turned_away_and_brings_the_good_news(upstream: Upstream) -> None:
    server = upstream(hang_up(), hang_up(), FINE)
    ask_in_vain()
    ask_in_vain()
    assert ask(Patience.WORKER) == ["de"]
    assert ask() == ["de"]
    assert len(server.asked) == 4


def test_one_visitor_at_a_time_finds_out_whether_it_is_back(upstream: Upstream) -> None:
    server = upstream(hang_up(), hang_up(), hang_up(), FINE)
    ask_in_vain()
    ask_in_vain()
    pause_is_over()
    ask_in_vain()
    assert len(server.asked) == 3
    ask_in_vain()
    assert len(server.asked) == 3
    pause_is_over()
    assert ask() == ["de"]
    assert ask() == ["de"]
    assert len(server.asked) == 5


def test_of_many_visitors_at_the_end_of_the_pause_one_finds_out(upstream: Upstream) -> None:
    gate = threading.Event()

    def dead(connection: socket.socket) -> None:
        gate.wait(20)
        raise HangUpError

    server = upstream(hang_up(), hang_up(), dead)
    ask_in_vain()
    ask_in_vain()
    pause_is_over()
    with ThreadPoolExecutor(12) as pool:
        asking = [pool.submit(ask_in_vain) for _ in range(12)]
        until(lambda: sum(one.done() for one in asking) == 11, what="eleven visitors turned away")
        assert len(server.asked) == 3, "they did not wait for the one who asks"
        gate.set()
        told = [one.result(20) for one in asking]
    assert sum("(not called)" in str(error) for error in told) == 11
    assert len(server.asked) == 3


def test_a_dead_ticket_system_costs_a_visitor_no_time(upstream: Upstream) -> None:
    """The server never answers: whoever asks it waits seconds, whoever is turned away does not."""
    server = upstream(hang_up(), hang_up(), silence())
    ask_in_vain()
    ask_in_vain()
    started = time.monotonic()
    for _ in range(50):
        assert "(not called)" in str(ask_in_vain())
    assert time.monotonic() - started < 3
    assert len(server.asked) == 2


def test_a_write_that_is_turned_away_was_certainly_not_done(upstream: Upstream) -> None:
    server = upstream(hang_up())
    ask_in_vain()
    ask_in_vain()
    with pytest.raises(errors.Unavailable):
        gateway.client().orders.cancel("token", patience=WEB)
    assert [asked.method for asked in server.asked] == ["GET", "GET"]


def test_the_pause_ends_by_itself(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "PROBE_SECONDS", 1)
    upstream(hang_up())
    ask_in_vain()
    ask_in_vain()
    until(lambda: cache.get(gateway._name("probe")) is None, what="the end of the pause")
    assert not gateway.upstream_state().ok
