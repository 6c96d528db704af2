"""Fixtures of the sandbox's own tests."""

from collections.abc import Iterator

import pytest

from tests.sandbox.buyer import Buyer
from tests.sandbox_process import Sandbox


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One process for all tests; each finds it empty."""
    found = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield found
    found.stop()


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, whose books are in order whatever was done to it."""
    yield running
    running.heal()
    running.ledger()
    running.reset()
    running.forget_requests()


@pytest.fixture
def buyer(sandbox: Sandbox) -> Buyer:
    return Buyer(sandbox)
