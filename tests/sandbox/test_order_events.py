"""Events in an order: single price, scale prices, seats of a plan; and what is refused."""

from typing import Any

import pytest

from tests.sandbox.buyer import Buyer, Json, codes, refusal
from tests.sandbox.visits import a_date, date_detail, event, free_seats

KILN, CONCERT, NOON, COURSE, LOOM, LUNCH, NIGHT, MEMBERS, PICTURE, WHALE = range(820, 830)


def left(buyer: Buyer, number: int) -> int:
    found: int = date_detail(buyer, number)["seats"]["available"]
    return found


def test_scale_prices_are_told_back_as_a_list(buyer: Buyer) -> None:
    number = a_date(buyer, KILN, left=10)
    order = buyer.draft(event(number, quantities={"61": 2, "62": 1}), total=3200)
    [line] = order["items"]
    told = line["attributes"]
    assert (line["type"], line["price_cents"], line["vat_pct"], line["tax_included"]) == (
        "Event",
        3200,
        "7.0",
        True,
    )
    assert (told["date_id"], told["event_id"]) == (number, KILN)
    assert told["id"] not in (number, line["id"]), "the booking has an id of its own"
    assert [(row["id"], row["quantity"], row["price_cents"]) for row in told["quantities"]] == [
        (61, 2, 1200),
        (62, 1, 800),
    ]
    assert told["start_time"] == date_detail(buyer, number)["start_time"]
    assert left(buyer, number) == 7
    buyer.cancel(order["token"])
    assert left(buyer, number) == 10


def test_a_single_price_is_ordered_by_number(buyer: Buyer) -> None:
    number = a_date(buyer, NOON, left=6)
    [line] = buyer.draft(event(number, quantity=5), total=2000)["items"]
    assert (line["attributes"]["quantity"], line["price_cents"]) == (5, 2000)
    assert "quantities" not in line["attributes"]
    assert codes(buyer.create(event(number, quantity=2), total=800)) == ["sold_out"]


def test_a_group_pays_once_and_counts_by_head(buyer: Buyer) -> None:
    number = a_date(buyer, LOOM, left=12)
    assert buyer.draft(event(number, quantity=12), total=9000)["total"] == 9000
    assert left(buyer, number) == 0


def test_an_optional_price_without_an_id_is_never_charged(buyer: Buyer) -> None:
    assert buyer.draft(event(a_date(buyer, WHALE, left=5), quantity=2), total=1200)["total"] == 1200


def test_a_price_may_have_a_rate_of_its_own(buyer: Buyer) -> None:
    order = buyer.draft(event(a_date(buyer, LUNCH, left=9), quantities={"65": 2, "66": 1}), total=2915)
    assert order["total"] == 2915


def test_a_discount_is_taken_off_the_item(buyer: Buyer) -> None:
    number = a_date(buyer, COURSE, left=9)
    assert buyer.draft(event(number, quantities={"63": 2, "64": 1}), total=2720)["total"] == 2720


def test_seats_are_sold_once(buyer: Buyer) -> None:
    number = a_date(buyer, CONCERT)
    free = free_seats(buyer, number)
    seats = [{"seat_id": seat, "scale_price_id": 71} for seat in free[1][:2]]
    seats.append({"seat_id": free[2][0], "scale_price_id": 72})
    order = buyer.bought_for(6600, event(number, seats=seats))
    told = order["items"][0]["attributes"]
    assert [row["seat_id"] for row in told["seats"]] == [row["seat_id"] for row in seats]
    assert len({row["barcode"] for row in told["seats"]}) == 3
    again = refusal(buyer.create(event(number, seats=seats), total=6600))["details"]
    assert [(one["code"], one["path"]) for one in again] == [
        ("seat_unavailable", f"items[0].attributes.seats[{place}].seat_id") for place in range(3)
    ]
    assert free_seats(buyer, number)[1] == free[1][2:]
    buyer.cancel(order["token"])
    assert free_seats(buyer, number) == free
    assert buyer.create(event(number, seats=seats), total=6600).status_code == 201


def test_two_items_cannot_share_a_seat(buyer: Buyer) -> None:
    number = a_date(buyer, CONCERT)
    seat = {"seat_id": free_seats(buyer, number)[1][0], "scale_price_id": 71}
    assert codes(buyer.create(event(number, seats=[seat, seat]), total=4800)) == ["seat_unavailable"]
    twice = buyer.create(event(number, seats=[seat]), event(number, seats=[seat]), total=4800)
    assert [(one["code"], one["item_index"]) for one in refusal(twice)["details"]] == [
        ("seat_unavailable", 1)
    ]
    assert buyer.create(event(number, seats=[seat]), total=2400).status_code == 201, "nothing was kept"


def test_numbers_count_over_all_items(buyer: Buyer) -> None:
    number = a_date(buyer, KILN, left=20)
    five = event(number, quantities={"61": 5})
    [detail] = refusal(buyer.create(five, five, total=12000))["details"]
    assert (detail["code"], detail["meta"]["max_per_registration"], detail["meta"]["requested"]) == (
        "quantity_above_maximum", 8, 10,
    )  # fmt: skip
    few = event(a_date(buyer, LOOM, left=12), quantity=3)
    assert codes(buyer.create(few, total=9000)) == ["quantity_below_minimum"]
    other = a_date(buyer, NOON, left=3)
    together = buyer.create(event(other, quantity=2), event(other, quantity=2), total=1600)
    [detail] = refusal(together)["details"]
    assert (detail["code"], detail["item_index"], detail["meta"]["available"]) == ("sold_out", 1, 1)


@pytest.mark.parametrize(
    ("kind", "chosen", "code"),
    [
        (KILN, {"quantity": 2}, "scale_price_required"),
        (KILN, {}, "scale_price_required"),
        (KILN, {"quantities": {"99": 1}}, "unknown_scale_price"),
        (KILN, {"quantities": {"61": 0}}, "quantity_invalid"),
        (KILN, {"quantities": {"61": -1}}, "quantity_invalid"),
        (KILN, {"quantities": {"61": "2"}}, "quantity_invalid"),
        (KILN, {"quantities": "all"}, "quantity_invalid"),
        (KILN, {"quantities": {"9" * 30: 1}}, "quantity_invalid"),
        (KILN, {"quantity": 1, "quantities": {"61": 1}}, "invalid_value"),
        (KILN, {"seats": [{"seat_id": 1204, "scale_price_id": 71}]}, "seat_unavailable"),
        (NOON, {"quantities": {"61": 1}}, "unknown_scale_price"),
        (NOON, {}, "quantity_invalid"),
        (NOON, {"quantity": 0}, "quantity_invalid"),
        (CONCERT, {}, "seats_required"),
        (CONCERT, {"quantities": {"71": 1}}, "seats_required"),
        (CONCERT, {"seats": []}, "seats_required"),
        (CONCERT, {"seats": [{"seat_id": [1], "scale_price_id": {}}]}, "seat_unavailable"),
        (CONCERT, {"seats": ["1204"]}, "seat_unavailable"),
        (CONCERT, {"seats": [{"seat_id": 1204}]}, "scale_price_required"),
        (CONCERT, {"seats": [{"seat_id": 1204, "scale_price_id": [71]}]}, "unknown_scale_price"),
        (CONCERT, {"seats": [{"seat_id": 1204, "scale_price_id": 61}]}, "unknown_scale_price"),
        (CONCERT, {"seats": [{"seat_id": 1204, "scale_price_id": 72}]}, "seat_category_mismatch"),
    ],
)  # fmt: skip
def test_each_wrong_choice_has_its_code(buyer: Buyer, kind: int, chosen: Json, code: str) -> None:
    assert codes(buyer.create(event(a_date(buyer, kind), **chosen), total=1200)) == [code]


@pytest.mark.parametrize("number", [0, -1, 1, 820, 820_000_009, "820", None, 10**30])
def test_an_unknown_date_is_no_product(buyer: Buyer, number: Any) -> None:
    assert codes(buyer.create(event(number, quantity=1), total=400)) == ["unknown_product"]


def test_what_cannot_be_booked_says_why(buyer: Buyer) -> None:
    number = a_date(buyer, NOON)
    past = number - 7 * 10 * 4
    assert codes(buyer.create(event(past, quantity=1), total=400)) == ["time_in_past"]
    members = MEMBERS * 1_000_000 + number % 1_000_000 // 10 * 10
    on_tuesdays = [members + 10 * ahead for ahead in range(7)]
    answers = [codes(buyer.create(event(one, quantity=1), total=0)) for one in on_tuesdays]
    assert ["not_bookable"] in answers
    assert codes(buyer.create(event(sold_out_night(buyer), quantity=1), total=1500)) == ["sold_out"]


def sold_out_night(buyer: Buyer) -> int:
    rows = buyer.http.get("/dates", params={"by_event_ids[]": NIGHT, "end_at": str(buyer.day(20))}).json()[
        "dates"
    ]
    found: int = rows[0]["id"]
    return found
