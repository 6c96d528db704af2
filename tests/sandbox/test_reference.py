"""Vouchers, countries and other small lists; what the instance says of itself."""

import re

import pytest

from tests.sandbox.buyer import Buyer
from tests.sandbox.visitor import get, public


def test_a_voucher_costs_one_thing_and_is_worth_another(buyer: Buyer) -> None:
    rows = {row["id"]: row for row in get(buyer, "/coupons")["coupons"]}
    assert {i: (row["price_cents"], row["value_cents"]) for i, row in rows.items()} == {
        4: (2000, 2000),
        8: (4500, 5000),
        12: (3000, 3000),
    }
    assert {row["vat_pct"] for row in rows.values()} == {"0.0"}, "a text, unlike elsewhere"
    shipping = rows[12]["shipped_with_merchandise_id"]
    articles = {row["id"]: row for row in get(buyer, "/merchandises")["merchandises"]}
    assert articles[shipping]["price_cents"] == 450
    assert rows[4]["shipped_with_merchandise_id"] is None
    assert "description" not in rows[12]
    alone = get(buyer, "/coupons/12")["coupon"]
    assert alone["description"].startswith("<p>")
    assert alone["content"]["shop_title"] == alone["title"]
    assert buyer.http.get("/coupons/5").status_code == 404


@pytest.mark.parametrize(
    ("name", "count"), [("countries", 32), ("states", 16), ("dispatch_modes", 3), ("merchandises", 2)]
)
def test_small_lists_have_pages(buyer: Buyer, name: str, count: int) -> None:
    whole = get(buyer, f"/{name}", per_page=100)
    assert (len(whole[name]), whole["meta"]["total_count"]) == (count, count)
    assert get(buyer, f"/{name}", per_page=1, page=2)[name] == whole[name][1:2]


def test_countries_have_codes_and_states_a_country(buyer: Buyer) -> None:
    countries = get(buyer, "/countries", per_page=100)["countries"]
    assert all(re.fullmatch("[A-Z]{2}", row["code"]) for row in countries)
    [germany] = [row for row in countries if row["code"] == "DE"]
    assert germany["name"] == "Deutschland"
    assert {row["country_id"] for row in get(buyer, "/states")["states"]} == {germany["id"]}
    several = get(buyer, "/countries", **{"locale[]": ["de", "en"]})["countries"]
    assert all(isinstance(row["name"], str) for row in several), "names of countries are not translated"


def test_newsletters_have_a_count_and_no_pages(buyer: Buyer) -> None:
    found = get(buyer, "/newsletter_subscriber_groups", q="nothing", per_page=1)
    assert found["meta"] == {"total_count": len(found["newsletter_subscriber_groups"])} == {"total_count": 3}


def test_the_older_version_still_answers_some_addresses(buyer: Buyer) -> None:
    old = buyer.http.get(f"{buyer.sandbox.base_url}/api/v3/countries?per_page=100").json()
    assert old == get(buyer, "/countries", per_page=100)
    greeted = buyer.http.get(f"{buyer.sandbox.base_url}/api/v3/customer_salutations").json()
    assert [row["salutation"] for row in greeted["customer_salutations"]] == ["Frau", "Herr", "Keine Anrede"]
    assert buyer.http.get(f"{buyer.sandbox.base_url}/api/v3/museums").status_code == 404


def test_the_shop_knows_its_currency(buyer: Buyer) -> None:
    shop = public(buyer, "/shop").json()["shop"]
    assert shop["config"]["currency"] == get(buyer, "/version")["version"]["currency"] == "EUR"
    assert all(mode["icons"] == [] for mode in shop["payment_modes"].values())


def test_languages_come_with_ids_too(buyer: Buyer) -> None:
    found = get(buyer, "/locales")
    assert [row["locale"] for row in found["locales_options"]] == found["locales"] == ["de", "en"]


@pytest.mark.parametrize(
    "path", ["/museums", "/events/820", "/tours/930/prices", "/dates", "/seatings/1.svg"]
)
def test_what_is_only_read_cannot_be_written(buyer: Buyer, path: str) -> None:
    answer = buyer.http.post(path, json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize("path", ["/museums", "/museums/1", "/tickets/311", "/events/820/dates", "/locales"])
def test_a_slash_at_the_end_makes_no_difference(buyer: Buyer, path: str) -> None:
    assert buyer.http.get(f"{path}/").json() == get(buyer, path)
