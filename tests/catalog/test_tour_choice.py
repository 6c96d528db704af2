"""Choosing a tour step by step, as a browser gets it: the ticket system answers over HTTP, in trouble too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import tour_times
from catalog.models import Tour
from catalog.tour_times import NotKnown
from catalog.tour_wish import TourWish, read_tour_wish
from shop import gateway
from shop.dates import today
from tests.catalog import rows
from tests.catalog.test_pages import Page
from tests.catalog.upstream import Upstream, serve

pytestmark = pytest.mark.django_db

DAY = today() + timedelta(days=40)
TEN, ELEVEN, NOON = (
    datetime.combine(DAY, time(hour), timezone.get_current_timezone()).isoformat() for hour in (10, 11, 12)
)
WHO = {"language": "1", "age_group": "3", "people": "12"}
DAYS, STARTS = "/tours/930/start_times", f"/tours/930/start_times/{DAY}"
GEAR, PRICES = "/tours/930/equipments", "/tours/930/prices"
GROUP = {"title": {"de": "Entgelt", "en": "Fee"}, "group": True, "optional": False, "price_cents": 9000}
KILN = {"price_surcharge_id": 15, "title": "Kiln", "group": True, "optional": False, "price_cents": 1500}
CLAY = {"price_surcharge_id": 16, "title": "Clay", "group": False, "optional": True, "price_cents": 250}


def start(key: str, least: int = 5, most: int = 25, bookable: int = 25) -> dict[str, Any]:
    return {"start_time": key, "participants": {"min": least, "max": most, "bookable": bookable}}


def world() -> Upstream:
    upstream = Upstream()
    upstream.fixed = {
        DAYS: {
            "data": {str(DAY): True, str(DAY + timedelta(days=1)): False, str(DAY + timedelta(days=2)): True}
        },
        STARTS: {"data": [start(NOON), start(TEN, bookable=8), start(ELEVEN)]},
        GEAR: {"data": {"7": {ELEVEN: 6, NOON: 0}}},
        PRICES: {"prices": [GROUP, KILN, CLAY], "vat_pct": 7.0, "discount": 0, "tax_included": True},
    }
    return upstream


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    with serve(world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        yield found
        gateway.reset()


@pytest.fixture
def tour() -> Tour:
    values = {
        "min_participants": 5,
        "max_participants": 25,
        "equipment": [{"id": 7, "titles": {"en": "Headsets"}, "descriptions": {}}],
    }
    made = rows.tour(930, rows.museum(1), bookable=True, **values)
    made.tags.add(*(rows.term("languages", number) for number in (1, 2)))
    made.tags.add(*(rows.term("age_groups", number) for number in (3, 4)), rows.term("grades", 2))
    return made


def get(client: Client, **query: str) -> str:
    answer = client.get("/en/tours/930/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def links(text: str) -> list[dict[str, list[str]]]:
    """The queries of all links to the tour page itself."""
    found = (str(a.get("href")) for a in Page(text).named("a"))
    return [parse_qs(urlsplit(href).query) for href in found if href.startswith("/en/tours/930/?")]


def priced(client: Client, **besides: str) -> str:
    return get(client, **WHO, day=str(DAY), start=ELEVEN, **besides)


@pytest.mark.usefixtures("tour", "upstream")
class TestWho:
    def test_who_comes_is_asked_first_and_nobody_else(self, client: Client, upstream: Upstream) -> None:
        text = get(client)
        fields = [a.get("name") for a in Page(text).named("select", "input")]
        assert fields == ["language", "age_group", "grade", "people"]
        assert "Please choose a language." not in text
        assert upstream.asked == []

    def test_what_is_missing_is_said(self, client: Client, upstream: Upstream) -> None:
        text = get(client, people="12", age_group="99")
        assert "Please choose a language." in text
        assert "Please choose an age group." in text
        assert upstream.asked == []

    @pytest.mark.parametrize(("people", "instead"), [("3", "5"), ("26", "25")])
    def test_a_number_outside_the_limits_names_them(
        self, client: Client, upstream: Upstream, people: str, instead: str
    ) -> None:
        text = get(client, **WHO | {"people": people})
        assert "This tour is for 5 to 25 people." in text
        assert [query["people"] for query in links(text)] == [[instead]]
        assert upstream.asked == []

    def test_a_tour_in_one_language_does_not_ask_for_it(
        self, client: Client, tour: Tour, upstream: Upstream
    ) -> None:
        tour.tags.remove(*tour.tags.filter(pk__in=["languages:2", "age_groups:4"]))
        assert "Choose a day" in get(client, people="12")
        assert DAYS in upstream.asked

    def test_one_that_is_not_sold_here_says_where(self, client: Client) -> None:
        Tour.objects.update(bookable=False, registration_url="https://museum.example/join")
        assert 'href="https://museum.example/join"' in get(client)
        Tour.objects.update(registration_url="")
        assert "This tour cannot be booked here at the moment." in get(client)


@pytest.mark.usefixtures("tour", "upstream")
class TestWhen:
    def test_days_are_asked_for_this_group_and_lead_on_with_it(
        self, client: Client, upstream: Upstream
    ) -> None:
        text = get(client, **WHO, month=f"{DAY:%Y-%m}")
        asked = [query for path, query in zip(upstream.asked, upstream.queries, strict=True) if path == DAYS]
        assert {query["participants"][0] for query in asked} == {"12"}
        assert all("language_id" not in query for query in asked), "it does not matter here"
        assert {key: [value] for key, value in WHO.items()} | {"day": [str(DAY)]} in links(text)
        closed = str(DAY + timedelta(days=1))
        assert all(query.get("day") != [closed] for query in links(text))

    def test_where_the_language_matters_it_is_asked_for(self, client: Client, upstream: Upstream) -> None:
        Tour.objects.update(depends_on_language=True)
        get(client, **WHO, day=str(DAY))
        asked = dict(zip(upstream.asked, upstream.queries, strict=True))
        assert (asked[DAYS]["language_id"], asked[STARTS]["language_id"]) == (["1"], ["1"])

    def test_start_times_in_order_and_those_too_small_say_so(self, client: Client) -> None:
        text = get(client, **WHO, day=str(DAY))
        assert [query["start"][0] for query in links(text) if "start" in query] == [ELEVEN, NOON]
        assert "for 8 people only" in text

    def test_a_start_that_is_too_small_leads_to_the_nearest(self, client: Client, upstream: Upstream) -> None:
        text = get(client, **WHO, start=TEN)
        assert "This start time is not free for all of you." in text
        assert PRICES not in upstream.asked

    def test_a_day_without_start_leads_to_the_nearest_days(self, client: Client, upstream: Upstream) -> None:
        other = DAY + timedelta(days=1)
        upstream.fixed[f"/tours/930/start_times/{other}"] = {"data": []}
        text = get(client, **WHO, day=str(other))
        assert "The tour does not start on this day." in text
        days = [query["day"][0] for query in links(text) if "day" in query]
        assert days[-2:] == [str(DAY), str(DAY + timedelta(days=2))]

    def test_two_visitors_share_the_answers(self, client: Client, upstream: Upstream) -> None:
        for people in ("12", "13"):
            get(client, **WHO | {"people": people}, day=str(DAY))
        assert upstream.asked.count(STARTS) == 1


@pytest.mark.usefixtures("tour", "upstream")
class TestPrice:
    def test_line_by_line_for_exactly_this(self, client: Client, upstream: Upstream) -> None:
        text = priced(client, **{"surcharge-16": "6", "equipment-7": "6"})
        assert "€120.00" in text
        for amount in ("€90.00", "€15.00", "€2.50 per person", "6 × Headsets"):
            assert amount in text
        asked = upstream.queries[upstream.asked.index(PRICES)]
        assert (asked["participants"], asked["language_id"]) == (["12"], ["1"])
        assert (asked["date"], asked["time"]) == ([str(DAY)], ["11-00"])

    def test_nothing_is_chosen_beforehand(self, client: Client, upstream: Upstream) -> None:
        optional = CLAY | {"group": True, "price_surcharge_id": 17}
        upstream.fixed[PRICES]["prices"].append(optional)
        page = Page(priced(client))
        fields = {a["name"]: a for a in page.named("input") if str(a.get("name")).startswith("surcharge-")}
        assert set(fields) == {"surcharge-16", "surcharge-17"}, "what is no choice is not asked"
        assert fields["surcharge-16"]["value"] == "0"
        assert "checked" not in fields["surcharge-17"]

    def test_the_form_carries_everything_for_the_order(self, client: Client) -> None:
        page = Page(priced(client, grade="2", **{"surcharge-16": "2", "equipment-7": "1"}))
        sent = {
            a.get("name"): a.get("value")
            for a in page.named("input")
            if a.get("name") != "csrfmiddlewaretoken"
        }
        assert sent == WHO | {
            "tour": "930",
            "grade": "2",
            "day": str(DAY),
            "start": ELEVEN,
            "surcharge-16": "2",
            "equipment-7": "1",
        }
        assert read_tour_wish({str(key): str(value) for key, value in sent.items()}) == TourWish(
            930, 1, 3, 2, 12, DAY, None, ELEVEN, {}, {16: 2}, {7: 1}
        )

    def test_sent_to_the_page_it_comes_back_as_an_address_to_share(self, client: Client) -> None:
        data = WHO | {"tour": "930", "start": ELEVEN, "surcharge-16": "2", "csrfmiddlewaretoken": "secret"}
        answer = client.post("/en/tours/930/", data)
        assert answer.status_code == 302
        assert "secret" not in answer.headers["Location"]
        assert "€110.00" in client.get(answer.headers["Location"]).content.decode()

    def test_scale_prices_are_divided(self, client: Client, upstream: Upstream) -> None:
        scales = [{"scale_price_id": 81, "price_cents": 600}, {"scale_price_id": 82, "price_cents": 400}]
        upstream.fixed[PRICES] |= {"prices": scales, "discount": 5}
        assert "€64.60" in priced(client, **{"scale-82": "2"})
        assert "You are 12 people, but chose other prices for 13." in priced(client, **{"scale-82": "13"})

    def test_more_equipment_than_there_is_is_refused(self, client: Client) -> None:
        assert "Headsets: only 6 are left at this time." in priced(client, **{"equipment-7": "7"})
        text = get(client, **WHO, day=str(DAY), start=NOON)
        assert "not at this time" in text
        assert "equipment-7" not in text

    def test_a_number_that_is_none_is_refused(self, client: Client) -> None:
        assert "Please enter numbers as whole numbers." in priced(client, **{"equipment-7": "many"})

    def test_a_price_that_is_none_is_no_price(self, client: Client, upstream: Upstream) -> None:
        upstream.fixed[PRICES] = {"prices": [KILN]}
        assert "The museum tells no price for this" in priced(client)

    def test_another_day_keeps_what_was_chosen_besides(self, client: Client) -> None:
        text = priced(client, **{"surcharge-16": "2"})
        day = next(query for query in links(text) if query.get("day") == [str(DAY + timedelta(days=2))])
        assert day["surcharge-16"] == ["2"]
        assert "start" not in day

    def test_htmx_gets_the_part(self, client: Client) -> None:
        part = client.get("/en/tours/930/", WHO | {"start": ELEVEN}, headers={"HX-Request": "true"})
        assert b"<html" not in part.content
        assert "€105.00" in part.content.decode()
        assert "HX-Request" in part.headers["Vary"]


@pytest.mark.usefixtures("tour", "upstream")
class TestTrouble:
    @pytest.mark.parametrize(
        "answer", [(500, ""), (200, "<html>"), (429, ""), (403, "{}"), (200, '{"data": 7}')]
    )
    def test_what_was_known_is_told_with_its_age(
        self, client: Client, upstream: Upstream, settings: LazySettings, answer: tuple[int, str]
    ) -> None:
        priced(client)
        settings.AVAILABILITY_SECONDS = 0
        upstream.broken = lambda _path: answer
        text = priced(client)
        assert "the ticket system is slow to answer" in text
        assert "Price as of" in text
        assert "€105.00" in text

    def test_without_any_answer_it_says_so_and_keeps_the_choice(
        self, client: Client, upstream: Upstream
    ) -> None:
        upstream.broken = lambda _path: (503, "")
        text = priced(client)
        assert "We cannot see the free places at the moment." in text
        assert "The price cannot be checked now." in text
        assert "Tour 930 en" in text
        assert ELEVEN in [a.get("value") for a in Page(text).named("input")]

    def test_a_price_nobody_knows_leaves_the_rest(self, client: Client, upstream: Upstream) -> None:
        upstream.broken = lambda path: (422, '{"error": "no"}') if path == PRICES else None
        text = priced(client)
        assert "The price cannot be checked now, because" in text
        assert "6 free at this time" in text

    def test_equipment_nobody_knows_cannot_be_chosen(self, client: Client, upstream: Upstream) -> None:
        upstream.broken = lambda path: (404, "{}") if path == GEAR else None
        text = priced(client)
        assert "cannot be checked now" in text
        assert "equipment-7" not in text
        assert "€105.00" in text

    def test_known_starts_are_shown_though_the_calendar_is_not(
        self, client: Client, upstream: Upstream
    ) -> None:
        upstream.broken = lambda path: (422, "{}") if path == DAYS else None
        text = priced(client)
        assert "Choose a day" not in text
        assert "€105.00" in text

    def test_odd_answers_break_nothing(self, client: Client, upstream: Upstream) -> None:
        upstream.fixed[STARTS] = {
            "data": [start(ELEVEN, bookable=99), {"start_time": ELEVEN}, {"start_time": 7}, "x"]
        }
        upstream.fixed[DAYS] = {"data": {"never": True, str(DAY): "maybe"}}
        upstream.fixed[GEAR] = {"data": []}
        nasty = "</span><script>alert(1)</script>"
        upstream.fixed[PRICES] = {"prices": [{"title": nasty, "description": nasty, "price_cents": "500"}]}
        text = priced(client)
        assert "€60.00" in text
        assert "<script>alert" not in text


def test_nobody_answers_at_all(tour: Tour, settings: LazySettings) -> None:
    settings.GOMUS_URL = "http://127.0.0.1:9"
    gateway.reset()
    with pytest.raises(NotKnown):
        tour_times.starts(tour, DAY, language=None)


def test_a_past_month_needs_no_question(tour: Tour, upstream: Upstream) -> None:
    assert tour_times.days(tour, date(2020, 2, 9), people=5, language=None).value == {}
    assert upstream.asked == []


NUMBERS = st.dictionaries(st.integers(1, 10**18 - 1), st.integers(1, 1000), max_size=4)
IDS = st.one_of(st.none(), st.integers(1, 10**18 - 1))
WISHES = st.builds(
    TourWish,
    tour=st.just(0),
    language=IDS,
    age_group=IDS,
    grade=IDS,
    people=st.one_of(st.none(), st.integers(1, 1000)),
    day=st.just(DAY),
    month=st.one_of(st.none(), st.just(DAY.replace(day=1))),
    start=st.sampled_from(["", ELEVEN, f"{DAY} 11:00:00 +0100"]),
    scales=NUMBERS,
    surcharges=NUMBERS,
    equipment=NUMBERS,
)


@given(wish=WISHES)
def test_a_wish_comes_back_from_its_address(wish: TourWish) -> None:
    read = {key: values[-1] for key, values in parse_qs(wish.query(), keep_blank_values=True).items()}
    assert read_tour_wish(read) == wish


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    query=st.dictionaries(
        st.sampled_from(
            [*WHO, "tour", "day", "month", "start", "grade", "scale-1", "surcharge-16", "equipment-7"]
        ),
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                ["2026-13-45", "9" * 40, "<b>", "1", "12", "0001-01-01T00:00:00+23:59", ELEVEN, str(DAY)]
            ),
        ),
    )
)
def test_no_query_breaks_the_page(client: Client, query: dict[str, str]) -> None:
    if not Tour.objects.exists():
        rows.tour(930, bookable=True).tags.add(rows.term("languages", 1))
    gateway_url = "http://127.0.0.1:9"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.GOMUS_URL", gateway_url)
        for answer in (client.get("/en/tours/930/", query), client.post("/en/tours/930/", query)):
            assert answer.status_code in {200, 302}
            assert b"<b>" not in answer.content
