"""Clients for the tests of the API library: over real sockets, over a function, with the running sandbox."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from shop.api import Gomus
from shop.api.records import Slot, Ticket
from tests.api.buying import slot_and_ticket
from tests.api.scripted import ScriptedServer, Step
from tests.api.talking import Answering, Serving
from tests.api.writers import PATIENT, Stage
from tests.sandbox_process import Sandbox, start_sandbox


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Build a client over a real socket to a server that plays the given steps."""
    with ExitStack() as stack:

        def build(*steps: Step, **options: object) -> tuple[Gomus, ScriptedServer]:
            server = stack.enter_context(ScriptedServer(*steps))
            gomus = Gomus(server.url, "secret-key", **options)  # type: ignore[arg-type]
            stack.callback(gomus.close)
            return gomus, server

        yield build


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Build a client whose requests are answered by a function; it notes what was asked."""
    with ExitStack() as stack:

        def build(
            handler: Callable[[httpx.Request], httpx.Response], **options: object
        ) -> tuple[Gomus, list[httpx.Request]]:
            asked: list[httpx.Request] = []

            def note(request: httpx.Request) -> httpx.Response:
                asked.append(request)
                return handler(request)

            options.setdefault("sleep", lambda _: None)
            gomus = Gomus("http://up.test", "secret-key", transport=httpx.MockTransport(note), **options)  # type: ignore[arg-type]
            stack.callback(gomus.close)
            return gomus, asked

        yield build


@pytest.fixture
def slept() -> list[float]:
    """The waits of `patient` clients."""
    return []


@pytest.fixture
def patient(serving: Serving, slept: list[float]) -> Serving:
    """Clients over real sockets that note their waits between tries instead of waiting."""

    def build(*steps: Step, **options: object) -> tuple[Gomus, ScriptedServer]:
        return serving(*steps, sleep=slept.append, **options)

    return build


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = start_sandbox(tmp_path_factory.mktemp("sandbox"))
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module")
def bought(running: Sandbox) -> tuple[Ticket, Slot]:
    """A ticket and a slot with room; the same after every reset."""
    gomus = Gomus(running.base_url, "sandbox-reseller")
    try:
        return slot_and_ticket(gomus)
    finally:
        gomus.close()


@pytest.fixture
def stage(running: Sandbox, bought: tuple[Ticket, Slot]) -> Iterator[Stage]:
    running.reset()
    gomus = Gomus(running.base_url, "sandbox-reseller", timeouts=PATIENT, sleep=lambda _: None)
    yield Stage(gomus, running, *bought)
    gomus.close()
    running.heal()
