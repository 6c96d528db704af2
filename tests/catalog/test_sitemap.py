"""The map for search engines: every page that is shown, in every language, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog import curating
from catalog.models import Event, Museum
from shop.dates import today
from tests.catalog import rows

pytestmark = pytest.mark.django_db

SHOP = "https://tickets.example.org"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _public(settings: LazySettings) -> None:
    settings.PUBLIC_URL = SHOP


def entries(client: Client) -> dict[str, ElementTree.Element]:
    answer = client.get("/sitemap.xml")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/xml"
    found = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    return {entry.findtext("s:loc", "", NAMES): entry for entry in found.findall("s:url", NAMES)}


def paths(client: Client) -> set[str]:
    """The German pages listed, without the legal ones."""
    found = {address.removeprefix(f"{SHOP}/de/") for address in entries(client) if "/de/" in address}
    return {path for path in found if not path.startswith("about/")}


def test_what_is_shown_is_listed_and_what_has_gone_is_not(client: Client) -> None:
    house = rows.museum(1)
    rows.retire(rows.museum(2))
    shown = rows.exhibition(1, house)
    rows.retire(rows.exhibition(2, house))
    rows.exhibition(3, house, first=today() - 9 * DAY, last=today() - DAY)
    rows.exhibition(4, house, first=today() + DAY, last=today() + 9 * DAY)
    rows.ticket(1, exhibitions=[shown])
    rows.ticket(2, bookable=False)
    rows.ticket(3, ticket_type="annual")
    rows.retire(rows.ticket(4))
    rows.ticket(5, sub_ticket_ids=[6])
    rows.ticket(6, is_sub_ticket=True)
    rows.ticket(7, is_mantle=True)
    for pk, days in ((1, 1), (1, 2), (2, -1)):
        event = Event.objects.filter(pk=pk).first() or rows.event(pk, house)
        rows.event_date(10 * pk + days, event, timezone.now() + days * DAY)
    rows.event(3, house)
    rows.tour(1, bookable=True)
    rows.tour(2, bookable=False)
    rows.retire(rows.tour(3, bookable=True))
    assert paths(client) == {
        "",
        "museums/",
        "exhibitions/",
        "events/",
        "museums/1/",
        "exhibitions/1/",
        "exhibitions/4/",
        "tickets/1/",
        "tickets/3/",
        "tickets/5/",
        "events/1/",
        "tours/",
        "tours/1/",
    }


def test_every_page_is_listed_in_every_language_with_the_others_beside_it(client: Client) -> None:
    rows.museum(1)
    found = entries(client)
    for language in ("de", "en"):
        links = found[f"{SHOP}/{language}/museums/1/"].findall("x:link", NAMES)
        assert [(link.get("hreflang"), link.get("href")) for link in links] == [
            ("de", f"{SHOP}/de/museums/1/"),
            ("en", f"{SHOP}/en/museums/1/"),
            ("x-default", f"{SHOP}/museums/1/"),
        ]


def test_the_day_of_the_last_change_is_told(client: Client) -> None:
    rows.museum(1)
    Museum.objects.update(updated_at=timezone.now() - 40 * DAY)
    entry = entries(client)[f"{SHOP}/en/museums/1/"]
    assert entry.findtext("s:lastmod", "", NAMES) == f"{today() - 40 * DAY}"


def test_legal_pages_are_listed(client: Client) -> None:
    assert f"{SHOP}/en/about/imprint/" in entries(client)


def test_what_is_listed_answers(client: Client, settings: LazySettings) -> None:
    settings.GOMUS_URL = "http://127.0.0.1:9"
    house = rows.museum(1)
    rows.ticket(1, museums=[house], exhibitions=[rows.exhibition(1, house)])
    rows.event_date(1, rows.event(1, house), timezone.now() + DAY)
    rows.tour(1, house, bookable=True)
    for address in entries(client):
        answer = client.get(address.removeprefix(SHOP))
        assert answer.status_code == 200
        assert f'rel="canonical" href="{address}"' in answer.content.decode()


def test_queries_do_not_grow_with_the_catalogue(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for size in (1, 60):
        for pk in range(size, 2 * size):
            rows.ticket(pk, museums=[rows.museum(pk)], exhibitions=[rows.exhibition(pk)])
            rows.event_date(pk, rows.event(pk), timezone.now() + DAY)
            rows.tour(pk, bookable=True)
        with django_assert_num_queries(10):
            entries(client)


def test_it_is_made_once_for_each_state_of_the_mirror(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows.museum(1)
    card = rows.ticket(1)
    first = entries(client).keys()
    with django_assert_num_queries(5):
        assert entries(client).keys() == first
    rows.museum(2)
    assert len(entries(client)) == len(first) + 2
    curating.curate(card, own={}, hidden=True)
    assert len(entries(client)) == len(first)
    Museum.objects.filter(pk=1).update(updated_at=timezone.now() - 40 * DAY)
    rows.retire(Museum.objects.get(pk=2))
    assert len(entries(client)) == len(first) - 2


class TestRobots:
    def test_they_are_shown_the_map_and_kept_from_baskets(
        self, client: Client, settings: LazySettings
    ) -> None:
        settings.DEMO = False
        lines = client.get("/robots.txt").content.decode().splitlines()
        assert f"Sitemap: {SHOP}/sitemap.xml" in lines
        assert "Disallow: /en/basket/" in lines
        assert "Disallow: /" not in lines

    def test_a_demo_is_not_to_be_found(self, client: Client, settings: LazySettings) -> None:
        settings.DEMO = True
        assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"
