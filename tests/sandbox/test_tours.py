"""Tours: lists, prices, start times, equipment."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.sandbox.buyer import Buyer, codes
from tests.sandbox.visitor import days_with, get, ids, instants, public

KILN, ARCADES, DEEP, QUIET, LIGHT, LOOM = range(930, 936)
GERMAN, ENGLISH, FRENCH, POLISH = range(1, 5)
MONDAY, WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = 0, 2, 4, 5, 6
HEADSETS = 7


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("by_museum_ids[]=7", {QUIET}),
        ("by_exhibition_ids[]=31", {ARCADES}),
        ("by_language_ids[]=3", {ARCADES}),
        ("by_audience_ids[]=2", {ARCADES, LOOM}),
        ("by_grade_ids[]=1", {LOOM}),
        ("by_featured=1", {KILN}),
        ("by_categories[]=Gruppenf%C3%BChrung&by_disablement_ids[]=1", {KILN}),
        ("q=offnung", {LIGHT}),
        ("with_bookings_in_future=false", {KILN, ARCADES, DEEP, QUIET, LIGHT, LOOM}),
    ],
)
def test_every_filter_of_tours(buyer: Buyer, query: str, found: set[int]) -> None:
    assert ids(buyer, "tours", query) == found


def test_equipment_is_a_yes_in_the_list_and_a_list_in_the_detail(buyer: Buyer) -> None:
    rows = {row["id"]: row for row in get(buyer, "/tours")["tours"]}
    assert [rows[tour]["equipment"] for tour in (KILN, DEEP)] == [True, False]
    tour = get(buyer, f"/tours/{KILN}")["tour"]
    assert [piece["id"] for piece in tour["equipment"]] == [7, 8]
    assert tour["limitations"] == {"language": False}
    assert get(buyer, f"/tours/{QUIET}")["tour"]["limitations"] == {"language": True}
    assert "original" in tour["picture"]
    assert buyer.http.get("/tours/1").status_code == 404
    assert buyer.http.get("/tours/nonsense").status_code == 404


# --- prices ---------------------------------------------------------------------------------------------------


def prices(buyer: Buyer, tour: int, **query: Any) -> list[Any]:
    """What each row costs and, of surcharges and scale prices, its id."""
    body = get(buyer, f"/tours/{tour}/prices", **query)
    assert set(body) == {"prices", "vat_pct", "discount", "tax_included"}
    return [
        (row.get("scale_price_id") or row.get("price_surcharge_id"), row["price_cents"])
        for row in body["prices"]
    ]


def test_a_surcharge_is_a_matter_of_language_or_weekday(buyer: Buyer) -> None:
    base = [(81, 600), (82, 400)]
    assert prices(buyer, ARCADES) == prices(buyer, ARCADES, language_id=GERMAN) == base
    assert prices(buyer, ARCADES, language_id=ENGLISH) == [*base, (17, 3000)]
    saturday, sunday = next(days_with(buyer, SATURDAY)), next(days_with(buyer, SUNDAY))
    assert prices(buyer, QUIET, date=saturday) == [(None, 7500)]
    assert prices(buyer, QUIET, date=sunday) == [(None, 7500), (18, 2000)]
    assert prices(buyer, LIGHT, date=sunday) == [(None, 5000), (None, 350), (19, 100)]


def test_a_customer_type_has_fees_of_its_own(buyer: Buyer) -> None:
    friday = next(days_with(buyer, FRIDAY))
    for name in ("price_target_audience_id_id", "price_target_audience_id"):
        assert prices(buyer, LIGHT, date=friday, **{name: 2}) == [(None, 4000)]
    assert prices(buyer, LIGHT, date=friday, customer_adress_id=5, price_target_audience_id=1)[0] == (
        None,
        5000,
    )


def test_prices_have_marks_and_a_common_basis(buyer: Buyer) -> None:
    body = get(buyer, f"/tours/{KILN}/prices", time="10-00", participants=12)
    assert [(row["group"], row["optional"]) for row in body["prices"]] == [
        (True, False),
        (True, False),
        (False, True),
    ]
    deep = get(buyer, f"/tours/{DEEP}/prices", time="10:30")
    assert (deep["tax_included"], deep["vat_pct"], deep["prices"][0]["price_cents"]) == (False, 7.0, 550)
    assert get(buyer, f"/tours/{ARCADES}/prices")["discount"] == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [("time", "noon"), ("time", "24:00"), ("participants", "0"), ("participants", "-1"), ("date", "1.2.2027"),
     ("language_id", "de")],
)  # fmt: skip
def test_nonsense_has_no_price(buyer: Buyer, name: str, value: str) -> None:
    assert codes(buyer.http.get(f"/tours/{KILN}/prices", params={name: value})) == ["invalid_value"]


# --- start times ----------------------------------------------------------------------------------------------


def starts(buyer: Buyer, tour: int, day: str, **query: Any) -> list[str]:
    """The start times of a day, which both forms tell alike."""
    rows = get(buyer, f"/tours/{tour}/start_times/{day}", **query)["data"]
    same = get(buyer, f"/tours/{tour}/start_times", start_at=day, end_at=day, depth="all", **query)["data"]
    found = [row["start_time"] for row in rows]
    assert same == {day: found}
    return found


def test_tours_begin_at_quarter_hours_inside_the_hours_asked_for(buyer: Buyer) -> None:
    day = next(days_with(buyer, FRIDAY))
    found = instants(starts(buyer, KILN, day))
    assert found == sorted(found) != []
    assert {at.minute % 15 for at in found} == {0}
    assert {at.date() for at in found} == {date.fromisoformat(day)}
    late = instants(starts(buyer, KILN, day, opening_hours_start=13 * 60, opening_hours_end=15 * 60))
    assert late == [at for at in found if 13 * 60 <= at.hour * 60 + at.minute <= 15 * 60] != []


def test_a_day_tells_for_how_many(buyer: Buyer) -> None:
    day = next(days_with(buyer, FRIDAY))
    rows = get(buyer, f"/tours/{KILN}/start_times/{day}")["data"]
    for row in rows:
        people = row["participants"]
        assert people["min"] <= people["bookable"] <= people["max"] == 25
    whole = [row["start_time"] for row in rows if row["participants"]["bookable"] == 25]
    span = {"start_at": day, "end_at": day, "depth": "all"}
    assert get(buyer, f"/tours/{KILN}/start_times", **span, participants=25)["data"][day] == whole
    assert 0 < len(whole) < len(rows)
    assert get(buyer, f"/tours/{KILN}/start_times", **span, participants=26)["data"][day] == []


def test_any_is_a_yes_for_every_day(buyer: Buyer) -> None:
    first = buyer.today() + timedelta(days=1)
    span = {"start_at": str(first), "end_at": str(first + timedelta(days=13))}
    yes = get(buyer, f"/tours/{KILN}/start_times", **span)["data"]
    times = get(buyer, f"/tours/{KILN}/start_times", **span, depth="all")["data"]
    assert yes == {day: bool(found) for day, found in times.items()}
    assert len(yes) == 14
    assert not yes[next(days_with(buyer, MONDAY))], "the house is closed"
    long = {"start_at": str(first), "end_at": str(first + timedelta(days=32))}
    assert codes(buyer.http.get(f"/tours/{KILN}/start_times", params=long)) == ["range_too_long"]
    assert codes(buyer.http.get(f"/tours/{KILN}/start_times/soon")) == ["invalid_value"]


def test_where_languages_are_limited_each_has_its_days(buyer: Buyer) -> None:
    friday, saturday = next(days_with(buyer, FRIDAY)), next(days_with(buyer, SATURDAY))
    spoken = {
        day: [
            code for code in (GERMAN, ENGLISH, FRENCH, POLISH) if starts(buyer, QUIET, day, language_id=code)
        ]
        for day in (friday, saturday)
    }
    assert spoken == {friday: [GERMAN, POLISH], saturday: [GERMAN, ENGLISH]}
    assert starts(buyer, KILN, friday, language_id=POLISH) == starts(buyer, KILN, friday), "no limit there"


def test_the_open_shop_sees_only_what_is_released_for_it(buyer: Buyer) -> None:
    tuesday = next(days_with(buyer, 1))
    assert starts(buyer, LOOM, tuesday)
    assert public(buyer, f"/tours/{LOOM}/start_times").json() == {"data": {}}
    assert public(buyer, f"/tours/{LOOM}/start_times/{tuesday}").json() == {"data": []}
    friday = next(days_with(buyer, FRIDAY))
    assert public(buyer, f"/tours/{KILN}/start_times/{friday}").json()["data"]


# --- equipment ------------------------------------------------------------------------------------------------


def test_equipment_is_told_in_three_forms(buyer: Buyer) -> None:
    day = next(days_with(buyer, FRIDAY))
    everything = get(buyer, f"/tours/{KILN}/equipments", date=day)["data"]
    assert set(everything) == {"7", "8"}
    one = get(buyer, f"/tours/{KILN}/equipments/{HEADSETS}", date=day)["data"]
    assert one == get(buyer, f"/tours/{KILN}/equipments/{HEADSETS}/", date=day)["data"] == everything["7"]
    at, left = next(iter(one.items()))
    zulu = datetime.fromisoformat(at).astimezone(tz=None).isoformat()
    for spelling in (at, quote(at), quote(at, safe=":"), quote(at, safe="+"), quote(zulu)):
        answer = buyer.http.get(f"/tours/{KILN}/equipments/{HEADSETS}/{spelling}")
        assert answer.json() == {"data": {at: left}}, spelling


def test_no_start_time_no_equipment(buyer: Buyer) -> None:
    day = next(days_with(buyer, FRIDAY))
    for wrong in (
        f"{day}T11:05:00+01:00",
        f"{day}T03:00:00+01:00",
        f"{day}T11:00:00",
        "noon",
        f"{day} 11:00:00 01:00",
    ):
        assert get(buyer, f"/tours/{KILN}/equipments/{HEADSETS}/{quote(wrong)}") == {"data": {}}, wrong
    assert buyer.http.get(f"/tours/{DEEP}/equipments/{HEADSETS}").status_code == 404
    assert get(buyer, f"/tours/{DEEP}/equipments") == {"data": {}}
