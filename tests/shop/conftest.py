"""An upstream for the tests of the gateway."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django.fixtures import Settings

from shop import gateway
from tests.api.scripted import ScriptedServer, Step
from tests.shop.asking import Upstream


@pytest.fixture
def upstream(settings: Settings) -> Iterator[Upstream]:
    """Point the settings at a server that plays the given steps; nothing is known about it."""
    with ExitStack() as stack:

        def build(*steps: Step) -> ScriptedServer:
            server = stack.enter_context(ScriptedServer(*steps))
            settings.GOMUS_URL = server.url
            # The client goes first, so that the server is not left with its connections.
            stack.callback(gateway.reset)
            return server

        yield build
