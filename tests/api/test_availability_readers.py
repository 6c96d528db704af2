"""Availability readers: both timestamp forms, maps and arrays, nothing and nonsense."""

from datetime import date, datetime, timedelta, timezone

import pytest

from shop.api.readers import availability
from shop.api.reading import BadRecord
from shop.api.records import (
    Slot,
)
from tests.api import samples

WINTER = timezone(timedelta(hours=1))


def test_capacity_is_sorted_by_instant_and_keeps_the_key() -> None:
    assert availability.capacity(samples.CAPACITY) == [
        Slot("2027-03-14T11:00:00+01:00", datetime(2027, 3, 14, 11, tzinfo=WINTER), 5),
        Slot("2027-03-14T11:30:00+01:00", datetime(2027, 3, 14, 11, 30, tzinfo=WINTER), 3),
    ]


def test_sorting_compares_instants_not_texts() -> None:
    slots = availability.capacity({"data": {"2027-10-31T02:30:00+01:00": 1, "2027-10-31T02:45:00+02:00": 2}})
    assert [slot.left for slot in slots] == [2, 1]


def test_unreadable_slots_are_left_out_and_negative_places_are_none() -> None:
    data = {"2027-03-14T11:00:00+01:00": -2, "noon": 3, "2027-03-14T12:00:00+01:00": None}
    assert [(slot.key, slot.left) for slot in availability.capacity({"data": data})] == [
        ("2027-03-14T11:00:00+01:00", 0)
    ]


@pytest.mark.parametrize("nothing", [{}, []])
def test_no_places_at_all(nothing: object) -> None:
    assert availability.capacity({"data": nothing}) == []
    assert availability.capacities({"data": nothing}) == []
    assert availability.calendar_any({"data": nothing}) == {}


@pytest.mark.parametrize("payload", [None, {}, {"data": None}, {"data": "x"}, [], "x"])
def test_missing_data_is_not_the_same_as_no_places(payload: object) -> None:
    for read in (
        availability.capacity,
        availability.capacities,
        availability.calendar_any,
        availability.calendar_all,
    ):
        with pytest.raises(BadRecord):
            read(payload)


def test_capacities_by_quota() -> None:
    first, second = availability.capacities(samples.CAPACITIES)
    assert (first.quota_id, first.ticket_ids) == (41, (311, 312))
    assert [(slot.left, slot.total) for slot in first.slots] == [(12, 40), (0, 40)]
    assert (second.quota_id, [slot.left for slot in second.slots]) == (44, [5, 3])


def test_totals_are_matched_by_instant_and_may_be_missing() -> None:
    quota = {
        "ticket_ids": [311],
        "capacities": [{"2027-03-14 11:00:00 +0100": 1}, {"2027-03-14 12:00:00 +0100": 2}],
        "total_capacities": {"2027-03-14T11:00:00+01:00": 9},
    }
    (day,) = availability.capacities({"data": [{"quota": quota | {"id": 41}}]})
    assert day.ticket_ids == (311,)
    assert [(slot.key, slot.left, slot.total) for slot in day.slots] == [
        ("2027-03-14 11:00:00 +0100", 1, 9),
        ("2027-03-14 12:00:00 +0100", 2, None),
    ]


def test_calendars() -> None:
    days = {"2027-03-14": True, "2027-03-15": "fully_booked", "2027-03-16": "available", "someday": True}
    assert availability.calendar_any({"data": days}) == {
        date(2027, 3, 14): True,
        date(2027, 3, 15): False,
        date(2027, 3, 16): True,
    }
    full = availability.calendar_all(samples.CALENDAR_ALL)
    assert full[date(2027, 3, 15)] == []
    (quota,) = full[date(2027, 3, 14)]
    assert [slot.key for slot in quota.slots] == ["2027-03-14 11:00:00 +0100", "2027-03-14 11:30:00 +0100"]
