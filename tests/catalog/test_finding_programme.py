"""Events and tours among what a search finds, and what it can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.finding import Findings, find
from catalog.looking import Fit
from catalog.party import Party
from catalog.programme_looks import Programme
from catalog.seeking import Seek
from shop import edition, gateway
from shop.dates import today
from tests.catalog import rows

pytestmark = pytest.mark.django_db
ON = today() + timedelta(days=3)
SEEK = Seek(ON, Party(2, 0, 1))


def at(hour: int, days: int = 0) -> datetime:
    return datetime.combine(ON + timedelta(days=days), time(hour), timezone.get_current_timezone())


@pytest.fixture(autouse=True)
def _programme(settings: LazySettings) -> Iterator[None]:
    """A house with a ticket without quota, two events and a tour, and words they are chosen by."""
    settings.GOMUS_URL = "http://127.0.0.1:9"  # nobody
    gateway.reset()
    house = rows.museum(5, titles={"de": "Haus der Töne"})
    rows.ticket(1, museums=[house], quota_ids=[], titles={"de": "Rundgang"}, visitor_kind="other")
    german, english = (
        rows.term("languages", n, titles={"de": t}) for n, t in ((1, "Deutsch"), (2, "Englisch"))
    )
    concert = rows.term("categories", 1, titles={"de": "Konzert"})
    families = rows.term("audiences", 1, titles={"de": "Familien"})
    first = rows.event(501, house, category=concert, titles={"de": "Nachtmusik"})
    rows.event_date(1, first, at(19), language=german, price_from=1200, seats_per_order=6)
    rows.event_date(2, first, at(20, days=7), language=english, price_from=1200)
    second = rows.event(502, house, titles={"de": "Werkstatt"})
    rows.event_date(3, second, at(10, days=2), price_from=500)
    second.tags.add(families)
    guide = rows.tour(601, house, titles={"de": "Mit uns durchs Haus"}, max_participants=15)
    guide.tags.add(english, families)
    yield
    gateway.reset()


def programme(found: Findings) -> dict[str, Programme]:
    return {one.title: one for _museum, own in found.houses for one in own if isinstance(one, Programme)}


def counts(found: Findings, name: str) -> dict[str, int]:
    return {str(c.title): c.number for one in found.filters if one.name == name for c in one.choices}


def test_an_event_of_the_day_is_found_with_its_time_and_the_least_the_party_pays() -> None:
    found = programme(find(SEEK))
    assert set(found) == {"Nachtmusik", "Mit uns durchs Haus"}
    event = found["Nachtmusik"]
    assert (event.fit, event.at, event.cents) == (Fit.ON_ITS_PAGE, at(19), 3 * 1200)
    assert found["Mit uns durchs Haus"].cents is None


def test_what_is_looked_for_by_name_is_found_on_its_next_day() -> None:
    [event] = programme(find(replace(SEEK, text="werkstat"))).values()
    assert (event.fit, event.at) == (Fit.OTHER_DAY, at(10, days=2))


def test_other_parts_of_the_day_and_parties_too_large_are_told_apart() -> None:
    assert "Nachtmusik" not in programme(find(replace(SEEK, part="morning")))
    assert programme(find(replace(SEEK, party=Party(7))))["Nachtmusik"].fit is Fit.FULL
    assert programme(find(replace(SEEK, party=Party(16))))["Mit uns durchs Haus"].fit is Fit.FULL


def test_what_has_begun_or_is_gone_is_not_found() -> None:
    now = Seek(today(), Party(1), text="vorbei")
    rows.event_date(9, rows.event(509, titles={"de": "Vorbei"}), timezone.now() - timedelta(minutes=1))
    assert find(now).total == 0
    row = rows.event(510, titles={"de": "Vorbei"})
    rows.event_date(10, row, at(19))
    assert find(replace(now, day=ON)).total == 1
    rows.retire(row)
    assert find(replace(now, day=ON)).total == 0


def test_everything_stands_below_its_house() -> None:
    [(museum, own)] = find(SEEK).houses
    assert museum is not None
    assert (museum.pk, len(own)) == (5, 3)


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        ({"kind": "tour"}, {"Mit uns durchs Haus"}),
        ({"kind": "event"}, {"Nachtmusik", "Werkstatt"}),
        ({"terms": (("languages", "languages:2"),)}, {"Nachtmusik", "Mit uns durchs Haus"}),
        ({"terms": (("audiences", "audiences:1"),)}, {"Werkstatt", "Mit uns durchs Haus"}),
        ({"terms": (("categories", "categories:1"),), "kind": "event"}, {"Nachtmusik"}),
    ],
)
def test_what_narrows_it(chosen: dict[str, object], titles: set[str]) -> None:
    assert set(programme(find(replace(SEEK, **chosen)))) == titles  # type: ignore[arg-type]


def test_every_choice_says_how_many_it_leaves() -> None:
    found = find(SEEK)
    assert counts(found, "kind") == {"Ausstellungen und Museen": 1, "Veranstaltungen": 2, "Führungen": 1}
    assert counts(found, "language") == {"Deutsch": 1, "Englisch": 2}
    assert counts(found, "audience") == {"Familien": 2}
    assert counts(found, "museum") == {"Haus der Töne": 4}
    narrowed = find(replace(SEEK, terms=(("audiences", "audiences:1"),)))
    assert counts(narrowed, "language") == {"Englisch": 1}
    assert counts(narrowed, "audience") == {"Familien": 2}


def test_nothing_found_offers_the_filters_to_let_go_of() -> None:
    terms = (("categories", "categories:1"), ("audiences", "audiences:1"))
    found = find(replace(SEEK, terms=terms))
    assert found.total == 0
    assert {narrow.name: number for narrow, number in found.looser} == {"category": 2, "audience": 1}


def test_the_page_shows_them_with_plain_forms(client: Client) -> None:
    html = client.get("/de/find/", {"day": str(ON), "adults": "2"}).content.decode()
    assert "Nachtmusik" in html
    assert "beginnt um 19:00" in html
    assert "ab 24,00" in html
    assert '<select id="language" name="language">' in html
    assert "Deutsch (1)" in html
    narrow = client.get("/de/find/", {"day": str(ON), "category": "1", "audience": "1"}).content.decode()
    assert "Ohne „Kategorie“: 2 Angebote" in narrow
    assert f"/de/find/?day={ON}&amp;adults=2&amp;audience=1" in narrow


def test_a_second_search_asks_nothing_until_something_changes() -> None:
    find(SEEK)
    with CaptureQueriesContext(connection) as made:
        find(replace(SEEK, text="musik", party=Party(1)))
    assert len(made) == 0
    edition.renew()
    with CaptureQueriesContext(connection) as made:
        find(SEEK)
    assert 0 < len(made) <= 12
