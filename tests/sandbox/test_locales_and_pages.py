"""The rules of languages, pages and queries hold for every list alike."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.buyer import Buyer, codes
from tests.sandbox.visitor import dates, get, ids, public

PAGED = ["museums", "exhibitions", "tickets", "events", "dates", "tours", "coupons", "countries", "states"]
BOTH = "locale[]=de&locale[]=en"


# --- languages ------------------------------------------------------------------------------------------------


def said(buyer: Buyer, query: str) -> Any:
    return buyer.http.get(f"/events/820?{query}").json()["event"]["title"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Abend am Brennofen"),
        ("locale=xx", "Abend am Brennofen"),
        ("locale=", "Abend am Brennofen"),
        ("locale[]=", "Abend am Brennofen"),
        ("locale=de-AT", "Abend am Brennofen"),
        ("locale=en-GB", "Evening at the Kiln"),
        ("locale[]=en", {"en": "Evening at the Kiln"}),
        ("locale=de&locale[]=en", {"en": "Evening at the Kiln"}),
        ("locale%5B%5D=en&locale%5B%5D=de", {"en": "Evening at the Kiln", "de": "Abend am Brennofen"}),
    ],
)
def test_the_edges_of_languages(buyer: Buyer, query: str, title: object) -> None:
    assert said(buyer, query) == title


@pytest.mark.parametrize("query", ["locale[]=fr", "locale[]=de&locale[]=xx", "locale[]=de-AT"])
def test_only_known_languages_can_be_asked_for_together(buyer: Buyer, query: str) -> None:
    for path in ("/events", "/tours/930", "/dates", "/coupons"):
        assert codes(buyer.http.get(f"{path}?{query}")) == ["unknown_locale"]
    assert public(buyer, f"/events?{query}").status_code == 200, "without a key it is a single language"


def test_a_missing_text_is_null_and_an_empty_one_is_empty(buyer: Buyer) -> None:
    whale, members, full = (buyer.http.get(f"/events/{i}?{BOTH}").json()["event"] for i in (822, 827, 826))
    assert whale["description"] == {"de": None, "en": None}
    assert full["description"] == {"de": "", "en": ""}
    assert members["sub_title"]["en"] == "For the friends of the museum only"
    assert get(buyer, "/events/822")["event"]["description"] is None
    assert get(buyer, "/events/826")["event"]["description"] == ""


def test_every_text_of_a_tour_and_a_date_is_translated(buyer: Buyer) -> None:
    tour = buyer.http.get(f"/tours/931?{BOTH}").json()["tour"]
    prices = buyer.http.get(f"/tours/931/prices?language_id=2&{BOTH}").json()["prices"]
    number = dates(buyer, 821)[0]["id"]
    date = buyer.http.get(f"/events/821/dates/{number}?{BOTH}").json()["date"]
    [plan] = date["seatings"]
    for text in (
        tour["title"], tour["description"], tour["category"]["name"], tour["equipment"][0]["title"],
        *(row["name"] for row in tour["languages"]), *tour["content"].values(),
        *(row["title"] for row in prices), date["title"], date["event_title"], date["language"]["name"],
        plan["categories"][0]["title"], plan["rows"][0]["title"], plan["types"][0]["title"],
        date["prices"][0]["seat_category_title"],
    ):  # fmt: skip
        assert set(text) == {"de", "en"}
    assert isinstance(date["location"]["name"], str)


# --- pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGED)
def test_pages_are_parts_of_the_whole(buyer: Buyer, name: str) -> None:
    span = {"start_at": buyer.day()} if name == "dates" else {}
    whole = get(buyer, f"/{name}", per_page=100, **span)
    assert whole["meta"] == {"total_count": whole["meta"]["total_count"], "page": 1, "per_page": 100}
    second = get(buyer, f"/{name}", per_page=2, page=2, **span)
    assert second[name] == whole[name][2:4]
    beyond = get(buyer, f"/{name}", per_page=7, page=99999, **span)
    assert (beyond[name], beyond["meta"]["page"]) == ([], 99999)
    assert get(buyer, f"/{name}", per_page=101, **span)["meta"]["per_page"] == 100
    assert public(buyer, f"/{name}?per_page=26").json()["meta"]["per_page"] == 25


@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize("word", ["0", "-3", "x", "1e3", "9" * 5000, "٣x"])
def test_odd_numbers_are_the_default(buyer: Buyer, name: str, word: str) -> None:
    assert get(buyer, "/tours", **{name: word}) == get(buyer, "/tours")


@pytest.mark.parametrize("digits", [12, 25, 5000])
@pytest.mark.parametrize(
    "path", ["/events/{}", "/events/820/dates/{}", "/tickets/{}", "/tours/{}/prices", "/coupons/{}"]
)
def test_an_id_may_be_as_long_as_it_likes_and_still_be_unknown(buyer: Buyer, path: str, digits: int) -> None:
    answer = buyer.http.get(path.format("9" * digits))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# --- queries --------------------------------------------------------------------------------------------------


def test_an_id_filter_that_names_no_id_finds_nothing(buyer: Buyer) -> None:
    for name in ("events", "tours", "tickets", "exhibitions"):
        assert ids(buyer, name, "by_museum_ids[]=x") == set()
        assert ids(buyer, name, "by_museum_ids[]=") == ids(buyer, name, "by_nothing=1") == ids(buyer, name)
        assert ids(buyer, name, "by_museum_ids=1,x,3") == ids(
            buyer, name, "by_museum_ids[]=1&by_museum_ids%5B%5D=3"
        )


WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
NAMES = st.sampled_from(
    ["locale", "page", "per_page", "q", "by_museum_ids[]", "by_bookable", "by_categories[]", "start_at", "end_at",
     "date", "depth", "valid_at", "by_ticket_type", "ticket_ids[]", "reservations[]", "participants", "language_id",
     "opening_hours_start", "time"]
)  # fmt: skip
PATHS = st.sampled_from(
    ["/museums", "/tickets", "/tickets/311/capacity", "/tickets/calendar", "/tickets/capacities", "/events", "/dates",
     "/events/820/dates", "/calendar", "/tours", "/tours/930/prices", "/tours/930/start_times", "/coupons",
     "/tickets/list_and_quotas", "/tours/930/equipments", "/museums/1/opening_hours"]
)  # fmt: skip
VALUES = WORDS | st.dates().map(str) | st.integers().map(str)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=PATHS, query=st.dictionaries(NAMES, VALUES, max_size=4))
def test_no_query_is_too_odd_for_an_answer(buyer: Buyer, path: str, query: dict[str, str]) -> None:
    text = "&".join(f"{quote(name)}={quote(value)}" for name, value in query.items())
    answer = buyer.http.get(f"{path}?{text}")
    assert answer.status_code in (200, 422), answer.text
    assert answer.status_code == 200 or answer.json()["code"] in {
        "invalid_value", "range_too_long", "range_invalid", "missing_field",
    }  # fmt: skip
