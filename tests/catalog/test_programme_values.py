"""Events, dates, tours, vouchers and words become row values that fit their columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.mirror import digest
from catalog.programme_values import (
    Houses,
    coupon_values,
    date_values,
    event_values,
    named_values,
    place_in_values,
    tour_values,
    words_of,
)
from shop.api.records import Country, Coupon, Event, EventDate, Named, Price, Seats, State, Text, Tour

START = datetime(2027, 3, 1, 19, 30, tzinfo=ZoneInfo("Europe/Berlin"))
DATE = EventDate(1, 501, START)
HOUSES = Houses(frozenset({5}), frozenset({7}))


def test_an_event_is_related_only_to_houses_the_mirror_knows() -> None:
    values = event_values(Event(1, Text(), museum_id=5, exhibition_id=8), houses=HOUSES)
    assert (values["museum"], values["exhibition"]) == (5, None)


def test_words_are_named_by_list_and_number_in_order() -> None:
    record = Event(1, Text(), category=Named(4), languages=(Named(9), Named(2)), grades=(Named(2),))
    values = event_values(record, houses=HOUSES)
    assert values["category"] == "categories:4"
    assert values["tags"] == ["grades:2", "languages:2", "languages:9"]
    assert [kind for kind, _ in words_of(record)] == ["categories", "languages", "languages", "grades"]


def test_a_date_starts_at_the_same_moment_however_upstream_spells_it() -> None:
    spelled = replace(DATE, start_time=START.astimezone(UTC))
    assert digest(date_values(DATE, houses=HOUSES)) == digest(date_values(spelled, houses=HOUSES))


@pytest.mark.parametrize(
    ("prices", "lowest"),
    [
        ((), None),
        ((Price(1200), Price(800, scale_price_id=4), Price(100, optional=True)), 800),
        ((Price(0),), 0),
        ((Price(100, optional=True),), None),
    ],
)
def test_a_date_costs_at_least_its_lowest_price(prices: tuple[Price, ...], lowest: int | None) -> None:
    assert date_values(replace(DATE, prices=prices), houses=HOUSES)["price_from"] == lowest


def test_discount_and_tax_are_part_of_the_price() -> None:
    sold = replace(
        DATE, prices=(Price(1000), Price(990, vat_bp=1900)), vat_bp=700, discount=10, tax_included=False
    )
    assert date_values(sold, houses=HOUSES)["price_from"] == 963


def test_a_date_without_a_title_has_that_of_its_event() -> None:
    values = date_values(replace(DATE, event_title=Text({"de": "Nacht &amp; Tag"})), houses=HOUSES)
    assert values["titles"] == {"de": "Nacht & Tag"}


@given(st.integers(0, 10**18))
def test_no_number_breaks_its_column(number: int) -> None:
    seats = Seats(number, number, number, number, number)
    values = date_values(replace(DATE, seats=seats, duration=number), houses=HOUSES)
    columns = ("min_seats", "max_seats", "seats_per_order", "duration")
    assert all(values[name] is None or 0 <= values[name] < 2**31 for name in columns)  # type: ignore[operator]
    tour = tour_values(Tour(1, Text(), duration=number, max_participants=number), houses=HOUSES)
    assert tour["duration"] == tour["max_participants"] == (number if number < 2**31 else None)


def test_a_link_no_column_holds_is_left_out() -> None:
    link = "https://tickets.example/" + "x" * 1000
    assert date_values(replace(DATE, registration_url=link), houses=HOUSES)["registration_url"] == ""


def test_a_voucher_is_told_without_markup_that_could_do_harm() -> None:
    record = Coupon(
        1, Text({"de": "<b>Gut</b>schein"}), 2500, description=Text({"de": "<p onclick='x'>a</p>"})
    )
    values = coupon_values(record)
    assert (values["titles"], values["descriptions"]) == ({"de": "Gutschein"}, {"de": "<p>a</p>"})


def test_a_word_has_its_filter_name_and_a_country_its_code() -> None:
    assert named_values(Named(1, Text({"de": "Familie"}), "family")) == {
        "titles": {"de": "Familie"},
        "code": "family",
        "country_id": None,
    }
    assert place_in_values(Country(1, "Deutschland", "DE"), {"de": "Deutschland", "en": "Germany"}) == {
        "titles": {"de": "Deutschland", "en": "Germany"},
        "code": "DE",
        "country_id": None,
    }
    assert place_in_values(State(3, "Bayern", 1), {"de": "Bayern"})["country_id"] == 1
