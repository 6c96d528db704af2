"""How tours, their equipment, prices and start times are asked for."""

from datetime import date, time

import httpx
import pytest

from shop.api import Patience
from shop.api.queries import Selection
from shop.api.records import Tag
from tests.api.samples_offers import TOUR, TOUR_PRICES
from tests.api.scripted import answer
from tests.api.talking import Answering, Serving, always, params
from tests.api.test_event_requests import EVERY_FILTER, PIECES, SENT, pieces

DAY = date(2027, 7, 26)
START, END = date(2027, 3, 1), date(2027, 4, 10)
HALF_TEN = "2027-07-26T10:30:00+02:00"


def test_tours_by_every_filter(answering: Answering) -> None:
    gomus, asked = answering(always({"tours": [TOUR | {"equipment": True}]}))
    listing = gomus.tours.tours("de", EVERY_FILTER, q="Farn", featured=False)
    assert [(tour.id, tour.has_equipment) for tour in listing] == [(701, True)]
    assert asked[0].url.path == "/api/v4/tours"
    assert params(asked[0]) == [
        ("locale", "de"),
        ("q", "Farn"),
        ("by_featured", "false"),
        *SENT,
        ("page", "1"),
        ("per_page", "100"),
    ]
    assert list(gomus.tours.tours("de", Selection(language_ids=[]))) == []
    assert len(asked) == 1


def test_one_tour_and_the_tags_of_tours(answering: Answering) -> None:
    gomus, asked = answering(always({"tour": TOUR, "grades": [{"id": 1, "name": "Klasse 1"}]}))
    assert [piece.id for piece in gomus.tours.tour(701, ["de", "en"]).equipment] == [5]
    assert [named.id for named in gomus.tours.tags(Tag.GRADES, "de") or ()] == [1]
    assert [request.url.path for request in asked] == ["/api/v4/tours/701", "/api/v4/tours/grades"]


def test_equipment_of_a_day(answering: Answering) -> None:
    gomus, asked = answering(always({"data": {"5": {HALF_TEN: 3}}}))
    assert [slot.left for slot in gomus.tours.equipments(701, DAY)[5]] == [3]
    gomus, asked_one = answering(always({"data": {HALF_TEN: 3}}))
    assert [slot.key for slot in gomus.tours.equipment(701, 5, DAY)] == [HALF_TEN]
    assert [(request.url.path, params(request)) for request in [*asked, *asked_one]] == [
        ("/api/v4/tours/701/equipments", [("date", "2027-07-26")]),
        ("/api/v4/tours/701/equipments/5", [("date", "2027-07-26")]),
    ]


def test_a_time_in_the_path_is_encoded_on_the_wire(serving: Serving) -> None:
    gomus, server = serving(answer(200, {"data": {"2027-07-26T08:30:00Z": 2}}))
    assert gomus.tours.equipment_at(701, 5, HALF_TEN) == 2
    assert server.asked[0].target == "/api/v4/tours/701/equipments/5/2027-07-26T10%3A30%3A00%2B02%3A00"


def test_equipment_at_a_time_at_which_no_tour_starts(answering: Answering) -> None:
    gomus, asked = answering(always({"data": {}}))
    assert gomus.tours.equipment_at(701, 5, HALF_TEN) is None
    with pytest.raises(ValueError, match="start time"):
        gomus.tours.equipment_at(701, 5, "soon")
    assert len(asked) == 1


def test_prices_with_every_parameter(answering: Answering) -> None:
    gomus, asked = answering(always(TOUR_PRICES))
    found = gomus.tours.prices(
        701,
        DAY,
        time(9, 5),
        "de",
        participants=12,
        language_id=2,
        customer_address_id=77,
        target_audience_id=3,
    )
    assert [price.price_cents for price in found.prices] == [9000, 400, 300]
    assert asked[0].url.path == "/api/v4/tours/701/prices"
    assert params(asked[0]) == [
        ("locale", "de"),
        ("date", "2027-07-26"),
        ("time", "09-05"),
        ("participants", "12"),
        ("language_id", "2"),
        ("customer_adress_id", "77"),
        ("price_target_audience_id_id", "3"),
    ]


def test_prices_with_what_must_be_said(answering: Answering) -> None:
    gomus, asked = answering(always(TOUR_PRICES))
    gomus.tours.prices(701, DAY, time(14), ["de"], participants=1, patience=Patience.WORKER)
    assert [name for name, _ in params(asked[0])] == ["locale[]", "date", "time", "participants"]


def test_days_on_which_a_tour_may_start(answering: Answering) -> None:
    gomus, asked = answering(always({"data": {"2027-03-01": False, "2027-04-10": True, "2027-04-11": True}}))
    days = gomus.tours.start_times_any(701, START, END, participants=5, language_id=2, opens=540, closes=1080)
    assert days == {START: False, END: True}
    assert pieces(asked) == PIECES
    assert asked[0].url.path == "/api/v4/tours/701/start_times"
    assert params(asked[0])[:5] == [
        ("depth", "any"),
        ("opening_hours_start", "540"),
        ("opening_hours_end", "1080"),
        ("participants", "5"),
        ("language_id", "2"),
    ]


def test_all_start_times_of_a_range(answering: Answering) -> None:
    gomus, asked = answering(always({"data": {"2027-07-25": [], "2027-07-26": [HALF_TEN]}}))
    days = gomus.tours.start_times_all(701, date(2027, 7, 25), DAY)
    assert [[start.key for start in starts] for starts in days.values()] == [[], [HALF_TEN]]
    assert params(asked[0])[0] == ("depth", "all")


def test_start_times_of_one_day(answering: Answering) -> None:
    row = {"start_time": HALF_TEN, "participants": {"min": 1, "max": 25, "bookable": 20}}
    gomus, asked = answering(lambda _: httpx.Response(200, json={"data": [row]}))
    (start,) = gomus.tours.start_times_on(701, DAY, language_id=2, opens=480)
    assert (start.min_participants, start.max_participants, start.bookable_participants) == (1, 25, 20)
    assert asked[0].url.path == "/api/v4/tours/701/start_times/2027-07-26"
    assert params(asked[0]) == [("opening_hours_start", "480"), ("language_id", "2")]
