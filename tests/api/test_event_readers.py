"""Readers of events, their dates and seating plans: the sample answers, and every liberty upstream may take."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from shop.api.readers import dates, offers
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord
from shop.api.records import (
    Event,
    EventDate,
    Named,
    Price,
    PriceKind,
    Seat,
    SeatCategory,
    SeatRow,
    Seats,
    SeatType,
    Text,
)
from tests.api.samples_offers import DATE, EVENT, SEATING

CONTEXT = Context(("de", "en"), "https://up.test")
WINTER = timezone(timedelta(hours=1))


def event(**changes: Any) -> Event:
    return offers.event(CONTEXT)(EVENT | changes)


def date(**changes: Any) -> EventDate:
    data = {key: value for key, value in (DATE | changes).items() if value is not ...}
    return dates.priced_event_date(CONTEXT)(data)


def price(**changes: Any) -> dict[str, Any]:
    return {"group": False, "optional": False, "price_cents": 400} | changes


def test_an_event() -> None:
    read = event()
    assert (read.id, read.exhibition_id, read.museum_id) == (501, 33, 20)
    assert (read.featured, read.bookable) == (True, True)
    assert read.title.pick("en") == "Ferns at Night"
    assert read.sub_title.pick("en", "de") == "60 Minuten<br>"
    assert read.description.pick("de") == "Mit Laternen"
    assert read.category == Named(3, Text({"de": "Führung", "en": "Tour"}))
    assert [tag.id for tag in read.age_groups] == [1]
    assert [(tag.id, tag.name.pick("de")) for tag in read.grades] == [(9, "")]
    assert (read.audiences, read.catch_words, read.disablements, read.proposal_categories) == ((), (), (), ())
    assert [language.name.pick("en") for language in read.languages] == ["German"]
    assert read.ticket_ids == (311, 312)
    assert read.content == {"shop_title": Text({"de": "Nachts"})}
    assert read.picture is not None
    assert read.location is not None


@pytest.mark.parametrize(
    ("said", "registerable", "link"),
    [
        (True, True, None),
        (False, False, None),
        (None, False, None),
        ("false", False, None),
        ("/anmeldung/501", True, "https://up.test/anmeldung/501"),
        ("https://other.test/a", True, "https://other.test/a"),
        ("javascript:alert(1)", False, None),
        ("", False, None),
        ({}, False, None),
    ],
)
def test_registration_is_a_flag_or_a_link(said: object, registerable: bool, link: str | None) -> None:
    assert (event(registerable=said).registerable, event(registerable=said).registration_url) == (
        registerable,
        link,
    )


def test_a_tag_without_id_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    event()
    assert "left out grades None: no id" in caplog.text
    assert "ohne Nummer" not in caplog.text


def test_a_date() -> None:
    read = date()
    assert (read.id, read.event_id, read.exhibition_id, read.museum_id) == (5101, 501, None, 20)
    assert read.start_time == datetime(2027, 3, 14, 20, tzinfo=WINTER)
    assert (read.bookable, read.registerable, read.registration_url) == (True, False, None)
    assert (read.vat_bp, read.discount, read.tax_included, read.duration) == (700, 10, False, 90)
    assert read.seats == Seats(1, 30, 4, 26)
    assert read.category == Named(3, Text({"de": "Führung"}), "fuehrung")
    assert read.language == Named(1, Text({"de": "Deutsch"}))
    assert read.event_title.pick("de") == "Farne bei Nacht"
    assert read.description.pick("en", "de") == "Treffpunkt Eingang"
    assert read.location is not None
    regular, reduced = read.prices
    assert regular == Price(
        price_cents=1200,
        scale_price_id=61,
        vat_bp=1900,
        title=Text({"de": "Regulär", "en": "Regular"}),
        seat_category_id=1,
        seat_category_title=Text({"de": "A"}),
    )
    assert (reduced.kind, reduced.optional, reduced.vat_bp) == (PriceKind.SCALE, True, None)


def test_a_seating_plan() -> None:
    (seating,) = date().seatings
    assert seating.seats == (
        Seat(1, 7, 1, None, Text({"de": "A"})),
        Seat(2, 7, 1, 4, Text({"de": "B"})),
    )
    assert seating.blocked_seats == {2, 3}
    assert seating.rows == (SeatRow(7, Text({"de": "1"})),)
    assert seating.types == (SeatType(4, Text({"de": "Rollstuhlplatz"})),)
    assert (seating.visual_url, seating.visual_id) == ("https://up.test/api/v4/seatings/81.svg", 81)


def test_a_color_is_a_color_or_nothing() -> None:
    (seating,) = date().seatings
    assert seating.categories == (
        SeatCategory(1, Text({"de": "A"}), color_code="#bdbdbd"),
        SeatCategory(2, Text({"de": "B"})),
    )


@pytest.mark.parametrize(
    ("url", "absolute", "number"),
    [
        ("/api/v4/seatings/81.svg", "https://up.test/api/v4/seatings/81.svg", 81),
        ("https://up.test/api/v4/seatings/81.svg?x=1", "https://up.test/api/v4/seatings/81.svg?x=1", 81),
        ("plans/hall.svg", "https://up.test/plans/hall.svg", None),
        ("javascript:alert(1)", None, None),
        (None, None, None),
    ],
)
def test_the_drawing_of_a_seating_plan(url: object, absolute: str | None, number: int | None) -> None:
    (seating,) = date(seatings=[SEATING | {"visual_url": url}]).seatings
    assert (seating.visual_url, seating.visual_id) == (absolute, number)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"seats": None}, {"seats": None}),
        ({"seats": {"available": -3, "overbook": True}}, {"seats": Seats(available=0, overbook=True)}),
        ({"seats": {"max_per_registration": "4"}}, {"seats": Seats(max_per_registration=4)}),
        ({"seatings": ...}, {"seatings": ()}),
        ({"seatings": {"0": SEATING | {"seats": []}}}, {"bookable": True}),
        ({"duration": ...}, {"duration": None}),
        ({"language": []}, {"language": None}),
        ({"category": {"name": "?"}}, {"category": None}),
        ({"tax_included": ...}, {"tax_included": True, "bookable": True}),
        ({"vat_pct": "8.1"}, {"vat_bp": 810, "bookable": True}),
        ({"vat_pct": ...}, {"vat_bp": 0, "bookable": True}),
        ({"discount": None}, {"discount": 0, "bookable": True}),
        ({"prices": [price()]}, {"prices": (Price(400),), "bookable": True}),
        ({"prices": {"1": price(scale_price_id="61")}}, {"prices": (Price(400, scale_price_id=61),)}),
        ({"prices": [price(scale_price_id=None)]}, {"prices": (Price(400),), "bookable": True}),
        (
            {"start_time": "2027-03-14 19:00:00 +0000"},
            {"start_time": datetime(2027, 3, 14, 20, tzinfo=WINTER)},
        ),
    ],
)
def test_liberties_with_dates(changes: dict[str, object], expected: dict[str, object]) -> None:
    read = date(**changes)
    assert {name: getattr(read, name) for name in expected} == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"bookable": False},
        {"bookable": ...},
        {"prices": []},
        {"prices": ...},
        {"prices": "free"},
        {"prices": [price(), price(price_cents=-1)]},
        {"prices": [price(price_cents=None)]},
        {"prices": [price(price_cents=10**8 + 1)]},
        {"prices": [price(scale_price_id="?")]},
        {"prices": [price(group="sometimes")]},
        {"prices": [price(vat_pct="much")]},
        {"prices": [price(scale_price_id=1, price_surcharge_id=2)]},
        {"discount": 101},
        {"vat_pct": 120},
        {"tax_included": "perhaps"},
    ],
)
def test_a_date_whose_prices_cannot_be_trusted_is_not_bookable(changes: dict[str, object]) -> None:
    assert date().bookable
    assert not date(**changes).bookable


def test_a_date_in_a_list_may_come_without_prices() -> None:
    row = {key: value for key, value in DATE.items() if key not in {"prices", "vat_pct", "seatings"}}
    read = dates.event_date(CONTEXT)
    assert read(row).bookable
    assert not read(row | {"prices": [price(price_cents="?")]}).bookable


@pytest.mark.parametrize("missing", ["id", "event_id", "start_time"])
def test_a_date_without_what_makes_it_one_is_refused(missing: str) -> None:
    with pytest.raises(BadRecord):
        date(**{missing: ...})
    with pytest.raises(BadRecord):
        date(**{missing: "?"})
