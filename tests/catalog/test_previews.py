"""How a page is announced: its one address, its languages, its words and picture; and which pages are not."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from catalog.models import Exhibition, Museum, Picture, Ticket
from tests.catalog import rows
from tests.catalog.test_pages import Page

pytestmark = pytest.mark.django_db

SHOP = "https://tickets.example.org"
PUBLIC = ["", "museums/", "museums/1/", "exhibitions/", "exhibitions/1/", "tickets/1/", "about/terms/"]
PUBLIC += ["tours/", "tours/1/"]


@pytest.fixture(autouse=True)
def _public(settings: LazySettings) -> None:
    settings.PUBLIC_URL = SHOP
    settings.GOMUS_URL = "http://127.0.0.1:9"


def fill() -> None:
    house = rows.museum(1, picture=rows.picture("house"))
    Picture.objects.update(alts={"en": "A house"})
    rows.ticket(1, museums=[house], exhibitions=[rows.exhibition(1, house)])
    rows.tour(1, house, bookable=True)


def page(client: Client, path: str) -> Page:
    return Page(client.get(path).content.decode())


def metas(found: Page) -> dict[str, str]:
    named = [(a.get("property") or a.get("name") or "", a.get("content") or "") for a in found.named("meta")]
    return dict(named)


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_page_has_one_address_in_each_language(client: Client, language: str, path: str) -> None:
    fill()
    links = page(client, f"/{language}/{path}?day=2030-01-01&q-1=2").named("link")
    assert [a["href"] for a in links if a.get("rel") == "canonical"] == [f"{SHOP}/{language}/{path}"]
    assert [(a["hreflang"], a["href"]) for a in links if a.get("rel") == "alternate"] == [
        ("de", f"{SHOP}/de/{path}"),
        ("en", f"{SHOP}/en/{path}"),
        ("x-default", f"{SHOP}/{path}"),
    ]


@pytest.mark.parametrize("path", PUBLIC)
def test_the_address_without_language_leads_to_the_one_the_browser_speaks(client: Client, path: str) -> None:
    fill()
    answer = client.get(f"/{path}", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/{path}")


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_told_in_a_few_words(client: Client, path: str) -> None:
    fill()
    told = metas(page(client, f"/en/{path}"))
    assert "robots" not in told
    assert told["description"]
    assert len(told["description"]) <= 160
    assert told["og:description"] == told["description"]
    assert told["og:url"] == f"{SHOP}/en/{path}"
    assert told["og:title"]
    assert told["og:site_name"] == "Vitrine"


@pytest.mark.parametrize("path", ["museums/1/", "exhibitions/1/", "tickets/1/"])
def test_the_picture_is_ours_with_its_size(client: Client, path: str) -> None:
    fill()
    told = metas(page(client, f"/en/{path}"))
    assert told["og:image"] == f"{SHOP}/media/pictures/house.jpeg"
    assert (told["og:image:width"], told["og:image:height"]) == ("1120", "840")
    assert told["og:image:alt"] == "A house"
    assert told["twitter:card"] == "summary_large_image"


def test_without_a_picture_the_card_is_small(client: Client) -> None:
    rows.museum(1, picture=rows.picture("house", fetched=False))
    told = metas(page(client, "/en/museums/1/"))
    assert told["twitter:card"] == "summary"
    assert "og:image" not in told


def test_words_come_from_the_mirror_without_markup(client: Client) -> None:
    fill()
    words = "<p>Clay &amp; <b>fire</b></p><p>" + "ab " * 99
    Exhibition.objects.update(teasers={}, descriptions={"en": words})
    told = metas(page(client, "/en/exhibitions/1/"))["description"]
    assert told.startswith("Clay & fire ab ab")
    assert told.endswith("ab…")


def test_a_ticket_without_words_is_told_by_what_it_admits_to(client: Client) -> None:
    fill()
    Exhibition.objects.update(teasers={"en": "Six centuries of clay."})
    own = metas(page(client, "/en/tickets/1/"))["description"]
    Ticket.objects.update(descriptions={})
    assert own != metas(page(client, "/en/tickets/1/"))["description"] == "Six centuries of clay."
    Exhibition.objects.update(teasers={}, descriptions={}, sub_titles={})
    Museum.objects.update(descriptions={}, sub_titles={"en": "Ceramics"})
    assert metas(page(client, "/en/tickets/1/"))["description"] == "Ceramics"


@pytest.mark.parametrize("path", ["basket/", "demo/mail/", "museums/99/", "nowhere/"])
def test_what_is_private_or_missing_is_not_to_be_found(client: Client, path: str) -> None:
    found = page(client, f"/en/{path}")
    assert metas(found)["robots"] == "noindex, nofollow"
    assert not [a for a in found.named("link") if a.get("rel") in ("canonical", "alternate")]
    assert "og:title" not in metas(found)
