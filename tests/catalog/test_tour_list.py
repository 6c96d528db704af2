"""The list of tours: filters with counts, pages, and a way out when nothing matches. The mirror alone is read."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Museum, Term
from catalog.tour_list import PAGE, TourSeek, read_tour_seek, tours_page
from tests.catalog import rows
from tests.catalog.test_pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_upstream(settings: LazySettings) -> None:
    settings.GOMUS_URL = "http://127.0.0.1:9"


@pytest.fixture
def terms() -> dict[str, Term]:
    kinds = {"categories": 1, "languages": 1, "age_groups": 1, "audiences": 1}
    found = {kind: rows.term(kind, number) for kind, number in kinds.items()}
    return found | {"english": rows.term("languages", 2, titles={"de": "Englisch", "en": "English"})}


@pytest.fixture
def houses(terms: dict[str, Term]) -> tuple[Museum, Museum]:
    """Two museums; the first has two tours, one of them in both languages."""
    one, two = rows.museum(1, titles={"en": "House of Vessels"}, city="Berlin"), rows.museum(2)
    clay = rows.tour(1, one, bookable=True, category=terms["categories"], titles={"en": "Clay by hand"})
    clay.tags.add(terms["languages"], terms["english"], terms["age_groups"])
    rows.tour(2, one, bookable=True).tags.add(terms["languages"])
    rows.tour(3, two, bookable=True).tags.add(terms["english"], terms["audiences"])
    rows.tour(4, two, bookable=False).tags.add(terms["english"])
    rows.retire(rows.tour(5, two, bookable=True))
    return one, two


def shown(seek: TourSeek) -> list[int]:
    return sorted(card.tour.pk for card in tours_page(seek).cards)


def counts(seek: TourSeek) -> dict[str, dict[int, int]]:
    page = tours_page(seek)
    return {facet.name: {number: count for number, _title, count in facet.options} for facet in page.facets}


@pytest.mark.usefixtures("houses")
class TestFilters:
    def test_all_that_can_be_booked(self) -> None:
        assert shown(TourSeek()) == [1, 2, 3]
        assert counts(TourSeek()) == {
            "museum": {1: 2, 2: 1},
            "category": {1: 1},
            "language": {1: 2, 2: 2},
            "age_group": {1: 1},
            "audience": {1: 1},
        }

    @pytest.mark.parametrize(
        ("seek", "found"),
        [
            (TourSeek(museum=1), [1, 2]),
            (TourSeek(language=2), [1, 3]),
            (TourSeek(museum=1, language=2), [1]),
            (TourSeek(category=1), [1]),
            (TourSeek(age_group=1), [1]),
            (TourSeek(audience=1), [3]),
            (TourSeek(museum=99), []),
            (TourSeek(text="vesels"), [1, 2]),  # typed by hand
            (TourSeek(text="berlin clay"), [1]),
            (TourSeek(text="nowhere"), []),
        ],
    )
    def test_each_narrows_and_all_together(self, seek: TourSeek, found: list[int]) -> None:
        assert shown(seek) == found

    def test_counts_are_those_beside_the_other_filters(self) -> None:
        found = counts(TourSeek(museum=2, text="tour"))
        assert found["museum"] == {1: 1, 2: 1}, "of the museums themselves what the words leave"
        assert found["language"] == {2: 1}

    def test_where_nothing_matches_a_filter_less_is_offered(self, client: Client) -> None:
        text = client.get("/en/tours/?museum=2&language=1").content.decode()
        assert "No tour matches" in text
        assert "Without “Museum”: 2 tours" in text
        assert "Without “Language”: 1 tour<" in text
        assert 'href="/en/tours/?language=1"' in text

    def test_the_page_keeps_what_was_chosen(self, client: Client) -> None:
        page = Page(client.get("/de/tours/?language=2&q=Tour").content.decode())
        assert [a["value"] for a in page.named("option") if "selected" in a] == ["2"]
        assert "Tour" in [a.get("value") for a in page.named("input") if a.get("name") == "q"]

    def test_htmx_gets_the_part(self, client: Client) -> None:
        part = client.get("/en/tours/", headers={"HX-Request": "true"})
        assert b"<html" not in part.content
        assert b"Clay by hand" in part.content
        assert "HX-Request" in part.headers["Vary"]

    def test_museums_lead_to_their_tours_and_home_to_all(self, client: Client) -> None:
        links = [a.get("href") for a in Page(client.get("/en/museums/1/").content.decode()).named("a")]
        assert {"/en/tours/1/", "/en/tours/2/"} <= set(links)
        assert "/en/tours/3/" not in links
        home = Page(client.get("/en/").content.decode())
        assert "/en/tours/" in [a.get("href") for a in home.named("a")]


def test_pages_are_turned_and_the_last_one_ends(client: Client) -> None:
    house = rows.museum(1)
    for number in range(1, PAGE + 2):
        rows.tour(number, house, bookable=True)
    first, last = tours_page(TourSeek()), tours_page(TourSeek(page=99))
    assert (len(first.cards), len(last.cards), last.seek.page, last.pages) == (PAGE, 1, 2, 2)
    assert 'href="/en/tours/?museum=1&amp;page=2"' in client.get("/en/tours/?museum=1").content.decode()


def test_queries_are_few_and_do_not_grow(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get("/en/tours/?q=tour").status_code == 200
        return len(made)

    term = rows.term("languages", 1)
    for number in range(1, 4):
        rows.tour(number, rows.museum(number, picture=None), bookable=True).tags.add(term)
    few = queries()
    for number in range(4, 60):
        rows.tour(number, rows.museum(number), bookable=True, picture=rows.picture(f"p{number}")).tags.add(
            term
        )
    assert few <= 6
    assert queries() <= 6


def test_an_empty_mirror_says_so(client: Client) -> None:
    assert "No guided tours can be booked at the moment." in client.get("/en/tours/").content.decode()


@pytest.mark.parametrize("text", ["-1", "x", "9" * 30, "１", "\0", "<b>"])
def test_nonsense_is_read_as_nothing(client: Client, text: str) -> None:
    assert read_tour_seek({"museum": text, "page": text}) == TourSeek()
    answer = client.get("/en/tours/", {"museum": text, "language": text, "q": text, "page": text})
    assert answer.status_code == 200
    assert b"<b>" not in answer.content
