"""What is sent about orders: exactly the documented fields, and nothing that cannot be meant."""

import json
from datetime import date

import httpx
import pytest

from shop.api import Gomus, errors
from shop.api.calls import Call
from shop.api.records import (
    Attendee,
    Customer,
    Finalize,
    OrderCreate,
    Payment,
    TicketItem,
)
from tests.api import samples
from tests.api.talking import Answering, always, params

DAY = date(2027, 3, 14)
ITEM = TicketItem(
    id=311,
    quantity=2,
    time="2027-03-14T11:30:00+01:00",
    attendees=(Attendee("Ida", "Brandt"), Attendee("Noah", "Brandt")),
)
ORDER = OrderCreate(reference="KMX-01", comment=None, items=(ITEM, TicketItem(9, 1)), total=3500)
CUSTOMER = Customer(
    name="Ida",
    surname="Brandt",
    email="ida@example.org",
    language="Deutsch",
    street="Feldstrasse 8",
    zip="01067",
    city="Kiel",
    country="Deutschland",
)
CLOSING = Finalize(CUSTOMER, Payment("pay_7H2K9QX", "sepa", "Bank debit", "desk 4"))


def test_creating_an_order_sends_exactly_the_documented_fields(answering: Answering) -> None:
    gomus, asked = answering(always({"order": samples.ORDER}, 201))
    created = gomus.orders.create(ORDER)
    assert created.order.token == samples.TOKEN
    (request,) = asked
    assert (request.method, request.url.path, request.url.query) == ("POST", "/api/v4/orders", b"")
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.content) == {
        "reference": "KMX-01",
        "comment": None,
        "items": [
            {
                "type": "Ticket",
                "attributes": {
                    "id": 311,
                    "quantity": 2,
                    "time": "2027-03-14T11:30:00+01:00",
                    "attendees": [
                        {"name": "Ida", "surname": "Brandt"},
                        {"name": "Noah", "surname": "Brandt"},
                    ],
                },
            },
            {"type": "Ticket", "attributes": {"id": 9, "quantity": 1}},
        ],
        "total": 3500,
    }


def test_finalizing_always_completes(answering: Answering) -> None:
    gomus, asked = answering(always({"order": samples.ORDER | {"id": 7, "completed": True}}))
    assert gomus.orders.finalize(samples.TOKEN, CLOSING).is_finalized()
    (request,) = asked
    assert (request.method, request.url.path) == ("POST", f"/api/v4/orders/{samples.TOKEN}/finalize")
    assert json.loads(request.content) == {
        "order": {
            "customer": {
                "name": "Ida",
                "surname": "Brandt",
                "email": "ida@example.org",
                "language": "Deutsch",
                "addr_street": "Feldstrasse 8",
                "addr_zip": "01067",
                "addr_city": "Kiel",
                "addr_country": "Deutschland",
            },
            "payment": {
                "payment_id": "pay_7H2K9QX",
                "provider_id": "sepa",
                "provider_name": "Bank debit",
                "message": "desk 4",
            },
            "completed": True,
        }
    }


def test_cancelling_a_whole_order_sends_no_body(answering: Answering) -> None:
    gomus, asked = answering(always({"order": samples.ORDER | {"status": "cancelled"}}))
    assert gomus.orders.cancel(samples.TOKEN).is_cancelled()
    (request,) = asked
    assert (request.method, request.url.path) == ("POST", f"/api/v4/orders/{samples.TOKEN}/cancellations")
    assert request.content == b""
    assert "Content-Type" not in request.headers


def test_orders_by_token_number_and_day(answering: Answering) -> None:
    gomus, asked = answering(always({"order": samples.ORDER, "orders": [samples.ORDER]}))
    gomus.orders.get(507733)
    gomus.orders.get("a/b?c")
    assert [order.token for order in gomus.orders.list(DAY, date(2027, 3, 16))] == [samples.TOKEN]
    assert list(gomus.orders.list(DAY, DAY, only_mine=False, valid_only=True, per_page=5))
    assert [request.url.raw_path.partition(b"?")[0] for request in asked[:2]] == [
        b"/api/v4/orders/507733",
        b"/api/v4/orders/a%2Fb%3Fc",
    ]
    assert params(asked[2]) == [
        ("start_at", "2027-03-14"),
        ("end_at", "2027-03-16"),
        ("only_my_orders", "true"),
        ("page", "1"),
        ("per_page", "100"),
    ]
    assert params(asked[3])[2:] == [
        ("only_my_orders", "false"),
        ("valid", "true"),
        ("page", "1"),
        ("per_page", "5"),
    ]


@pytest.mark.parametrize(
    ("barcode", "path"),
    [
        ("4034210297633-5", b"4034210297633-5"),
        ("A /$+%.Z", b"A%20%2F%24%2B%25.Z"),
        ("..%2e", b"..%252e"),
    ],
)
def test_an_order_by_one_of_its_barcodes(answering: Answering, barcode: str, path: bytes) -> None:
    gomus, asked = answering(always({"order": samples.ORDER}))
    assert gomus.orders.by_barcode(barcode).token == samples.TOKEN
    assert asked[0].url.raw_path == b"/api/v4/orders/barcode/" + path


def test_a_barcode_of_no_finalized_order(answering: Answering) -> None:
    gomus, _ = answering(always({"error": "Not found."}, 404))
    with pytest.raises(errors.NotFound) as caught:
        gomus.orders.by_barcode("T123-456-789")
    assert "T123" not in str(caught.value)


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_value_cannot_leave_its_place_in_the_path(value: str) -> None:
    with pytest.raises(ValueError, match="segment"):
        Call("GET", "/orders/:id", {"id": value}).path()


@pytest.mark.parametrize(
    "build",
    [
        lambda: TicketItem(0, 1),
        lambda: TicketItem(1, 0),
        lambda: TicketItem(1, True),
        lambda: TicketItem(1, 1.0),  # type: ignore[arg-type]
        lambda: OrderCreate("lower", None, (ITEM,), 1),
        lambda: OrderCreate("X" * 65, None, (ITEM,), 1),
        lambda: OrderCreate("", None, (ITEM,), 1),
        lambda: OrderCreate("A\n", None, (ITEM,), 1),
        lambda: OrderCreate("A", None, (), 1),
        lambda: OrderCreate("A", None, (ITEM,), -1),
        lambda: OrderCreate("A", None, (ITEM,), 35.0),  # type: ignore[arg-type]
        lambda: Customer(name=" ", surname="Brandt", email="ida@example.org"),
        lambda: Customer(name="Ida", surname="Brandt", email=""),
        lambda: Payment("", "sepa", "Bank debit"),
    ],
)
def test_nonsense_cannot_even_be_built(build) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"^an? "):
        build()


def test_a_customer_without_address_sends_no_empty_fields() -> None:
    assert Customer(name="Ida", surname="Brandt", email="ida@example.org").as_json() == {
        "name": "Ida",
        "surname": "Brandt",
        "email": "ida@example.org",
    }


def test_people_do_not_appear_in_the_text_form_of_records() -> None:
    assert "Brandt" not in repr(ORDER) + repr(CLOSING)
    assert "ida@" not in repr(CLOSING)


@pytest.mark.parametrize("address", ["", "up.test", "ftp://up.test", "https://", "https://up.test/?a=1"])
def test_an_address_that_cannot_be_meant_is_refused_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Gomus(address, "key")


def test_a_key_that_would_break_a_header_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="visible") as caught:
        Gomus("https://up.test", "my-key\nX: y")
    assert "my-key" not in str(caught.value)


def test_a_trailing_slash_and_a_missing_key_are_fine(answering: Answering) -> None:
    asked: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"locales": ["de"]})

    gomus = Gomus("https://up.test/", "", transport=httpx.MockTransport(note))
    gomus.catalogue.locales()
    gomus.close()
    assert str(asked[0].url) == "https://up.test/api/v4/locales"
    assert "Authorization" not in asked[0].headers
