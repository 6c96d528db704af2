"""A browser for the session, and visits that must go without trouble."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.browser import Visit, launch, visiting
from tests.stack import Stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, stack: Stack) -> Iterator[Callable[..., Visit]]:
    """Open a visitor's window: `visit(name="...", script=False, phone=True, language="de")`."""
    with ExitStack() as open_windows:
        yield lambda **how: open_windows.enter_context(visiting(browser, stack.base_url, **how))


@pytest.fixture
def operator(stack: Stack) -> Iterator[httpx.Client]:
    """The operator's side of the sandbox behind the shop; its rehearsed trouble ends with the test."""
    with httpx.Client(base_url=f"{stack.sandbox_url}/_sandbox") as client:
        yield client
        client.delete("/faults")
        client.post("/switches", json={"maintenance": "off", "latency_ms": 0, "draft_ttl_s": 1800})
