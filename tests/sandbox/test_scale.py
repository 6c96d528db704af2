"""A programme as large as the largest cities' is there at once, whole, and read quickly."""

import time
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.buyer import Buyer, item
from tests.sandbox.visitor import dates, get

SECONDS_TO_GROW, SECONDS_A_PAGE = 10.0, 2.0  # many times what it takes on an idle machine


@pytest.fixture
def city(buyer: Buyer) -> Buyer:
    began = time.perf_counter()
    buyer.sandbox.control.post("/scale", json={"tickets": "large"}).raise_for_status()
    assert time.perf_counter() - began < SECONDS_TO_GROW
    return buyer


def count(buyer: Buyer, path: str, **query: Any) -> int:
    """The length of a list, whose pages must come quickly."""
    began = time.perf_counter()
    total: int = get(buyer, path, per_page=100, **query)["meta"]["total_count"]
    assert time.perf_counter() - began < SECONDS_A_PAGE, path
    return total


def test_everything_is_there_in_numbers(city: Buyer) -> None:
    assert count(city, "/tickets") >= 5000
    assert count(city, "/events") >= 2000
    assert count(city, "/exhibitions") >= 400
    month = {"start_at": city.today(), "end_at": city.today() + timedelta(days=30)}
    assert count(city, "/dates", **month) >= 1000
    assert 0 < count(city, "/events", with_bookings_in_future="true") < count(city, "/events")


def test_every_page_of_a_long_list_is_another_part(city: Buyer) -> None:
    seen: list[int] = []
    for page in range(1, 52):
        rows = get(city, "/tickets", per_page=100, page=page)["tickets"]
        seen += [row["id"] for row in rows]
    assert len(seen) == len(set(seen)) == count(city, "/tickets")


def test_added_tickets_and_dates_can_be_had(city: Buyer) -> None:
    day = city.day()
    [at, *_] = city.left(1_000_042, day)
    answer = city.create(item(1_000_042, 1, at), total=542)
    assert answer.status_code == 201, answer.text
    found = dates(city, 10_000)
    assert found
    one = get(city, f"/events/10000/dates/{found[0]['id']}")["date"]
    assert one["seats"] == found[0]["seats"]


def test_a_year_has_twenty_thousand_dates(city: Buyer) -> None:
    """Counted for every hundredth event, month by month."""
    first = city.today()
    found = 0
    for number in range(10_000, 12_000, 100):
        for month in range(12):
            start = first + timedelta(days=30 * month)
            span = {"start_at": str(start), "end_at": str(start + timedelta(days=29))}
            found += get(city, f"/events/{number}/dates", per_page=1, **span)["meta"]["total_count"]
    assert found * 100 >= 20_000
