"""The ticket system in trouble of every kind: pages stay, say so, and nobody waits for it again and again."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client

from catalog.models import Ticket
from catalog.sync import sync_catalog
from shop import gateway
from tests.sandbox_process import Sandbox, start_sandbox

pytestmark = pytest.mark.django_db
KEPT = ["", "museums/", "exhibitions/"]
VIEWS = 8


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    found = start_sandbox(tmp_path_factory.mktemp("sandbox"))
    yield found
    found.stop()


@pytest.fixture
def sandbox(started: Sandbox, settings: LazySettings) -> Iterator[Sandbox]:
    started.reset()
    settings.GOMUS_URL = started.base_url
    settings.AVAILABILITY_SECONDS = 0  # every view would like to ask
    gateway.reset()
    sync_catalog()
    yield started
    started.heal()
    gateway.reset()


@pytest.mark.parametrize("kind", ["drop_before", "status_503", "html_200", "status_429"])
def test_however_many_come_few_calls_are_made_and_every_page_is_honest(
    sandbox: Sandbox, client: Client, kind: str
) -> None:
    sandbox.fault("*", kind, times=None, seconds=30)
    sandbox.forget_requests()
    begun = time.monotonic()
    for path in KEPT:
        assert client.get(f"/en/{path}").status_code == 200
    assert sum(sandbox.counts().values()) == 0
    tickets = Ticket.objects.sellable()[:VIEWS]
    for ticket in tickets:
        page = client.get(f"/en/tickets/{ticket.pk}/").content.decode()
        assert "We cannot see the free places at the moment." in page
        assert "buying is paused" in client.get("/en/").content.decode()
        found = client.get("/en/find/").content.decode()
        assert "Places are not known just now" in found
    probes = 1 + int((time.monotonic() - begun) / gateway.PROBE_SECONDS)
    assert sum(sandbox.counts().values()) <= gateway.FAILURES_TO_CLOSE + probes < VIEWS


def test_when_it_is_back_so_are_the_places(sandbox: Sandbox, client: Client) -> None:
    path = f"/en/tickets/{Ticket.objects.sellable()[0].pk}/"
    sandbox.fault("*", "html_200", times=1)
    assert "We cannot see the free places" in client.get(path).content.decode()
    gateway.reset()
    client.get("/en/find/")
    other = f"/en/tickets/{Ticket.objects.sellable().order_by('-pk')[0].pk}/"
    assert "We cannot see the free places" not in client.get(other).content.decode()
    assert "buying is paused" not in client.get("/en/").content.decode()
