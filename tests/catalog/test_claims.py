"""Of several runs that start at once exactly one reads and writes, with real connections to the database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import LazySettings
from django.db import connection

from catalog.models import SyncRun, Ticket
from catalog.sync import SyncBusyError, sync_catalog
from shop import gateway
from tests.catalog.upstream import Upstream, serve, small_world

RUNS = 6


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    with serve(small_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        yield found
        gateway.reset()


@pytest.mark.django_db(transaction=True)
def test_of_many_runs_at_once_one_wins(upstream: Upstream) -> None:
    together = threading.Barrier(RUNS)
    everybody_asked = threading.Event()
    turned_away = []

    def hold(_what: str, _done: int, _total: int) -> None:
        """The winner does not finish before all others were turned away."""
        everybody_asked.wait(20)

    def start(_n: int) -> bool:
        together.wait()
        try:
            sync_catalog(progress=hold)
        except SyncBusyError as busy:
            turned_away.append(busy)
            if len(turned_away) == RUNS - 1:
                everybody_asked.set()
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(RUNS) as pool:
        outcomes = list(pool.map(start, range(RUNS)))
    assert sorted(outcomes) == [False] * (RUNS - 1) + [True]
    assert upstream.asked.count("/museums") == 1
    assert Ticket.objects.count() == 3
    assert list(SyncRun.objects.values_list("ok", "running")) == [(True, None)]
