"""Fixtures of the tests of orders."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone

from shop import gateway
from tests.orders.clock import Clock
from tests.orders.museum import Museum
from tests.sandbox_process import Sandbox


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox process for all tests of the engine; each finds it empty."""
    running = Sandbox(tmp_path_factory.mktemp("museum"))
    yield running
    running.stop()


@pytest.fixture
def museum(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Museum]:
    """The ticket system of this test."""
    found = Museum(sandbox)
    monkeypatch.setattr(gateway, "client", found.client)
    yield found
    found.close()


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock of this process, to be moved; it goes on ticking meanwhile."""
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield Clock(traveller)
