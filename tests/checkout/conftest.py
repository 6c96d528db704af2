"""Fixtures of the checkout's tests: a real ticket system, its catalogue mirrored, and a visitor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client

from shop import gateway
from shop.options import Feature
from tests.checkout.given import mirror, mirror_programme
from tests.checkout.visitor import Visitor
from tests.sandbox_process import Sandbox


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox process for all tests of the checkout."""
    found = Sandbox(tmp_path_factory.mktemp("museum"))
    yield found
    found.stop()


@pytest.fixture
def sandbox(running: Sandbox, settings: LazySettings) -> Iterator[Sandbox]:
    """The ticket system, empty, and the shop pointed at it."""
    running.reset()
    running.forget_requests()
    settings.GOMUS_URL = running.base_url
    settings.AVAILABILITY_SECONDS = 0  # what the museum sells elsewhere is seen at once
    gateway.reset()
    yield running
    gateway.reset()


@pytest.fixture
def museum(sandbox: Sandbox, db: None) -> Sandbox:
    """The ticket system with its tickets in the mirror."""
    mirror()
    return sandbox


@pytest.fixture
def programme(museum: Sandbox, settings: LazySettings) -> Sandbox:
    """The ticket system with everything it sells in the mirror."""
    settings.FEATURES_ON = {Feature.COUPONS}
    mirror_programme()
    return museum


@pytest.fixture
def visitor(museum: Sandbox) -> Visitor:
    """Somebody with an empty basket."""
    return Visitor(Client())
