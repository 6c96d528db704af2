"""The list of events: filters with counts, a calendar, ways out of an empty answer; the mirror alone is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.event_finding import EventFindings, find
from catalog.event_seeking import EventSeek, read_event_seek
from catalog.events import midnight
from catalog.models import Event, Museum, Term
from shop import gateway
from shop.dates import today
from tests.catalog import rows

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ON = today() + 20 * DAY


@pytest.fixture(autouse=True)
def _no_upstream(settings: LazySettings) -> Iterator[None]:
    settings.GOMUS_URL = "http://127.0.0.1:9"
    gateway.reset()
    yield
    assert gateway.upstream_state().ok, "nobody was even asked"
    gateway.reset()


def at(day: date, hour: int = 18) -> datetime:
    return midnight(day) + timedelta(hours=hour)


@pytest.fixture
def town() -> dict[str, int]:
    """Two houses; a concert in German on two days, a tour in German and English, a talk far ahead."""
    sea, clay = rows.museum(1, titles={"de": "Meeresmuseum"}, city="Kiel"), rows.museum(2)
    german, english = rows.term("languages", 1), rows.term("languages", 2)
    concerts, tours = rows.term("categories", 1), rows.term("categories", 2)
    families = rows.term("audiences", 1, titles={"de": "Familien", "en": "Families"})
    adults = rows.term("age_groups", 1)
    concert = rows.event(10, sea, titles={"de": "Konzert"}, category=concerts)
    concert.tags.set([families, adults])
    tour = rows.event(20, clay, titles={"de": "Führung"}, category=tours)
    tour.tags.set([adults])
    rows.event_date(1, concert, at(ON), language=german, price_from=900)
    rows.event_date(2, concert, at(ON + 2 * DAY), language=german, price_from=700)
    rows.event_date(3, tour, at(ON, 10), language=german, price_from=400)
    rows.event_date(4, tour, at(ON + DAY, 10), language=english)
    rows.event_date(5, rows.event(30, clay, titles={"de": "Vortrag"}), at(ON + 90 * DAY))
    return {"concert": 10, "tour": 20, "talk": 30}


def ids(found: EventFindings) -> list[int]:
    return [card.event.pk for card in found.cards]


def counts(found: EventFindings, name: str) -> dict[int, int]:
    facet = next(facet for facet in found.facets if facet.name == name)
    return {option.value: option.count for option in facet.options}


@pytest.mark.usefixtures("town")
class TestFilters:
    def test_all_events_with_what_is_next_soonest_first(self) -> None:
        found = find(EventSeek())
        assert ids(found) == [20, 10, 30]
        tour, concert, talk = found.cards
        assert (tour.first, tour.more, tour.price_from) == (at(ON, 10), 1, 400)
        assert (concert.first, concert.more, concert.price_from) == (at(ON), 1, 700)
        assert (talk.more, talk.price_from) == (0, None)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            (f"from={ON}&to={ON}", [20, 10]),
            (f"from={ON + DAY}&to={ON + DAY}", [20]),
            (f"from={ON + DAY}", [20, 10, 30]),
            (f"to={ON}", [20, 10]),
            (f"from={ON + DAY}&to={ON}", [20]),
            ("museum=2", [20, 30]),
            ("category=1", [10]),
            ("language=2", [20]),
            ("audience=1", [10]),
            ("age=1", [20, 10]),
            ("age=1&museum=2", [20]),
            ("q=konzrt", [10]),
            ("q=Kiel", [10]),
            ("q=vortrag+konzert", []),
            (f"language=2&from={ON}&to={ON}", []),
            ("museum=99", []),
            ("museum=-1&from=never&to=2020-01-01&language=x&page=0&month=13", [20, 10, 30]),
        ],
    )
    def test_every_condition_narrows(self, query: str, expected: list[int]) -> None:
        assert ids(find(read_event_seek(QueryDict(query).dict()))) == expected

    def test_a_filter_tells_how_many_events_each_choice_leads_to_with_all_others_kept(self) -> None:
        found = find(EventSeek(start=ON, end=ON + DAY, museum=2))
        assert counts(found, "museum") == {1: 1, 2: 1}
        assert counts(found, "language") == {1: 1, 2: 1}
        assert counts(found, "age") == {1: 1}
        assert counts(found, "audience") == {}
        assert counts(find(EventSeek(language=2, museum=1)), "museum") == {1: 0, 2: 1}

    def test_the_price_and_the_number_of_dates_are_those_that_match(self) -> None:
        (card,) = find(EventSeek(start=ON, end=ON, museum=1)).cards
        assert (card.more, card.price_from) == (0, 900)
        (card,) = find(EventSeek(language=2)).cards
        assert (card.first, card.more) == (at(ON + DAY, 10), 0)

    def test_the_calendar_counts_the_events_of_each_day_by_the_other_conditions(self) -> None:
        def days(seek: EventSeek) -> dict[date, int]:
            return {
                cell[0]: cell[1] for week in find(seek).calendar.weeks for cell in week if cell and cell[1]
            }

        month = ON.replace(day=1)
        of_month = {
            day: n for day, n in {ON: 2, ON + DAY: 1, ON + 2 * DAY: 1}.items() if day.month == ON.month
        }
        assert days(EventSeek(month=month)) == of_month
        assert days(EventSeek(month=month, start=ON + DAY, end=ON + DAY)) == of_month
        assert days(EventSeek(month=month, museum=1))[ON] == 1
        assert find(EventSeek(museum=2, language=2)).calendar.first == (ON + DAY).replace(day=1)


class TestWaysOut:
    @pytest.mark.usefixtures("town")
    def test_the_nearest_days_and_what_could_be_left_out(self) -> None:
        found = find(EventSeek(start=ON + DAY, end=ON + DAY, museum=1, audience=1))
        assert found.total == 0
        assert found.days == (ON, ON + 2 * DAY)
        assert [(one.name, one.count) for one in found.loosened] == [("days", 1)]
        found = find(EventSeek(start=ON + DAY, end=ON + DAY, museum=1))
        assert {(one.name, one.count) for one in found.loosened} == {("days", 1), ("museum", 1)}

    @pytest.mark.usefixtures("town")
    def test_words_nobody_uses(self, client: Client) -> None:
        html = unescape(client.get("/en/events/?q=<xyzzy>&age=1").content.decode())
        assert "No event matches all of this." in html
        assert 'href="/en/events/?age=1">without “<xyzzy>”</a> (2 events)' in html

    def test_a_mirror_without_events(self, client: Client) -> None:
        html = client.get("/en/events/").content.decode()
        assert "No events are announced at the moment." in html


class TestPage:
    @pytest.mark.usefixtures("town")
    def test_addresses_keep_everything_and_are_never_broken(self, client: Client) -> None:
        html = client.get(f"/de/events/?from={ON}&to={ON + DAY}&language=1&month={ON:%Y-%m}").content.decode()
        assert f'href="/de/events/?from={ON}&amp;to={ON}&amp;language=1"' in html
        assert '<option value="2">Museum 2 de (1)</option>' in html
        assert "2 Veranstaltungen" in html

    def test_a_long_list_has_pages(self, client: Client) -> None:
        for pk in range(1, 28):
            rows.event_date(pk, rows.event(pk), at(ON) + timedelta(minutes=pk))
        first, second, beyond = (find(EventSeek(page=page)) for page in (1, 2, 9))
        assert (len(first.cards), ids(second), second.pages) == (24, [25, 26, 27], 2)
        assert ids(beyond) == ids(second)
        assert "?page=2" in client.get("/en/events/").content.decode()

    def test_what_has_gone_or_has_no_date_ahead_is_not_listed(self) -> None:
        house = rows.museum(1)
        gone, past, cancelled = rows.event(1, house), rows.event(2, house), rows.event(3, house)
        rows.event_date(1, gone, at(ON))
        rows.event_date(2, past, at(today() - DAY))
        rows.retire(rows.event_date(3, cancelled, at(ON)))
        rows.event_date(4, rows.event(4, house), at(ON))
        rows.retire(gone)
        rows.retire(house)
        (card,) = find(EventSeek()).cards
        assert (card.event.pk, card.museum) == (4, None)

    def test_words_without_a_name_and_odd_links_are_no_choice(self) -> None:
        event = rows.event(1, category=rows.term("categories", 1, titles={}))
        event.tags.set([rows.term("audiences", 2, titles={"de": ""}), rows.term("grades", 1)])
        rows.event_date(1, event, at(ON))
        assert not any(facet.options for facet in find(EventSeek()).facets)

    def test_six_queries_however_many_events(self, client: Client) -> None:
        def queries(path: str) -> int:
            with CaptureQueriesContext(connection) as made:
                assert client.get(path).status_code == 200
            return len(made)

        def fill(numbers: range) -> None:
            for pk in numbers:
                event = rows.event(pk, rows.museum(pk), picture=rows.picture(f"p{pk}"))
                event.tags.add(rows.term("audiences", pk))
                rows.event_date(pk, event, at(ON), language=rows.term("languages", pk))

        fill(range(1, 3))
        few = [queries(path) for path in ("/en/events/", "/en/events/?q=event&audience=1")]
        fill(range(3, 40))
        assert [queries(path) for path in ("/en/events/", "/en/events/?q=event&audience=1")] == few
        assert max(few) <= 6

    def test_the_pages_of_houses_and_shows_tell_what_is_on_soon(self, client: Client) -> None:
        house = rows.museum(1)
        show = rows.exhibition(1, house)
        for pk, values in ((1, {}), (2, {"museum": house}), (3, {"museum": house, "exhibition": show})):
            rows.event_date(pk, rows.event(pk, **values), at(ON) + pk * DAY)
        for path, shown in (("", {1, 2, 3}), ("museums/1/", {2, 3}), ("exhibitions/1/", {3})):
            html = client.get(f"/en/{path}").content.decode()
            assert {pk for pk in (1, 2, 3) if f'href="/en/events/{pk}/"' in html} == shown, path
        rows.retire(Event.objects.get(pk=3))
        assert "/en/events/3/" not in client.get("/en/exhibitions/1/").content.decode()


def test_rows_of_the_fixture_are_what_upstream_sends() -> None:
    """Titles may hold anything; nothing of it may become markup."""
    house = rows.museum(1, titles={"de": "<b>Haus</b>"})
    rows.event_date(1, rows.event(1, house, titles={"de": "</h3><script>alert(1)</script>"}), at(ON))
    html = Client().get("/de/events/").content.decode()
    assert "<script>alert" not in html
    assert Museum.objects.count() == 1
    assert not Term.objects.exists()
