"""Tours in an order: people, languages, surcharges, equipment; and what is refused."""

from typing import Any

import pytest

from tests.sandbox.buyer import Buyer, codes, refusal
from tests.sandbox.visits import a_start, tour

GROUP, SCALED, BY_HEAD, QUIET = 930, 931, 932, 933
SUNDAY, FRIDAY = 6, 4
HEADSETS, STOOLS = 7, 8
ADULTS = {"age_group_id": 3}


def bookable(buyer: Buyer, number: int, at: str) -> int:
    rows = buyer.http.get(f"/tours/{number}/start_times/{at[:10]}").json()["data"]
    return next((int(row["participants"]["bookable"]) for row in rows if row["start_time"] == at), 0)


def group(buyer: Buyer, at: str | None = None, **more: Any) -> Any:
    usual = {"quantity": 12, "surcharges": {"15": 1, "16": 6}}
    return tour(GROUP, at or a_start(buyer, GROUP, 25), **usual | more)


def test_a_group_price_with_surcharges_and_equipment(buyer: Buyer) -> None:
    at = a_start(buyer, GROUP, 25)
    order = buyer.draft(group(buyer, at, equipment=[{"id": HEADSETS, "quantity": 6}]), total=12000)
    [line] = order["items"]
    told = line["attributes"]
    assert (line["type"], line["price_cents"], told["tour_id"], told["participants"]) == (
        "Tour",
        12000,
        GROUP,
        12,
    )
    assert (told["start_time"], told["equipment"]) == (at, [{"id": HEADSETS, "quantity": 6}])
    assert told["language"] == "Deutsch"
    assert isinstance(told["age_group"], str)
    assert [(row["quantity"], row["price_cents"], row["total_price_cents"]) for row in told["prices"]] == [
        (12, 9000, 9000), (1, 1500, 1500), (6, 250, 1500),
    ]  # fmt: skip
    assert bookable(buyer, GROUP, at) == 13
    buyer.cancel(order["token"])
    assert bookable(buyer, GROUP, at) == 25


def test_scale_prices_with_a_surcharge_of_the_language(buyer: Buyer) -> None:
    at = a_start(buyer, SCALED, 12)
    chosen = {"language_id": 2, "age_group_id": 2, "quantities": {"81": 10, "82": 2}}
    wanted = tour(SCALED, at, **chosen, surcharges={"17": 1}, equipment=[{"id": HEADSETS, "quantity": 12}])
    order = buyer.draft(wanted, total=9310)
    assert [row["quantity"] for row in order["items"][0]["attributes"]["prices"]] == [10, 2, 1]
    german = tour(SCALED, a_start(buyer, SCALED, 12, weekday=4), **chosen | {"language_id": 1})
    assert buyer.draft(german, total=6460)["total"] == 6460, "no surcharge is due, so none need be listed"


def test_a_price_by_head_without_tax(buyer: Buyer) -> None:
    at = a_start(buyer, BY_HEAD, 13)
    wanted = tour(BY_HEAD, at, quantity=13, age_group_id=age_group(buyer, BY_HEAD))
    assert buyer.draft(wanted, total=7651)["total"] == 7651


def age_group(buyer: Buyer, number: int) -> int:
    found: int = buyer.http.get(f"/tours/{number}").json()["tour"]["age_groups"][0]["id"]
    return found


def test_a_sunday_costs_more(buyer: Buyer) -> None:
    at = a_start(buyer, QUIET, 2, weekday=SUNDAY)
    plain = {"quantity": 2, "age_group_id": None}
    assert codes(buyer.create(tour(QUIET, at, **plain), total=9500)) == ["surcharges_required"]
    assert codes(buyer.create(tour(QUIET, at, **plain, surcharges={}), total=9500)) == ["surcharge_quantity"]
    assert buyer.draft(tour(QUIET, at, **plain, surcharges={"18": 1}), total=9500)["total"] == 9500
    friday = a_start(buyer, QUIET, 2, weekday=FRIDAY)
    assert codes(buyer.create(tour(QUIET, friday, **plain, surcharges={"18": 1}), total=9500)) == [
        "unknown_surcharge"
    ]
    assert buyer.draft(tour(QUIET, friday, **plain), total=7500)["total"] == 7500


def test_a_language_needs_its_guide(buyer: Buyer) -> None:
    at = a_start(buyer, QUIET, 2, weekday=SUNDAY)
    polish = tour(
        QUIET,
        at,
        quantity=2,
        age_group_id=None,
        language_id=language(buyer, "Polnisch"),
        surcharges={"18": 1},
    )
    assert codes(buyer.create(polish, total=9500)) == ["language_unavailable"]


def language(buyer: Buyer, name: str) -> int:
    rows = buyer.http.get("/tours/languages").json()["languages"]
    return next(int(row["id"]) for row in rows if row["name"] == name)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": 999}, "unknown_product"),
        ({"start_time": None}, "time_missing"),
        ({"start_time": "soon"}, "time_invalid"),
        ({"start_time": "2020-01-03T12:00:00+01:00"}, "time_in_past"),
        ({"start_time": "9999-12-31T23:59:59+00:00"}, "time_invalid"),
        ({"language_id": None}, "language_required"),
        ({"language_id": 99}, "language_unavailable"),
        ({"language_id": [1]}, "language_unavailable"),
        ({"age_group_id": None}, "age_group_invalid"),
        ({"age_group_id": 99}, "age_group_invalid"),
        ({"quantity": 4}, "quantity_below_minimum"),
        ({"quantity": 26}, "quantity_above_maximum"),
        ({"quantity": 0}, "quantity_invalid"),
        ({"quantities": {"1": 12}}, "invalid_value"),
        ({"quantity": None, "quantities": {"81": 12}}, "unknown_scale_price"),
        ({"surcharges": None}, "surcharges_required"),
        ({"surcharges": {}}, "surcharge_quantity"),
        ({"surcharges": {"15": 2}}, "surcharge_quantity"),
        ({"surcharges": {"15": 1, "16": 99}}, "surcharge_quantity"),
        ({"surcharges": {"15": 1, "99": 1}}, "unknown_surcharge"),
        ({"surcharges": "all"}, "invalid_value"),
        ({"equipment": [{"id": 99, "quantity": 1}]}, "equipment_unavailable"),
        ({"equipment": [{"id": HEADSETS, "quantity": 99}]}, "equipment_unavailable"),
        ({"equipment": [{"id": HEADSETS, "quantity": 0}]}, "quantity_invalid"),
        ({"equipment": ["all"]}, "equipment_unavailable"),
        ({"attendees": [{"name": "Ida", "surname": "Brandt"}]}, "participants_mismatch"),
    ],
)
def test_each_wrong_word_has_its_code(buyer: Buyer, change: dict[str, Any], code: str) -> None:
    line = group(buyer, quantity=12, surcharges={"15": 1})
    line["attributes"] |= change
    assert codes(buyer.create(line, total=10500)) == [code]
    assert buyer.sandbox.ledger() == []


def test_a_start_between_the_quarters_names_the_nearest(buyer: Buyer) -> None:
    at = a_start(buyer, GROUP, 25)
    odd = f"{at[:14]}{int(at[14:16]) + 7:02}{at[16:]}"
    [detail] = refusal(buyer.create(group(buyer, odd), total=12000))["details"]
    assert (detail["code"], detail["path"]) == ("time_invalid", "items[0].attributes.start_time")
    assert at in detail["meta"]["nearest"]


def test_two_groups_share_what_is_there(buyer: Buyer) -> None:
    at = a_start(buyer, GROUP, 25)
    answer = buyer.create(group(buyer, at, quantity=15), group(buyer, at, quantity=15), total=24000)
    [detail] = refusal(answer)["details"]
    assert (detail["code"], detail["item_index"], detail["meta"]["available"]) == ("sold_out", 1, 10)
    assert bookable(buyer, GROUP, at) == 25
    buyer.draft(group(buyer, at, quantity=15, equipment=[{"id": STOOLS, "quantity": 5}]), total=12000)
    more = group(buyer, at, quantity=5, surcharges={"15": 1}, equipment=[{"id": STOOLS, "quantity": 11}])
    assert codes(buyer.create(more, total=10500)) == ["equipment_unavailable"]
    assert codes(buyer.create(group(buyer, at, quantity=11), total=12000)) == ["sold_out"]


def test_everything_wrong_with_a_tour_is_said_at_once(buyer: Buyer) -> None:
    line = group(buyer, language_id=99, age_group_id=99, quantity=0)
    assert codes(buyer.create(line, total=0)) == [
        "language_unavailable",
        "age_group_invalid",
        "quantity_invalid",
    ]
