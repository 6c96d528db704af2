"""Items of orders by type: what the shop needs of each, in whichever shape it comes."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from shop.api.readers import order_items
from shop.api.records import Attendee, Barcode, BookedSeat, OrderItem, PriceLine, Share, SubTicketSale

WINTER = timezone(timedelta(hours=1))
SUMMER = timezone(timedelta(hours=2))
LOCATION = {"name": "Gemäldegalerie", "city": "Berlin", "country": "Deutschland", "zip": "10785"}


def item(kind: str, *, price: Any = 1400, **attributes: Any) -> OrderItem:
    row = {"id": 52397, "type": kind, "price_cents": price, "vat_pct": "19.0", "attributes": attributes}
    return order_items.item(row, "https://up.test")


def test_a_ticket() -> None:
    read = item(
        "Ticket",
        id=42102,
        ticket_id=247,
        title="El Siglo de Oro",
        quantity="2",
        start_time="2016-09-14T15:00:00+02:00",
        location=LOCATION,
        barcodes=[
            {"id": 1, "barcode": "4034210297633-5", "method": "ean", "passbook_url": "/p/1.pkpass"},
            {"id": 2, "barcode": 704323341},
            {"id": 3, "barcode": " "},
            "?",
        ],
        passbooks="true",
        ical_url="/ical/42102.ics",
        attendees=[{"name": "Ida", "surname": "Brandt"}, {"name": ""}, None],
    )
    assert (read.attributes_id, read.ticket_id, read.quantity, read.vat_bp) == (42102, 247, 2, 1900)
    assert read.start_time == datetime(2016, 9, 14, 15, tzinfo=SUMMER)
    assert read.location is not None
    assert read.location.city == "Berlin"
    assert read.barcodes == (
        Barcode(1, "4034210297633-5", "ean", "https://up.test/p/1.pkpass"),
        Barcode(2, "704323341"),
    )
    assert (read.has_passbooks, read.ical_url) == (True, "https://up.test/ical/42102.ics")
    assert read.attendees == (Attendee("Ida", "Brandt"),)


def test_a_combined_ticket() -> None:
    read = item(
        "Ticket",
        quantity=2,
        sub_ticket_times={
            "341": "2027-03-14T12:30:00+01:00",
            "342": "later",
            "x": "2027-03-14T12:30:00+01:00",
        },
        sub_ticket_sales=[
            {"id": 7, "title": "Turm", "quantity": 2, "start_time": "2027-03-14T12:30:00+01:00"},
            {"title": "no id"},
        ],
    )
    half_past = datetime(2027, 3, 14, 12, 30, tzinfo=WINTER)
    assert read.sub_ticket_times == {341: half_past}
    assert read.sub_ticket_sales == (SubTicketSale(7, "Turm", 2, half_past),)


def test_an_event_with_one_price() -> None:
    read = item("Event", id=6127, date_id=22977, event_id=101174, title="El Siglo de Oro", quantity=5)
    assert (read.attributes_id, read.date_id, read.event_id, read.quantity) == (6127, 22977, 101174, 5)
    assert (read.ticket_id, read.tour_id, read.shares, read.seats) == (None, None, (), ())


@pytest.mark.parametrize(
    ("quantities", "shares"),
    [
        (
            [
                {"id": 61, "title": "Regular", "quantity": 2, "price_cents": "1200"},
                {"id": 62, "quantity": "1"},
            ],
            (Share(61, 2, "Regular", 1200), Share(62, 1)),
        ),
        ({"61": 2, "62": "1"}, (Share(61, 2), Share(62, 1))),
        ({"0": {"id": 61, "quantity": 3}}, (Share(61, 3),)),
        ([], ()),
        ({}, ()),
        ("many", ()),
        ([{"id": 61}, 7, None], ()),
    ],
)
def test_shares_of_an_event_come_as_an_array_or_as_a_map(quantities: Any, shares: tuple[Share, ...]) -> None:
    read = item("Event", quantities=quantities)
    assert read.shares == shares
    assert read.quantity == sum(share.quantity for share in shares)


def test_seats_with_their_barcodes() -> None:
    read = item(
        "Event",
        seats=[
            {"seat_id": 1204, "scale_price_id": 71, "barcode": "T123-456-789"},
            {"seat_id": "1205", "scale_price_id": None},
            {"row": 3},
        ],
    )
    assert read.seats[:2] == (BookedSeat(1204, 71, "T123-456-789"), BookedSeat(1205))
    assert len(read.seats) == 2
    assert read.quantity == 2
    assert "T123" not in repr(read)


def test_a_tour() -> None:
    read = item(
        "Tour",
        price=9000,
        id=27079,
        tour_id=101173,
        start_time="2016-07-24T12:00:00+02:00",
        participants=12,
        language="Deutsch",
        age_group={"de": "Erwachsene"},
        prices=[
            {
                "title": "Entgelt",
                "description": "Gruppenpreis",
                "total_price_cents": 9000,
                "quantity": 1,
                "price_cents": 9000,
            },
            {"title": "Kopfhörer", "quantity": 6, "price_cents": 250},
            {"title": "no price"},
        ],
        equipment=[{"id": 7, "quantity": 6}, {"id": 8}, None],
    )
    assert (read.attributes_id, read.tour_id, read.quantity) == (27079, 101173, 12)
    assert (read.language, read.age_group, read.equipment) == ("Deutsch", "Erwachsene", {7: 6})
    assert read.prices == (
        PriceLine("Entgelt", 1, 9000, 9000, "Gruppenpreis"),
        PriceLine("Kopfhörer", 6, 250, 1500),
    )


def test_a_coupon() -> None:
    read = item(
        "Coupon",
        price=0,
        id=3,
        title="Gutschein",
        quantity=2,
        value_cents="2500",
        codes=["A-1", 77, "", None],
    )
    assert (read.price_cents, read.value_cents, read.quantity, read.codes) == (0, 2500, 2, ("A-1", "77"))
    assert "A-1" not in repr(read)


def test_a_type_nobody_knows_keeps_everything() -> None:
    read = item("Balloon", colour={"de": "rot"}, weight="1.5")
    assert (read.type, read.quantity) == ("Balloon", 0)
    assert read.raw["attributes"] == {"colour": {"de": "rot"}, "weight": "1.5"}


def test_texts_in_several_languages_are_a_text() -> None:
    assert (
        item("Ticket", title={"en": None, "de": "Turm"}, after_sale_information={"en": "Hi"}).title == "Turm"
    )
    assert item("Ticket", after_sale_information={"en": "Hi"}).after_sale_information == "Hi"


def test_addresses_of_another_scheme_are_none() -> None:
    assert item("Ticket", ical_url="javascript:alert(1)").ical_url is None
    assert order_items.item({"attributes": {"ical_url": "/ical/1.ics"}}).ical_url is None
