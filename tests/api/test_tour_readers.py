"""Readers of tours, their prices and start times: the sample answers, and every liberty upstream may take."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from shop.api.readers import availability, offers
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord
from shop.api.records import Equipment, Price, PriceKind, StartTime, Text, Tour, TourPrices
from tests.api.samples_offers import TOUR, TOUR_PRICES

CONTEXT = Context(("de", "en"), "https://up.test")
SUMMER = timezone(timedelta(hours=2))
HALF_TEN = "2027-07-26T10:30:00+02:00"


def tour(**changes: Any) -> Tour:
    return offers.tour(CONTEXT)({key: value for key, value in (TOUR | changes).items() if value is not ...})


def prices(**changes: Any) -> TourPrices:
    data = {key: value for key, value in (TOUR_PRICES | changes).items() if value is not ...}
    return offers.tour_prices(CONTEXT)(data)


def test_a_tour() -> None:
    read = tour()
    assert (read.id, read.museum_id, read.title.pick("de")) == (701, 20, "Farne bei Nacht")
    assert (read.has_equipment, read.equipment) == (True, (Equipment(5, Text({"de": "Audioguide"})),))
    assert read.depends_on_language
    assert (read.duration, read.min_participants, read.max_participants) == (60, 5, 25)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"equipment": True}, {"has_equipment": True, "equipment": ()}),
        ({"equipment": False}, {"has_equipment": False, "equipment": ()}),
        ({"equipment": []}, {"has_equipment": False, "equipment": ()}),
        ({"equipment": ...}, {"has_equipment": False, "equipment": ()}),
        ({"equipment": {"5": {"id": "5"}}}, {"has_equipment": True, "equipment": (Equipment(5),)}),
        ({"limitations": ...}, {"depends_on_language": False}),
        ({"limitations": []}, {"depends_on_language": False}),
        ({"duration": ..., "max_participants": 0}, {"duration": None, "max_participants": None}),
    ],
)
def test_liberties_with_tours(changes: dict[str, object], expected: dict[str, object]) -> None:
    read = tour(**changes)
    assert {name: getattr(read, name) for name in expected} == expected


def test_prices_are_told_apart_by_the_id_they_carry() -> None:
    read = prices()
    assert (read.bookable, read.vat_bp, read.discount, read.tax_included) == (True, 0, 0, True)
    assert [price.kind for price in read.prices] == [PriceKind.FLAT, PriceKind.SCALE, PriceKind.SURCHARGE]
    assert read.prices[0] == Price(
        9000,
        group=True,
        vat_bp=0,
        title=Text({"de": "Entgelt"}),
        description=Text({"de": "Gruppenpreis"}),
    )
    assert (read.prices[1].scale_price_id, read.prices[1].vat_bp) == (4, 700)
    assert (read.prices[2].price_surcharge_id, read.prices[2].optional) == (1, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"prices": []},
        {"prices": TOUR_PRICES["prices"][2:]},  # type: ignore[index]
        {"prices": [{"price_cents": 400}, {"price_cents": "?"}]},
        {"prices": [{"price_cents": 400, "price_surcharge_id": "?"}]},
        {"vat_pct": -1},
        {"discount": "half"},
        {"tax_included": "perhaps"},
    ],
)
def test_a_tour_whose_prices_cannot_be_trusted_is_not_bookable(changes: dict[str, object]) -> None:
    assert prices().bookable
    assert not prices(**changes).bookable


@pytest.mark.parametrize("payload", [None, [], {}, {"prices": None}, {"prices": "free"}])
def test_missing_prices_are_not_no_prices(payload: object) -> None:
    with pytest.raises(BadRecord):
        offers.tour_prices(CONTEXT)(payload)


def test_start_times_by_day() -> None:
    days = {"2027-07-25": [], "2027-07-26": ["2027-07-26T11:00:00+02:00", HALF_TEN, "soon"], "x": [HALF_TEN]}
    found = offers.start_times_by_day({"data": days})
    assert found[date(2027, 7, 25)] == []
    assert [start.key for start in found[date(2027, 7, 26)]] == [HALF_TEN, "2027-07-26T11:00:00+02:00"]
    assert len(found) == 2


def test_start_times_of_a_day_with_their_participants() -> None:
    row = {"start_time": HALF_TEN, "participants": {"min": 0, "max": 25, "bookable": "20"}}
    bare = {"start_time": "2027-07-26 10:00:00 +0200"}
    assert offers.start_times({"data": [row, bare, {"participants": {}}, None]}) == [
        StartTime("2027-07-26 10:00:00 +0200", datetime(2027, 7, 26, 10, tzinfo=SUMMER)),
        StartTime(HALF_TEN, datetime(2027, 7, 26, 10, 30, tzinfo=SUMMER), 0, 25, 20),
    ]


@pytest.mark.parametrize("read", [offers.start_times, offers.start_times_by_day, availability.capacity_by_id])
def test_no_data_is_not_empty_data(read: Any) -> None:
    assert not read({"data": {}})
    assert not read({"data": []})
    nothings: tuple[object, ...] = ({}, {"data": None}, [], "x")
    for nothing in nothings:
        with pytest.raises(BadRecord):
            read(nothing)


def test_equipment_by_its_id() -> None:
    found = availability.capacity_by_id({"data": {"5": {HALF_TEN: 0}, "x": {HALF_TEN: 3}, "6": []}})
    assert {own_id: [(slot.key, slot.left) for slot in slots] for own_id, slots in found.items()} == {
        5: [(HALF_TEN, 0)],
        6: [],
    }
