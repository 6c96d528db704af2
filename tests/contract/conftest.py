"""A sandbox whose every answer is judged."""

from collections.abc import Iterator

import pytest

from tests.contract.witness import Witness
from tests.sandbox_process import Sandbox


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    found = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield found
    found.stop()


@pytest.fixture(scope="session")
def witness(running: Sandbox) -> Iterator[Witness]:
    """One witness for all tests that only look."""
    found = Witness(running)
    yield found
    found.http.close()


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """The sandbox to do things to; afterwards it is as new."""
    yield running
    running.heal()
    running.reset()


@pytest.fixture
def own(sandbox: Sandbox) -> Iterator[Witness]:
    """A witness who has seen nothing yet."""
    found = Witness(sandbox)
    yield found
    found.http.close()
