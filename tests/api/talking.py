"""Types of the two client fixtures and small answers for them."""

from collections.abc import Callable
from typing import Protocol

import httpx

from shop.api import Gomus
from tests.api.scripted import ScriptedServer, Step

Handler = Callable[[httpx.Request], httpx.Response]


class Serving(Protocol):
    def __call__(self, *steps: Step, **options: object) -> tuple[Gomus, ScriptedServer]: ...


class Answering(Protocol):
    def __call__(self, handler: Handler, **options: object) -> tuple[Gomus, list[httpx.Request]]: ...


def always(payload: object, status: int = 200) -> Handler:
    """Answer every request with this JSON."""
    return lambda _: httpx.Response(status, json=payload)


def params(request: httpx.Request) -> list[tuple[str, str]]:
    """The query of a request, in order."""
    return list(request.url.params.multi_items())
