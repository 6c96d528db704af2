"""Processes that die at a chosen moment: a real fork, a real SIGKILL, before any one thing they would do."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
from django.conf import settings
from django.db import connection, connections

from shop import gateway
from shop.api import Gomus

FINISHED = 0
FAILED = 70


class Fate:
    """Counts what a process does and kills it before deed number `last`."""

    def __init__(self, last: int, tell: int) -> None:
        self._left = last
        self._tell = tell

    def meet(self, deed: str) -> None:
        """Survive this deed, or die before it and leave word which one it was."""
        if self._left == 0:
            os.write(self._tell, deed.encode()[:200])
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1

    def statement(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Wrap every statement of the database."""
        self.meet(sql)
        return execute(sql, *rest)


class MortalTransport(httpx.BaseTransport):
    """The way to the museum of somebody who may die before asking and before hearing the answer."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate
        self._way = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._fate.meet(f"ask {request.method}")
        answer = self._way.handle_request(request)
        answer.read()
        self._fate.meet(f"hear {request.method}")
        return answer


def live_and_die(last: int, life: Callable[[], None]) -> str | None:
    """Run `life` in a process that dies before deed number `last`; return that deed, None if it lived on."""
    connections.close_all()
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _live(Fate(last, tell), life)
    os.close(tell)
    _, status = os.waitpid(child, 0)
    with os.fdopen(hear) as words:
        deed = words.read()
    if os.WIFSIGNALED(status):
        return deed
    assert os.WEXITSTATUS(status) == FINISHED, "the process failed by itself"
    return None


def _live(fate: Fate, life: Callable[[], None]) -> None:
    """Never returns: whatever happens, this process must not go on with the tests of its parent."""
    code = FAILED
    try:
        with _mortal(fate):
            life()
        code = FINISHED
    finally:
        os._exit(code)


@contextmanager
def _mortal(fate: Fate) -> Iterator[None]:
    client = Gomus(
        settings.GOMUS_URL, settings.GOMUS_TOKEN, transport=MortalTransport(fate), sleep=lambda _: None
    )
    gateway.client = lambda: client
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(fate.statement))
        yield
