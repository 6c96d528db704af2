"""Readers of coupons, countries, states and of who we are."""

from typing import Any

import pytest

from shop.api.readers import reference
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord
from shop.api.records import Country, Coupon, State, WhoAmI
from tests.api.samples_offers import COUPON

CONTEXT = Context(("de", "en"), "https://up.test")


def coupon(**changes: Any) -> Coupon:
    return reference.coupon(CONTEXT)(COUPON | changes)


def test_a_coupon() -> None:
    read = coupon()
    assert (read.id, read.price_cents, read.value_cents, read.vat_bp) == (4, 2000, 2500, 1900)
    assert (read.title.pick("en"), read.description.pick("en", "de")) == ("Voucher", "Für alles")
    assert read.shipped_with_merchandise_id == 12
    assert read.created_at is not None
    assert read.updated_at is not None
    assert read.created_at < read.updated_at
    assert read.content["shop_title"].pick("de") == "Schenken"


def test_a_coupon_without_shipping_or_stated_value() -> None:
    read = coupon(shipped_with_merchandise_id=None, value_cents=None, vat_pct=None, content=[])
    assert (read.shipped_with_merchandise_id, read.value_cents, read.vat_bp, read.content) == (
        None,
        None,
        0,
        {},
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"price_cents": None},
        {"price_cents": -1},
        {"price_cents": 10**8 + 1},
        {"vat_pct": "much"},
        {"shipped_with_merchandise_id": "?"},
    ],
)
def test_a_coupon_whose_cost_is_not_clear_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BadRecord):
        coupon(**changes)


def test_countries_and_states() -> None:
    assert reference.country({"id": "60", "name": "Deutschland", "code": "de"}) == Country(
        60, "Deutschland", "DE"
    )
    assert reference.country({"id": 61, "name": {"de": "Wien"}, "code": "A1"}) == Country(61, "Wien")
    assert reference.state({"id": 3, "name": "Berlin", "country_id": 60}) == State(3, "Berlin", 60)
    for read in (reference.country, reference.state):
        for bad in ({"name": "x"}, {"id": 1}, {"id": 1, "name": " "}, None):
            with pytest.raises(BadRecord):
                read(bad)


def test_who_we_are() -> None:
    assert reference.who_am_i({"access": "reseller"}) == WhoAmI("reseller")
    assert reference.who_am_i({"access": "User", "museums": ["20", 21]}) == WhoAmI("user", (20, 21))
    assert reference.who_am_i({"access": "robot", "museums": []}) == WhoAmI("robot", ())
    with pytest.raises(BadRecord):
        reference.who_am_i({"museums": [20]})
