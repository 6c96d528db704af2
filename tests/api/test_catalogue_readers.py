"""Catalogue readers: the sample answers, and every liberty upstream may take."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from shop.api.readers import catalogue, tickets
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord
from shop.api.records import (
    Location,
    OpeningHours,
    Picture,
    Text,
    Ticket,
    TicketType,
)
from tests.api import samples

CONTEXT = Context(("de", "en"), "https://up.test")
WINTER = timezone(timedelta(hours=1))


def ticket(**changes: Any) -> Ticket:
    data = {key: value for key, value in (samples.TICKET | changes).items() if value is not ...}
    return tickets.ticket(CONTEXT)(data)


def test_a_museum() -> None:
    museum = catalogue.museum(CONTEXT)(samples.MUSEUM)
    assert museum.id == 20
    assert museum.title.as_dict() == {"de": "Glashaus", "en": "Glass House"}
    assert museum.sub_title.pick("en", "de") == "Pflanzen<br>der Tropen"
    assert museum.location == Location(
        "Glashaus am Hafen", "Kiel", "Deutschland", "Kaistrasse", "24103", 54.3213, 10.1349
    )
    assert museum.content == {"shop_title": Text({"de": "Glashaus"})}
    assert museum.picture == Picture(
        title=Text({"de": "Palmen", "en": "Palms"}),
        copyright_info="M. Holm",
        teaser="https://up.test/teaser/palms.jpg",
        preview="https://up.test/preview/palms.jpg",
        article="http://cdn.test/article/palms.jpg",
        detail="https://cdn.test/detail/palms.jpg",
    )
    assert museum.picture.best() == "https://cdn.test/detail/palms.jpg"


@pytest.mark.parametrize("nothing", [None, [], {}, "x", {"title": None, "teaser": ""}])
def test_optional_objects_may_be_missing_in_any_way(nothing: object) -> None:
    changes = dict.fromkeys(("picture", "location", "content"), nothing)
    museum = catalogue.museum(CONTEXT)(samples.MUSEUM | changes)
    assert (museum.picture, museum.location) == (None, None)
    assert "teaser" not in museum.content


def test_an_exhibition_with_its_periods_in_order() -> None:
    exhibition = catalogue.exhibition(CONTEXT)(samples.EXHIBITION)
    assert (exhibition.id, exhibition.museum_id, exhibition.featured) == (33, 20, True)
    assert exhibition.slider_description.pick("en") == "Green"
    assert [frame.start_at.date() for frame in exhibition.time_frames if frame.start_at] == [
        date(2026, 11, 28),
        date(2027, 4, 1),
    ]


def test_an_exhibition_does_not_become_permanent_by_an_unreadable_period() -> None:
    read = catalogue.exhibition(CONTEXT)
    assert read(samples.EXHIBITION | {"time_frames": []}).time_frames == ()
    with pytest.raises(BadRecord):
        read(samples.EXHIBITION | {"time_frames": [{"start_at": "soon", "end_at": None}]})


def test_a_ticket() -> None:
    read = ticket()
    assert read.id == 311
    assert read.ticket_type is TicketType.TIME_SLOT
    assert read.bookable
    assert (read.museum_ids, read.exhibition_ids, read.quota_ids) == ((20,), (33,), (41, 44))
    assert (read.price_cents, read.discount, read.vat_bp, read.tax_included) == (1400, 10, 810, False)
    assert read.dynamic_prices == {"2027-03-14T11:30:00+01:00": 1200}
    assert (read.first_entry, read.last_entry, read.entry_duration) == (660, 990, 30)
    assert (read.min_persons, read.max_persons) == (1, 10)
    assert (read.attendees_required, read.identification, read.personalizeable) == (True, True, False)
    assert read.after_sale_information.pick("en") == "<p>Please be on time</p>"
    assert (read.sub_ticket_ids, read.is_sub_ticket, read.shop_order) == ((341, 342), False, 3)
    assert read.content["shop_title"].pick("en") == "Card"
    assert read.location is not None
    assert read.location.city == "Kiel"


@pytest.mark.parametrize(
    ("word", "duration", "kind"),
    [
        ("time_slot", 30, TicketType.TIME_SLOT),
        ("normal", None, TicketType.NORMAL),
        ("day_ticket", None, TicketType.NORMAL),
        ("day", 30, TicketType.NORMAL),
        ("annual", None, TicketType.ANNUAL),
        ("new_word", None, TicketType.NORMAL),
        ("new_word", 30, TicketType.TIME_SLOT),
        (None, 30, TicketType.TIME_SLOT),
        (..., ..., TicketType.NORMAL),
    ],
)
def test_the_words_for_kinds_of_tickets(word: object, duration: object, kind: TicketType) -> None:
    assert ticket(ticket_type=word, entry_duration=duration).ticket_type is kind


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"max_persons": 0}, {"max_persons": None}),
        ({"max_persons": 0, "ticket_type": "annual"}, {"bookable": False}),
        ({"max_persons": None, "ticket_type": "annual"}, {"bookable": True}),
        ({"max_persons": None}, {"max_persons": None}),
        ({"max_persons": "8"}, {"max_persons": 8}),
        ({"min_persons": None}, {"min_persons": 0}),
        ({"tax_included": ...}, {"tax_included": True}),
        ({"vat_pct": "19.0"}, {"vat_bp": 1900, "bookable": True}),
        ({"vat_pct": None}, {"vat_bp": 0, "bookable": True}),
        ({"price_cents": "1400"}, {"price_cents": 1400}),
        ({"price_cents": 0}, {"price_cents": 0, "bookable": True}),
        ({"discount": ...}, {"discount": 0, "bookable": True}),
        ({"discount": 100}, {"discount": 100, "bookable": True}),
        ({"attendees": "optional"}, {"attendees_required": False}),
        ({"attendees": None}, {"attendees_required": False}),
        ({"identification": "required"}, {"identification": True}),
        ({"identification": "false"}, {"identification": False}),
        ({"identification": ""}, {"identification": False}),
        ({"quota_ids": {}}, {"quota_ids": ()}),
        ({"quota_ids": ["41", 41, None, -3, "x"]}, {"quota_ids": (41,)}),
        ({"entry_duration": 0}, {"entry_duration": None}),
        ({"dynamic_prices": []}, {"dynamic_prices": {}, "bookable": True}),
        ({"unknown": {"a": 1}}, {"id": 311}),
        ({"id": "311"}, {"id": 311}),
        ({"title": "Glashaus"}, {"title": Text({"de": "Glashaus"})}),
    ],
)
def test_liberties_with_tickets(changes: dict[str, object], expected: dict[str, object]) -> None:
    read = ticket(**changes)
    assert {name: getattr(read, name) for name in expected} == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"bookable": False},
        {"bookable": ...},
        {"discount": 101},
        {"discount": -1},
        {"discount": "much"},
        {"price_cents": -1},
        {"price_cents": None},
        {"price_cents": "free"},
        {"price_cents": 10**8 + 1},
        {"vat_pct": "a lot"},
        {"vat_pct": 120},
        {"dynamic_prices": {"2027-03-14T11:30:00+01:00": -5}},
        {"dynamic_prices": {"sometimes": 5}},
    ],
)
def test_a_ticket_whose_price_cannot_be_trusted_is_not_bookable(changes: dict[str, object]) -> None:
    assert ticket().bookable
    assert not ticket(**changes).bookable


@pytest.mark.parametrize("bad", [None, [], "x", {"id": 0}, {"id": None}, {"title": "no id"}])
def test_records_without_an_id_are_refused(bad: object) -> None:
    for read in (catalogue.museum(CONTEXT), catalogue.exhibition(CONTEXT), tickets.ticket(CONTEXT)):
        with pytest.raises(BadRecord):
            read(bad)


def test_opening_hours() -> None:
    begin, end = "2026-12-31T10:00:00+01:00", "2027-01-01T01:30:00+01:00"
    open_day = OpeningHours(
        datetime(2026, 12, 31, 10, tzinfo=WINTER), datetime(2027, 1, 1, 1, 30, tzinfo=WINTER)
    )
    assert catalogue.opening_hours({"opening_hours": {"begin": begin, "end": end}}) == open_day
    assert catalogue.opening_hours({"begin": begin, "end": end}) == open_day
    assert catalogue.opening_hours({"opening_hours": None}) is None
    assert catalogue.opening_hours({"opening_hours": {"begin": None, "end": None}}) is None
    assert catalogue.opening_hours({"opening_hours": {"begin": end, "end": begin}}) is None
    with pytest.raises(BadRecord):
        catalogue.opening_hours(["?"])


def test_version_and_locales() -> None:
    version = catalogue.version({"version": {"system": "go~mus", "currency": "EUR", "per_page": "25"}})
    assert (version.system, version.currency, version.per_page, version.zone) == ("go~mus", "EUR", 25, "")
    assert catalogue.locales({"locales": ["de", "en", "de", ""]}) == ["de", "en"]
    nothings: tuple[object, ...] = ({}, {"locales": []}, None)
    for nothing in nothings:
        with pytest.raises(BadRecord):
            catalogue.locales(nothing)
    with pytest.raises(BadRecord):
        catalogue.version([])
