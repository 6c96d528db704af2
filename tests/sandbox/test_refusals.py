"""What an order request may say: everything wrong is named, with a code, and nothing of it is booked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.buyer import ADULT, FREE, GROUP, NAMED, PRESS, REDUCED, Buyer, codes, item, refusal


def test_too_few_places_says_how_many_are_left(buyer: Buyer) -> None:
    at = buyer.time(left=1)
    [detail] = refusal(buyer.create(item(ADULT, 2, at)))["details"]
    assert (detail["code"], detail["path"], detail["item_index"]) == (
        "sold_out",
        "items[0].attributes.time",
        0,
    )
    assert detail["meta"] == {"ticket_id": ADULT, "quota_id": 41, "time": at, "requested": 2, "available": 1}
    assert buyer.left(ADULT)[at] == 1


def test_all_items_together_must_find_room(buyer: Buyer) -> None:
    at = buyer.time(left=4)
    answer = buyer.create(item(ADULT, 2, at), item(REDUCED, 2, at), item(FREE, 1, at))
    assert [(one["item_index"], one["meta"]["available"]) for one in refusal(answer)["details"]] == [(2, 0)]


def test_all_or_nothing(buyer: Buyer) -> None:
    at = buyer.time(left=10)
    other = list(buyer.left(ADULT))[-1]
    buyer.sandbox.set_left(ADULT, other, 0)
    assert codes(buyer.create(item(ADULT, 2, at), item(ADULT, 1, other))) == ["sold_out"]
    assert buyer.left(ADULT)[at] == 10
    assert buyer.sandbox.ledger() == []


def test_a_time_off_the_grid_names_the_nearest(buyer: Buyer) -> None:
    at = datetime.fromisoformat(f"{buyer.day()}T11:40:00+01:00")
    at = at.replace(tzinfo=datetime.fromisoformat(buyer.time()).tzinfo)
    [detail] = refusal(buyer.create(item(ADULT, 1, at.isoformat())))["details"]
    assert detail["code"] == "time_invalid"
    assert detail["meta"]["nearest"] == [(at + timedelta(minutes=change)).isoformat() for change in (-10, 20)]
    assert detail["meta"]["entry_duration"] == 30
    assert detail["message"] == f"11:40 is not an entry time of ticket {ADULT}."


def test_an_instant_may_be_written_in_any_zone(buyer: Buyer) -> None:
    at = datetime.fromisoformat(buyer.time())
    utc = (at - (at.utcoffset() or timedelta())).replace(tzinfo=None).isoformat() + "Z"
    assert buyer.draft(item(ADULT, 1, utc))["items"][0]["attributes"]["start_time"] == at.isoformat()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": 999_999}, "unknown_product"),
        ({"id": PRESS}, "not_bookable"),
        ({"id": str(ADULT)}, "unknown_product"),
        ({"quantity": 0}, "quantity_invalid"),
        ({"quantity": -1}, "quantity_invalid"),
        ({"quantity": "2"}, "quantity_invalid"),
        ({"quantity": 1.5}, "quantity_invalid"),
        ({"quantity": True}, "quantity_invalid"),
        ({"quantity": 11}, "quantity_above_maximum"),
        ({"time": ""}, "time_missing"),
        ({"time": None}, "time_missing"),
        ({"time": "soon"}, "time_invalid"),
        ({"time": "2026-01-01T12:00:00"}, "time_invalid"),
        ({"time": "2020-01-03T12:00:00+01:00"}, "time_in_past"),
        ({"time": 7}, "time_invalid"),
    ],
)
def test_each_wrong_word_has_its_code(buyer: Buyer, change: dict[str, Any], code: str) -> None:
    line = item(ADULT, 2, buyer.time())
    line["attributes"] |= change
    assert codes(buyer.create(line, total=2800)) == [code]
    assert buyer.sandbox.ledger() == []


@pytest.mark.parametrize("items", [[], None, {}, "x"])
def test_an_order_without_items_is_none(buyer: Buyer, items: object) -> None:
    assert codes(buyer.http.post("/orders", json={"items": items, "total": 0})) == ["items_empty"]


def test_the_smallest_number_is_counted_over_all_items(buyer: Buyer) -> None:
    first, second = list(buyer.left(GROUP))[:2]
    for at in (first, second):
        buyer.sandbox.set_left(GROUP, at, 20)
    few = refusal(buyer.create(item(GROUP, 9, first)))["details"][0]
    assert (few["code"], few["meta"]["min_persons"]) == ("quantity_below_minimum", 10)
    assert buyer.create(item(GROUP, 5, first), item(GROUP, 5, second)).status_code == 201
    many = refusal(buyer.create(item(GROUP, 14, first), item(GROUP, 12, second)))["details"][0]
    assert (many["code"], many["meta"]["requested"]) == ("quantity_above_maximum", 26)


def test_every_wrong_item_is_named(buyer: Buyer) -> None:
    at = buyer.time()
    answer = buyer.create(
        item(PRESS, 1, at),
        item(ADULT, 1, at),
        item(REDUCED, 0, at),
        {"type": "Tour", "attributes": {"id": 1}},
    )
    found = [(one["item_index"], one["code"]) for one in refusal(answer)["details"]]
    assert found == [(0, "not_bookable"), (2, "quantity_invalid"), (3, "unknown_product")]


# --- names ----------------------------------------------------------------------------------------------------


def named(buyer: Buyer, quantity: int, *people: dict[str, str], **more: Any) -> Any:
    listed = {"attendees": list(people)} if people else more
    return buyer.create(item(NAMED, quantity, buyer.time(NAMED), **listed))


def test_names_are_required_one_per_person(buyer: Buyer) -> None:
    ida, noah = {"name": "Ida", "surname": "Brandt"}, {"name": "Noah", "surname": "Brandt"}
    assert named(buyer, 2, ida, noah).json()["order"]["items"][0]["attributes"]["attendees"] == [ida, noah]
    assert codes(named(buyer, 2)) == ["attendees_missing"]
    assert codes(named(buyer, 2, attendees="Ida")) == ["attendees_missing"]
    assert codes(named(buyer, 1, ida, noah)) == ["attendees_count"]


def test_everything_wrong_with_names_is_said(buyer: Buyer) -> None:
    details = refusal(named(buyer, 2, {"name": "Ida", "surname": " "}))["details"]
    assert [(one["code"], one["path"]) for one in details] == [
        ("attendees_count", "items[0].attributes.attendees"),
        ("attendee_incomplete", "items[0].attributes.attendees[0].surname"),
    ]
    assert details[0]["meta"] == {"expected": 2, "given": 1}
    assert details[0]["message"] == f"Ticket {NAMED} needs the names of 2 attendees, 1 was given."


# --- the order around its items -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"reference": ["R"]}, "invalid_value", "reference"),
        ({"comment": {}}, "invalid_value", "comment"),
        ({"coupons": ["?"]}, "coupon_invalid", "coupons[0]"),
    ],
)
def test_the_fields_of_the_order_are_checked(
    buyer: Buyer, change: dict[str, Any], code: str, path: str
) -> None:
    [detail] = refusal(buyer.create(item(ADULT, 1, buyer.time()), **change))["details"]
    assert (detail["code"], detail["path"], detail["item_index"]) == (code, path, None)


def test_an_order_needs_a_total(buyer: Buyer) -> None:
    answer = buyer.http.post("/orders", json={"items": [item(ADULT, 1, buyer.time())]})
    assert [(one["code"], one["path"]) for one in refusal(answer)["details"]] == [("missing_field", "total")]


def test_unknown_fields_of_the_browser_shop_are_ignored(buyer: Buyer) -> None:
    more: dict[str, Any] = {
        "payment_mode_id": "1",
        "shipping_address_id": None,
        "donations": [],
        "affiliate": {},
        "coupons": [],
    }
    line = item(ADULT, 1, buyer.time(), uuid="a", shipping_mode="email")
    assert buyer.create(line, reference=None, comment=None, **more).status_code == 201


def test_more_lines_than_a_till_can_hold_are_refused(buyer: Buyer) -> None:
    line = item(FREE, 1, buyer.time())
    assert codes(buyer.create(*[line] * 101)) == ["invalid_value"]


def test_a_ticket_is_sold_for_the_days_of_its_sale_only(buyer: Buyer) -> None:
    early_bird = 424
    day = buyer.day(30)
    at = next(iter(buyer.left(421, day)))
    assert codes(buyer.create(item(early_bird, 1, at), total=900)) == ["not_bookable"]


@pytest.mark.parametrize(
    "body", [b'{"total": NaN}', b'{"total": 1e999}', b'{"reference": "\\ud800"}', b"[" * 5000]
)
def test_what_cannot_be_told_back_is_not_read(buyer: Buyer, body: bytes) -> None:
    assert codes(buyer.http.post("/orders", content=body)) == ["malformed_json"]


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = (
    "id", "quantity", "time", "start_time", "quantities", "seats", "attendees", "reservations", "sub_ticket_times",
    "surcharges", "equipment", "language_id", "age_group_id",
)  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from(NAMES), ODD | st.sampled_from([ADULT, NAMED, 501, 601, 930, 931, 4])
)
ITEMS = st.lists(
    ODD
    | st.fixed_dictionaries(
        {"type": st.sampled_from(["Ticket", "Event", "Tour", "Coupon"]), "attributes": ATTRIBUTES}
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ITEMS, ODD)
def test_no_request_is_answered_by_anything_but_a_refusal(buyer: Buyer, items: list[Any], more: Any) -> None:
    body = {"items": items, "total": more, "reference": more, "coupons": more}
    assert buyer.http.post("/orders", json=body).status_code in (201, 422)
