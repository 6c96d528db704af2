"""How the sandbox speaks: keys, languages, pages, filters, and the words of its records."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.sandbox.buyer import ADULT, NET, PRESS, Buyer, codes
from tests.sandbox_process import Sandbox


def get(buyer: Buyer, path: str, **query: Any) -> Any:
    answer = buyer.http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def public(sandbox: Sandbox, method: str, path: str, **more: Any) -> httpx.Response:
    return httpx.request(method, f"{sandbox.base_url}/api/v4{path}", **more)


# --- who asks -------------------------------------------------------------------------------------------------

OPEN = [
    "/museums",
    "/museums/1",
    f"/tickets/{ADULT}",
    "/exhibitions",
    "/locales",
    "/version",
    "/tickets/calendar",
]
CLOSED = [
    ("GET", "/orders"),
    ("POST", "/orders"),
    ("GET", "/orders/x"),
    ("GET", "/orders/x/tickets"),
    ("GET", "/orders/barcode/1"),
    ("POST", "/orders/x/finalize"),
    ("POST", "/orders/x/cancellations"),
    ("POST", "/tickets/reservations"),
]


@pytest.mark.parametrize("path", OPEN)
def test_anybody_may_look_but_not_with_a_wrong_key(sandbox: Sandbox, path: str) -> None:
    assert public(sandbox, "GET", path).status_code == 200
    for header in ("Bearer wrong", "sandbox", "Bearer"):
        answer = public(sandbox, "GET", path, headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_orders_need_a_key_that_may(sandbox: Sandbox, method: str, path: str) -> None:
    assert public(sandbox, method, path).status_code == 401
    if (method, path) not in [("GET", "/orders"), ("GET", "/orders/x")]:
        customer = {"Authorization": "Bearer sandbox-customer"}
        assert public(sandbox, method, path, headers=customer).status_code == 403


def test_the_account_is_told(buyer: Buyer, sandbox: Sandbox) -> None:
    assert get(buyer, "/whoami") == {"access": "reseller"}
    assert public(sandbox, "GET", "/whoami").json() == {"access": "public"}
    version = get(buyer, "/version")["version"]
    assert (version["zone"], version["currency"], version["per_page"]) == ("Europe/Berlin", "EUR", 100)


def test_what_is_not_there_and_what_is_not_meant(buyer: Buyer) -> None:
    for path in (
        "/museums/999",
        "/tickets/0",
        "/exhibitions/999",
        "/orders/nobody",
        "/orders/²",
        "/nothing",
        "/orders/x/y",
    ):
        answer = buyer.http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    answer = buyer.http.put("/orders")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"\xff"])
def test_unreadable_words_are_refused(buyer: Buyer, body: bytes) -> None:
    assert codes(buyer.http.post("/orders", content=body)) == ["malformed_json"]


# --- languages ------------------------------------------------------------------------------------------------


def title(buyer: Buyer, query: str) -> Any:
    return buyer.http.get(f"/museums/1?{query}").json()["museum"]["title"]


def test_one_language_or_all_of_them(buyer: Buyer, sandbox: Sandbox) -> None:
    both = {"de": "Haus der Gefäße", "en": "House of Vessels"}
    assert get(buyer, "/locales")["locales"] == ["de", "en"]
    assert title(buyer, "") == title(buyer, "locale=fr") == title(buyer, "locale=de-AT") == both["de"]
    assert title(buyer, "locale=en") == both["en"]
    assert title(buyer, "locale[]=de&locale[]=en") == both
    assert title(buyer, "locale%5B%5D=en") == {"en": both["en"]}
    assert title(buyer, "locale=de&locale[]=en") == {"en": both["en"]}
    assert codes(buyer.http.get("/museums/1?locale[]=de&locale[]=fr")) == ["unknown_locale"]
    assert (
        public(sandbox, "GET", "/museums/1?locale[]=en&locale[]=de").json()["museum"]["title"] == both["en"]
    )


def test_every_text_is_translated_and_nothing_else(buyer: Buyer) -> None:
    both = {"locale[]": ["de", "en"]}
    ticket, museum = (
        get(buyer, f"/tickets/{ADULT}", **both)["ticket"],
        get(buyer, "/museums/1", **both)["museum"],
    )
    show = get(buyer, "/exhibitions/11", **both)["exhibition"]
    for text in (
        ticket["title"], ticket["sub_title"], ticket["description"], ticket["after_sale_information"],
        *ticket["content"].values(),
        museum["title"], museum["sub_title"], museum["description"], museum["content"]["shop_title"],
        show["title"], show["sub_title"], show["slider_description"], show["description"],
    ):  # fmt: skip
        assert set(text) == {"de", "en"}
    assert isinstance(ticket["location"]["name"], str)
    assert isinstance(museum["picture"]["detail"], str)


def test_refusals_speak_the_language_asked_for(buyer: Buyer) -> None:
    empty = {"items": [], "total": 0}
    said = {
        code: buyer.http.post(f"/orders?locale={code}", json=empty).json()["error"] for code in ("de", "en")
    }
    assert said == {"de": "Die Bestellung ist leer.", "en": "The order has no items."}


# --- pages and filters ----------------------------------------------------------------------------------------


def test_pages_have_a_limit_by_account(buyer: Buyer, sandbox: Sandbox) -> None:
    sandbox.control.post("/scale", json={"tickets": 150}).raise_for_status()
    asked = {"per_page": 500}
    mine, theirs = get(buyer, "/tickets", **asked), public(sandbox, "GET", "/tickets", params=asked).json()
    assert (len(mine["tickets"]), mine["meta"]["per_page"]) == (100, 100)
    assert (len(theirs["tickets"]), theirs["meta"]["per_page"]) == (25, 25)
    total = mine["meta"]["total_count"]
    pages = [get(buyer, "/tickets", per_page=40, page=number)["tickets"] for number in range(1, 7)]
    seen = [row["id"] for page in pages for row in page]
    assert len(seen) == len(set(seen)) == total
    assert get(buyer, "/tickets", page=999) == {
        "tickets": [],
        "meta": {"total_count": total, "page": 999, "per_page": 25},
    }


@pytest.mark.parametrize("word", ["0", "-1", "many", "", "1.5", "²"])
def test_odd_page_numbers_mean_the_first_page(buyer: Buyer, word: str) -> None:
    assert get(buyer, "/museums", page=word, per_page=word)["meta"] == get(buyer, "/museums")["meta"]


def ids(buyer: Buyer, query: str, name: str = "tickets") -> set[int]:
    return {row["id"] for row in buyer.http.get(f"/{name}?per_page=100&{query}").json()[name]}


def test_filters_in_every_spelling(buyer: Buyer) -> None:
    everything = ids(buyer, "")
    for query in (
        "by_ticket_ids[]=311&by_ticket_ids[]=312",
        "by_ticket_ids%5B%5D=311&by_ticket_ids=312",
        "by_ticket_ids=311,312",
    ):
        assert ids(buyer, query) == {311, 312}
    assert ids(buyer, "by_ticket_ids[]=") == ids(buyer, "unknown=1") == everything
    assert ids(buyer, "by_ticket_ids[]=x") == ids(buyer, "by_ticket_ids[]=311&by_museum_ids[]=2") == set()
    assert ids(buyer, "by_ticket_ids[]=311&by_ticket_ids[]=x") == {311}
    assert ids(buyer, "by_bookable=false") == ids(buyer, "by_bookable=0") == {PRESS}
    assert ids(buyer, "by_ticket_type=normal") == ids(buyer, "by_ticket_types[]=day_ticket")
    assert ids(buyer, "by_ticket_type=normal&by_ticket_types[]=time_slot") == everything
    assert ids(buyer, "by_museum_ids[]=1", "exhibitions") == {11, 12}


@pytest.mark.parametrize("needle", ["gefäße", "GEFÄSSE", "gefasse"])
def test_a_search_minds_neither_case_nor_accents(buyer: Buyer, needle: str) -> None:
    assert ids(buyer, f"q={needle}", "museums") == {1}


# --- records --------------------------------------------------------------------------------------------------


def test_a_ticket_says_what_it_is(buyer: Buyer, sandbox: Sandbox) -> None:
    slot, day = (get(buyer, f"/tickets/{number}")["ticket"] for number in (ADULT, NET))
    assert (slot["ticket_type"], slot["entry_duration"], slot["first_entry"], slot["last_entry"]) == (
        "time_slot",
        30,
        600,
        1020,
    )
    assert (day["ticket_type"], day["entry_duration"]) == ("normal", None)
    assert (slot["vat_pct"], day["vat_pct"], day["tax_included"], day["identification"]) == (
        7.0,
        19.0,
        False,
        True,
    )
    assert (slot["museum_ids"], slot["exhibition_ids"], slot["quota_ids"]) == ([1], [11, 12], [41])
    assert get(buyer, "/tickets/321")["ticket"]["attendees"] == "required"
    sandbox.switch(ticket_type_words="day_ticket")
    assert get(buyer, f"/tickets/{NET}")["ticket"]["ticket_type"] == "day_ticket"


def test_opening_hours_are_instants_or_nothing(buyer: Buyer) -> None:
    hours = get(buyer, "/museums/1/opening_hours", date=buyer.day())["opening_hours"]
    begin, end = (datetime.fromisoformat(hours[name]) for name in ("begin", "end"))
    assert (begin.hour, end.hour) == (10, 18)
    monday = "2027-06-07"
    assert get(buyer, "/museums/1/opening_hours", date=monday)["opening_hours"] == {
        "begin": None,
        "end": None,
    }
    assert codes(buyer.http.get("/museums/1/opening_hours?date=07.06.2027")) == ["invalid_value"]


def test_pictures_can_be_fetched_absolute_or_relative(buyer: Buyer, sandbox: Sandbox) -> None:
    for row in get(buyer, "/museums", per_page=100)["museums"]:
        for size in ("teaser", "detail"):
            found = httpx.URL(sandbox.base_url).join(row["picture"][size])
            answer = httpx.get(found)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp"), found
    assert row["picture"]["teaser"].startswith("/")


def test_permanent_shows_have_no_time_frames(buyer: Buyer) -> None:
    shows = get(buyer, "/exhibitions", per_page=100)["exhibitions"]
    assert [] in [show["time_frames"] for show in shows]
    for frame in (frame for show in shows for frame in show["time_frames"]):
        assert datetime.fromisoformat(frame["start_at"]) < datetime.fromisoformat(frame["end_at"])
    assert all("description" not in show for show in shows), "only in the detail"
