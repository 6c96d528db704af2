"""A ticket system that takes its time: pages do not wait for it, say so, and have the places as soon as it answers."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Gate

import pytest
from django.conf import LazySettings
from django.test import Client

from catalog.sync import sync_catalog
from shop import gateway
from tests.catalog.programme_world import programme_world
from tests.catalog.upstream import Answer, Upstream, serve
from tests.waiting import until

pytestmark = pytest.mark.django_db

ASKING = "We are asking for the free places."
IN_VAIN = "We cannot see the free places at the moment."
PAGES = [
    "tickets/1/",
    "tickets/90/",
    "events/501/",
    "events/501/?date=1",
    "tours/601/?people=5&language=1&age_group=1",
    "find/",
    "museums/5/days/",
    "exhibitions/7/days/",
]


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Closed, it keeps every answer back; opened at the end, for whoever still waits."""
    found = Gate()
    found.set()
    yield found
    found.set()


@pytest.fixture
def upstream(settings: LazySettings, gate: Gate) -> Iterator[Upstream]:
    world = programme_world()
    with serve(world) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        sync_catalog()
        found.asked.clear()

        def keep_back(_path: str) -> Answer | None:
            assert gate.wait(60)
            return None

        found.broken = keep_back
        yield found
        gate.set()
        gateway.reset()


def visit(client: Client, path: str) -> str:
    answer = client.get(f"/en/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_there_before_the_answer_and_knows_it_afterwards(
    client: Client, upstream: Upstream, gate: Gate, settings: LazySettings, path: str
) -> None:
    settings.PAGE_WAIT_MS = 1
    gate.clear()
    page = visit(client, path)  # comes, though upstream answers nobody
    assert ASKING in page
    assert IN_VAIN not in page
    assert "Add to basket" not in page
    assert page.count("data-asks-again") == 1
    assert f'<a class="btn" href="/en/{path.replace("&", "&amp;")}">Look again</a>' in page
    gate.set()
    settings.PAGE_WAIT_MS = 10_000
    assert ASKING not in visit(client, path)


def test_who_looks_again_asks_nothing_twice(
    client: Client, upstream: Upstream, gate: Gate, settings: LazySettings
) -> None:
    settings.PAGE_WAIT_MS = 1
    gate.clear()
    for _ in range(5):
        assert ASKING in visit(client, "tickets/1/")
    until(lambda: bool(upstream.asked), what="the one question upstream")
    assert len(upstream.asked) == 1


def test_htmx_gets_the_part_that_asks_again(
    client: Client, upstream: Upstream, gate: Gate, settings: LazySettings
) -> None:
    settings.PAGE_WAIT_MS = 1
    gate.clear()
    part = client.get("/en/tickets/1/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'hx-get="/en/tickets/1/" hx-trigger="load delay:1s"' in part


def test_an_upstream_that_fails_is_not_called_slow(client: Client, upstream: Upstream) -> None:
    upstream.broken = lambda _path: (503, "")
    page = visit(client, "tickets/1/")
    assert IN_VAIN in page
    assert "data-asks-again" not in page
