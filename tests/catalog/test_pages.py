"""The pages to browse, as a browser gets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Museum
from shop import gateway
from shop.dates import today
from shop.options import Feature
from tests.catalog import rows
from tests.environment import ROOT

pytestmark = pytest.mark.django_db
NOBODY = "http://127.0.0.1:9"  # nothing listens there: any call upstream fails at once
DAY = f"day/{today() + timedelta(days=30)}/"
MIRROR_PAGES = [
    *("", "museums/", "museums/1/", "exhibitions/", "exhibitions/1/", "exhibitions/?day=2030-01-01"),
    *(DAY, "tickets/100001/", "vouchers/"),  # an annual ticket
]
MIRROR_PAGES += ["events/"]
MIRROR_PAGES += ["tours/", "tours/1/"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture(autouse=True)
def _no_upstream(settings: LazySettings) -> Iterator[None]:
    settings.GOMUS_URL = NOBODY
    settings.FEATURES_ON = frozenset({Feature.COUPONS})
    gateway.reset()
    yield
    gateway.reset()


def fill(count: int) -> None:
    """A catalogue with so many exhibitions and tickets, in houses of twenty each."""
    for number in range(1, count + 1):
        house = Museum.objects.filter(pk=1 + number // 20).first() or rows.museum(
            1 + number // 20, picture=rows.picture(f"house{number}")
        )
        show = rows.exhibition(number, house)
        rows.ticket(number, museums=[house], exhibitions=[show], quota_ids=[number])
        event = rows.event(number, house, picture=house.picture, exhibition=show)
        rows.event_date(number, event, timezone.now() + timedelta(days=number))
        rows.tour(number, house, bookable=True)
    rows.ticket(100_001, museums=[Museum.objects.get(pk=1)], ticket_type="annual", quota_ids=[])


class Page(HTMLParser):
    """What matters of a page: tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", MIRROR_PAGES)
def test_pages_of_the_mirror_need_no_ticket_system(client: Client, language: str, path: str) -> None:
    fill(3)
    answer = client.get(f"/{language}/{path}")
    assert answer.status_code == 200
    assert gateway.upstream_state().ok, "nobody was even asked"
    assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.parametrize(
    "path", [*MIRROR_PAGES, "find/", "tickets/1/", "events/1/?date=1", "about/terms/", "nowhere/"]
)
def test_every_page_is_strict_about_what_it_loads(client: Client, path: str) -> None:
    fill(1)
    answer = client.get(f"/en/{path}")
    assert sorted(answer.headers["Content-Security-Policy"].split("; ")) == sorted(POLICY.split("; "))
    page = Page(answer.content.decode())
    assert not [a for _tag, a in page.tags if "style" in a or any(name.startswith("on") for name in a)]
    assert not page.named("style"), "no inline style sheet"
    scripts = [a for a in page.named("script") if a.get("type") != "application/ld+json"]  # that is data
    assert all(a.get("src") for a in scripts), "no inline script"
    loaded = [a.get("src") or "" for a in (*scripts, *page.named("img", "iframe"))]
    loaded += [a.get("href") or "" for a in page.named("link") if a.get("rel") in ("stylesheet", "icon")]
    assert all(address.startswith("/") for address in loaded), "nothing from anybody else"


def test_no_template_has_inline_scripts_or_styles() -> None:
    inline = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
    pages = Path(ROOT / "templates").rglob("*.html")
    files = [path for path in pages if path.parent.name != "mail"]  # mail programs know nothing else
    assert len(files) > 30
    assert [str(path) for path in files if inline.search(path.read_text())] == []


@pytest.mark.parametrize("path", [*MIRROR_PAGES, "find/", "tickets/1/", "events/1/"])
def test_pages_have_one_heading_of_the_first_order_and_say_what_pictures_show(
    client: Client, path: str
) -> None:
    fill(2)
    page = Page(client.get(f"/en/{path}").content.decode())
    assert len(page.named("h1")) == 1
    assert all("alt" in a and a.get("width") and a.get("height") for a in page.named("img"))


def test_the_language_switch_stays_on_the_page(client: Client) -> None:
    fill(1)
    page = Page(client.get("/en/exhibitions/?day=2030-01-01").content.decode())
    assert [a["href"] for a in page.named("a") if a.get("hreflang") == "de"] == [
        "/de/exhibitions/?day=2030-01-01"
    ]


@pytest.mark.parametrize(
    "path",
    [
        "museums/99/",
        "exhibitions/99/",
        "tickets/99/",
        "tickets/99999999999999999999/",
        "events/99/",
        "tours/99/",
    ],
)
def test_what_is_not_there_is_not_found_in_the_shop_s_own_words(client: Client, path: str) -> None:
    answer = client.get(f"/en/{path}")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.parametrize("path", [*MIRROR_PAGES, "find/", "tickets/1/", "about/terms/"])
def test_every_page_leads_to_the_search(client: Client, path: str) -> None:
    fill(1)
    page = Page(client.get(f"/en/{path}").content.decode())
    assert "/en/find/" in [a.get("href") for a in page.named("a")]


@pytest.mark.parametrize("path", ["", "exhibitions/", "find/"])
def test_the_finder_keeps_what_was_asked_and_offers_the_days_people_want(client: Client, path: str) -> None:
    fill(1)
    page = Page(client.get(f"/en/{path}?adults=1&children=3&part=evening").content.decode())
    fields = {a.get("name"): a.get("value") for a in page.named("input")}
    assert (fields["adults"], fields["reduced"], fields["children"]) == ("1", "0", "3")
    assert [a["value"] for a in page.named("option") if "selected" in a] == ["evening"]
    days = [a["value"] for a in page.named("button") if a.get("name") == "day"]
    assert days[:2] == [str(today()), str(today() + timedelta(days=1))]
    assert date.fromisoformat(str(days[2])).weekday() in {5, 6}


def test_an_empty_mirror_says_so(client: Client) -> None:
    assert "being fetched" in client.get("/en/").content.decode()


def test_a_ticket_page_without_ticket_system_says_why_and_keeps_the_rest(client: Client) -> None:
    fill(1)
    text = client.get("/en/tickets/1/").content.decode()
    assert "We cannot see the free places at the moment." in text
    assert "Ticket 1 en" in text
    assert 'action="/en/basket/add/"' in text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    query=st.dictionaries(
        st.sampled_from(
            ["day", "month", "time", "q-1", "page", "anchor", "instead", "part", "adults", "museum", "q"]
        ),
        st.one_of(
            st.text(max_size=30), st.sampled_from(["2026-13-45", "0000-00", "9" * 40, "<b>", "2030-01-01"])
        ),
    )
)
def test_no_query_breaks_a_page(client: Client, query: dict[str, str]) -> None:
    if not Museum.objects.exists():
        fill(1)
    for path in ("tickets/1/", "exhibitions/", "find/", "basket/quote/"):
        answer = client.get(f"/en/{path}", query)
        assert answer.status_code == 200
        assert b"<b>" not in answer.content


def test_htmx_gets_the_part_and_a_browser_the_page(client: Client) -> None:
    fill(1)
    part = client.get("/en/tickets/1/", headers={"HX-Request": "true"})
    whole = client.get("/en/tickets/1/")
    assert b"<html" not in part.content
    assert b"<html" in whole.content
    assert "HX-Request" in part.headers["Vary"]
    assert "HX-Request" in whole.headers["Vary"]


class TestMedia:
    def test_a_picture_is_served_for_ever(
        self, client: Client, settings: LazySettings, tmp_path: Path
    ) -> None:
        settings.MEDIA_ROOT = tmp_path
        (tmp_path / "pictures").mkdir()
        (tmp_path / "pictures/abc-560.webp").write_bytes(b"picture")
        answer = client.get("/media/pictures/abc-560.webp")
        assert b"".join(answer) == b"picture"
        assert answer.headers["Content-Type"] == "image/webp"
        assert "immutable" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize(
        "name", ["../secret.webp", "pictures/../../x.webp", "/etc/passwd", "x.html", "none.webp", "a%00.webp"]
    )
    def test_nothing_else_is(self, client: Client, settings: LazySettings, tmp_path: Path, name: str) -> None:
        settings.MEDIA_ROOT = tmp_path / "media"
        (tmp_path / "secret.webp").write_bytes(b"secret")
        assert client.get(f"/media/{name}").status_code == 404


def test_the_shop_without_a_cache_still_shows_its_pages(client: Client, settings: LazySettings) -> None:
    fill(1)
    dead = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": dead}
    assert client.get("/en/").status_code == 200
    assert client.get("/en/tickets/1/").status_code == 200
    cache.close()
