"""How coupons and reference data are asked for, and how every list is searched and put in a language."""

import pytest

from shop.api import errors
from shop.api.records import WhoAmI
from tests.api import samples
from tests.api.samples_offers import COUPON
from tests.api.talking import Answering, always, params

PAGE = [("page", "1"), ("per_page", "100")]


def test_coupons(answering: Answering) -> None:
    gomus, asked = answering(
        always({"coupons": [COUPON, COUPON | {"id": 5, "price_cents": "?"}], "coupon": COUPON})
    )
    listing = gomus.reference.coupons("de", online_available=True)
    assert [coupon.id for coupon in listing] == [4]
    assert [(skip.id, skip.why) for skip in listing.skipped] == [(5, "no trustworthy price_cents")]
    assert gomus.reference.coupon(4, ["de", "en"]).value_cents == 2500
    assert [(request.url.path, params(request)) for request in asked] == [
        ("/api/v4/coupons", [("locale", "de"), ("online_available", "true"), *PAGE]),
        ("/api/v4/coupons/4", [("locale[]", "de"), ("locale[]", "en")]),
    ]


def test_countries_states_and_dispatch_modes(answering: Answering) -> None:
    gomus, asked = answering(
        always(
            {
                "countries": [{"id": 60, "name": "Deutschland", "code": "DE"}],
                "states": [{"id": 3, "name": "Berlin", "country_id": 60}],
                "dispatch_modes": [{"id": 1, "name": "E-Mail"}],
            }
        )
    )
    assert [country.code for country in gomus.reference.countries("de")] == ["DE"]
    assert [state.country_id for state in gomus.reference.states()] == [60]
    assert [mode.name.pick("de") for mode in gomus.reference.dispatch_modes(["de"])] == ["E-Mail"]
    assert [(request.url.path, params(request)) for request in asked] == [
        ("/api/v4/countries", [("locale", "de"), *PAGE]),
        ("/api/v4/states", PAGE),
        ("/api/v4/dispatch_modes", [("locale[]", "de"), *PAGE]),
    ]


def test_newsletters_come_whole_though_they_are_counted(answering: Answering) -> None:
    rows = [{"id": 1, "name": "Newsletter"}, {"id": 8, "name": "Für Schulen"}, {"name": "?"}]
    gomus, asked = answering(always({"newsletter_subscriber_groups": rows, "meta": {"total_count": 3}}))
    assert [named.name.pick("de") for named in gomus.reference.newsletter_groups("de")] == [
        "Newsletter",
        "Für Schulen",
    ]
    assert [params(request) for request in asked] == [[("locale", "de")]]


def test_who_we_are(answering: Answering) -> None:
    gomus, asked = answering(always({"access": "reseller", "museums": [20]}))
    assert gomus.reference.who_am_i() == WhoAmI("reseller", (20,))
    assert asked[0].url.path == "/api/v4/whoami"
    gomus, _ = answering(always({}))
    with pytest.raises(errors.Malformed):
        gomus.reference.who_am_i()


def test_locales_may_stand_in_the_options_only(answering: Answering) -> None:
    options = [{"id": 1, "locale": "de"}, {"id": 2, "locale": "en"}, {"id": 3}]
    for payload in ({"locales": ["de", "en"], "locales_options": "?"}, {"locales_options": options}):
        gomus, _ = answering(always(payload))
        assert gomus.catalogue.locales() == ["de", "en"]


def test_museums_exhibitions_and_tickets_are_searched(answering: Answering) -> None:
    gomus, asked = answering(
        always(
            {"museums": [samples.MUSEUM], "exhibitions": [samples.EXHIBITION], "tickets": [samples.TICKET]}
        )
    )
    list(gomus.catalogue.museums("de", q="glas & holz"))
    list(gomus.catalogue.exhibitions(["de"], q="farn", museum_ids=[20, 21], featured=True))
    list(gomus.catalogue.tickets("de", q="kind", group_ids=[4]))
    assert [params(request)[:-2] for request in asked] == [
        [("locale", "de"), ("q", "glas & holz")],
        [
            ("locale[]", "de"),
            ("q", "farn"),
            ("by_museum_ids[]", "20"),
            ("by_museum_ids[]", "21"),
            ("by_featured", "true"),
        ],
        [("locale", "de"), ("q", "kind"), ("by_ticket_group_ids[]", "4")],
    ]


def test_plain_texts_are_in_the_language_they_were_asked_in(answering: Answering) -> None:
    plain = samples.MUSEUM | {"title": "Glass House", "content": {"shop_title": "Glass"}}
    gomus, asked = answering(always({"museum": plain, "museums": [plain]}))
    museum = gomus.catalogue.museum(20, "en")
    assert (museum.title.as_dict(), museum.content["shop_title"].as_dict()) == (
        {"en": "Glass House"},
        {"en": "Glass"},
    )
    assert params(asked[0]) == [("locale", "en")]


def test_no_museum_chosen_asks_for_no_exhibition(answering: Answering) -> None:
    gomus, asked = answering(always({"exhibitions": [samples.EXHIBITION]}))
    assert list(gomus.catalogue.exhibitions("de", museum_ids=[])) == []
    assert asked == []
