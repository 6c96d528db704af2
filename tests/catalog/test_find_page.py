"""The page of a search, against a whole ticket system: exact prices, links that have chosen already, few calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.finding import Findings, find
from catalog.looking import Finding
from catalog.models import Museum
from catalog.party import Party
from catalog.seeking import Seek
from catalog.sync import sync_catalog
from catalog.templatetags.visits import visit_url
from shop import gateway
from shop.dates import today
from tests.catalog import rows
from tests.sandbox_process import Sandbox, start_sandbox

pytestmark = pytest.mark.django_db

ON = today() + timedelta(days=3)
PARTY = Party(2, 0, 1)
ASKED = {"day": str(ON), "adults": "2", "children": "1"}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    found = start_sandbox(tmp_path_factory.mktemp("sandbox"))
    yield found
    found.stop()


@pytest.fixture
def sandbox(started: Sandbox, settings: LazySettings) -> Iterator[Sandbox]:
    started.reset()
    settings.GOMUS_URL = started.base_url
    gateway.reset()
    sync_catalog()
    started.forget_requests()
    yield started
    gateway.reset()


def page(client: Client, **query: str) -> str:
    answer = client.get("/en/find/", query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_every_free_visit_costs_in_the_basket_what_the_search_says(sandbox: Sandbox, client: Client) -> None:
    found = find(Seek(ON, PARTY))
    free = [finding for finding in tickets_in(found) if finding.takes_party]
    assert len(free) >= 8
    for finding in free:
        link = visit_url(finding, Seek(ON, PARTY))
        query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        quote = client.get("/en/basket/quote/", query | {"anchor": str(finding.family[0].pk)})
        assert quote.context["quote"].problems == (), link
        assert quote.context["quote"].total_cents == finding.cents, link


def test_the_link_opens_the_ticket_page_with_everything_chosen(sandbox: Sandbox, client: Client) -> None:
    html = page(client, **ASKED)
    link = next(href for href in re.findall(r'href="([^"]+)"', html) if "time=" in href)
    choice = client.get(link).context["choice"]
    assert (choice.day, choice.full_for_party) == (ON, False)
    assert choice.slot is not None
    assert sum(kind.chosen for kind in choice.kinds) == 3


def test_one_search_makes_two_calls_and_the_next_ones_none(sandbox: Sandbox, client: Client) -> None:
    page(client, **ASKED)
    counts = {route: count for route, count in sandbox.counts().items() if count}
    assert sum(counts.values()) == 2, counts
    page(client, **ASKED, q="wal", part="morning")
    page(client, **(ASKED | {"adults": "4"}))
    assert sum(sandbox.counts().values()) == 2


def test_no_search_engine_is_to_try_every_day_and_party(sandbox: Sandbox, client: Client) -> None:
    assert page(client, **ASKED).count('<meta name="robots" content="noindex, nofollow">') == 1


def test_a_party_too_large_is_shown_ways_out_and_never_an_empty_page(
    sandbox: Sandbox, client: Client
) -> None:
    html = page(client, day=str(ON), adults="99", kind="ticket")
    assert "No visit on that day takes 99 adults together." in html
    assert "Days with free places:" in html
    assert "There is room for:" in html
    assert html.count('class="house"') >= 6


def test_words_nothing_has_are_answered_with_a_way_back(sandbox: Sandbox, client: Client) -> None:
    html = page(client, **ASKED, q="<dinosaurier>")
    assert "No visit is called “<dinosaurier>”" in html
    assert f'href="/en/find/?day={ON}&adults=2&children=1"' in html


def test_a_museum_is_named_with_the_number_of_its_visits(sandbox: Sandbox, client: Client) -> None:
    museum = Museum.objects.get(pk=4)
    named = re.search(rf"{museum.titles['en']} \((\d+)\)", page(client, **ASKED))
    html = page(client, **ASKED, museum="4")
    assert named is not None
    assert int(named[1]) == html.count('<div class="line">') > 3
    assert html.count('class="house"') == 1


def test_while_the_ticket_system_is_down_places_are_not_known(sandbox: Sandbox, client: Client) -> None:
    sandbox.switch(maintenance="html")
    html = page(client, **ASKED)
    assert "Places are not known just now" in html
    assert "visits take all of you" not in html
    assert html.count("places not known just now") >= 8
    assert re.search(rf"/en/tickets/311/\?day={ON}&q-311=2&q-313=1#day", html)


def test_stale_places_are_shown_with_their_age(
    sandbox: Sandbox, client: Client, settings: LazySettings
) -> None:
    settings.AVAILABILITY_SECONDS = 0
    page(client, **ASKED)
    sandbox.switch(maintenance="html")
    html = page(client, **ASKED)
    assert re.search(r"Places as of \d+ seconds? ago", html)
    assert "visits take all of you" in html


def test_a_sold_out_time_is_passed_over(sandbox: Sandbox, client: Client, settings: LazySettings) -> None:
    settings.AVAILABILITY_SECONDS = 0
    seek = Seek(ON, PARTY, text="Erde")
    before = of_ticket(311, seek)
    assert before.slot is not None
    sandbox.set_left(311, before.slot.key, 2)
    after = of_ticket(311, seek)
    assert after.slot is not None
    assert after.slot.at > before.slot.at


def of_ticket(pk: int, seek: Seek) -> Finding:
    return next(one for one in tickets_in(find(seek)) if one.family[0].pk == pk)


def tickets_in(found: Findings) -> list[Finding]:
    return [one for _museum, own in found.houses for one in own if isinstance(one, Finding)]


def test_the_number_of_queries_is_small_and_does_not_grow(client: Client, settings: LazySettings) -> None:
    settings.GOMUS_URL = "http://127.0.0.1:9"
    gateway.reset()
    house = rows.museum(1)
    for number in range(1, 6):
        rows.ticket(number, museums=[house], exhibitions=[rows.exhibition(number, house)], quota_ids=[number])
    few = queries(client)
    for number in range(6, 501):
        rows.ticket(number, museums=[house], exhibitions=[rows.exhibition(number, house)], quota_ids=[number])
    assert queries(client) == few <= 12  # of the first search of an edition; later ones ask nothing
    assert queries(client) == 0
    gateway.reset()


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as made:
        page(client, **ASKED, q="ticket")
    return len(made)
