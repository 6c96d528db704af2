"""Making annual tickets out to persons: what is sent, what is read, what a lost answer means."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from shop.api import Gomus, errors
from shop.api.records import Assignment, Holder, HolderCreate, PersonalizationFinish, Photo
from tests.api import samples
from tests.api.scripted import answer, hang_up
from tests.api.talking import Answering, Serving, always, params

TOKEN = samples.TOKEN
WINTER = timezone(timedelta(hours=1))
JPEG = b"\xff\xd8\xff\xe0 a portrait"
PERSON = HolderCreate(
    name="Ida",
    surname="Brandt",
    email="ida@example.org",
    salutation_id=2,
    street="Feldstrasse 8",
    zip="01067",
    city="Dresden",
    country_id=49,
)
FINISH = PersonalizationFinish(66011, date(2027, 3, 14), (Holder(4, PERSON, date(1999, 1, 31), 1),))
FIELDS = {
    "name": "Ida",
    "surname": "Brandt",
    "email": "ida@example.org",
    "customer_salutation_id": 2,
    "addr_street": "Feldstrasse 8",
    "addr_zip": "01067",
    "addr_city": "Dresden",
    "addr_country_id": 49,
}
CUSTOMER = {
    "id": 5,
    "name": "Ida",
    "surname": "Brandt",
    "email": "ida@example.org",
    "salutation_id": 2,
    "addresses": [{"id": 9, "zip": 1067, "street": "Feldstrasse 8", "country_id": 49, "city": "Dresden"}],
}
ORDER = {
    "id": 507733,
    "customer": CUSTOMER,
    "shipping_address_id": 9,
    "ticket_sales": [
        {
            "id": 66011,
            "title": {"de": "Jahreskarte", "en": None},
            "description": None,
            "start_at": "2027-03-14T00:00:00+01:00",
            "sent_at": None,
            "status": "not_ready_to_send",
            "is_personalizable": True,
            "photo_mandatory": "mandatory",
            "is_bmc_ticket": False,
            "personalizations": [
                {"id": 4, "ready": False, "customer": None, "address_id": None, "dispatch_mode_id": None},
                {"id": 6, "ready": True, "customer": CUSTOMER, "address_id": 9, "dispatch_mode_id": 3},
            ],
        }
    ],
}
WRITES: dict[str, Callable[[Gomus], object]] = {
    "assign": lambda gomus: gomus.annual.assign(TOKEN, 4, Assignment("person", 9)),
    "set start": lambda gomus: gomus.annual.set_start(TOKEN, 66011, date(2027, 3, 14)),
    "upload": lambda gomus: gomus.annual.upload(TOKEN, 4, Photo(JPEG, "image/jpeg")),
    "finish": lambda gomus: gomus.annual.finish(TOKEN, FINISH),
}
EVERY = pytest.mark.parametrize("write", list(WRITES))


def test_an_order_and_its_cards(answering: Answering) -> None:
    gomus, asked = answering(always({"order": ORDER}))
    order = gomus.annual.order(TOKEN)
    assert (asked[0].url.path, params(asked[0])) == ("/api/v4/annual/order", [("token", TOKEN)])
    assert "Authorization" not in asked[0].headers
    assert (order.id, order.shipping_address_id) == (507733, 9)
    (sale,) = order.sales
    assert (sale.id, sale.title, sale.needs_photo, sale.is_open()) == (66011, "Jahreskarte", True, True)
    assert sale.start_at == datetime(2027, 3, 14, tzinfo=WINTER)
    empty, taken = sale.personalizations
    assert (empty.ready, empty.customer) == (False, None)
    assert (taken.ready, taken.address_id, taken.dispatch_mode_id) == (True, 9, 3)
    assert taken.customer is not None
    assert [(row.id, row.zip, row.city) for row in taken.customer.addresses] == [(9, "1067", "Dresden")]


@pytest.mark.parametrize(
    ("changes", "is_open"),
    [
        ({"status": "ready_to_send"}, False),
        ({"sent_at": "2027-03-20T09:00:00+01:00"}, False),
        ({"status": "Not_Ready_To_Send"}, True),
        ({"status": None}, False),
    ],
)
def test_when_a_sale_can_still_be_changed(
    answering: Answering, changes: dict[str, Any], is_open: bool
) -> None:
    sale = ORDER["ticket_sales"][0] | changes  # type: ignore[index]
    gomus, _ = answering(always({"id": 1, "ticket_sales": [sale | {"photo_mandatory": None}]}))
    (read,) = gomus.annual.order(TOKEN).sales
    assert (read.is_open(), read.needs_photo) == (is_open, False)


@pytest.mark.parametrize("beside", [True, False])
def test_a_new_person(answering: Answering, beside: bool) -> None:
    token = {"personalization_token": "person-secret"}
    said = {"customer": CUSTOMER} | token if beside else {"customer": CUSTOMER | token}
    gomus, asked = answering(always(said, 201))
    person = gomus.annual.create_customer(TOKEN, PERSON)
    assert (person.id, person.personalization_token) == (5, "person-secret")
    assert (asked[0].method, asked[0].url.path) == ("POST", "/api/v4/annual/customers")
    assert params(asked[0]) == [("token", TOKEN)]
    assert json.loads(asked[0].content) == {"customer": FIELDS}
    assert "person-secret" not in repr(person)


@pytest.mark.parametrize(
    "useless", [{"customer": CUSTOMER}, {"customer": None}, {"personalization_token": "x"}]
)
def test_a_new_person_whom_nothing_can_name_is_unknown(answering: Answering, useless: object) -> None:
    gomus, asked = answering(always(useless, 201))
    with pytest.raises(errors.OutcomeUnknown):
        gomus.annual.create_customer(TOKEN, PERSON)
    assert len(asked) == 1


def test_what_the_writes_send(answering: Answering) -> None:
    gomus, asked = answering(always({}))
    gomus.annual.assign(TOKEN, 4, Assignment("person", 9, 3))
    gomus.annual.assign(TOKEN, 4, Assignment("person", 9))
    gomus.annual.set_start(TOKEN, 66011, date(2027, 3, 14), dispatch_mode_id=3)
    gomus.annual.set_start(TOKEN, 66011, date(2027, 3, 14))
    gomus.annual.finish(TOKEN, FINISH)
    named = {"customer_personalization_token": "person", "customer_adress_id": 9}
    holder = {"id": 4, "customer": FIELDS | {"date_of_birth": "1999-01-31", "language_id": 1}}
    assert [(request.method, request.url.path, json.loads(request.content)) for request in asked] == [
        ("PUT", "/api/v4/annual/personalizations/4", {"personalization": named | {"dispatch_mode_id": 3}}),
        ("PUT", "/api/v4/annual/personalizations/4", {"personalization": named}),
        (
            "PUT",
            "/api/v4/annual/ticket_sales/66011",
            {"ticket_sale": {"start_at": "2027-03-14 00:00:00", "dispatch_mode_id": 3}},
        ),
        ("PUT", "/api/v4/annual/ticket_sales/66011", {"ticket_sale": {"start_at": "2027-03-14 00:00:00"}}),
        (
            "POST",
            "/api/v4/annual/personalization/finalize",
            {
                "personalization": {
                    "ticket_sale_id": 66011,
                    "start_at": "2027-03-14",
                    "personalizations": [holder],
                }
            },
        ),
    ]
    assert all(params(request) == [("token", TOKEN)] for request in asked)
    assert all("Authorization" not in request.headers for request in asked)


def test_a_photo_is_the_one_file_of_a_form(patient: Serving) -> None:
    gomus, server = patient(answer(200))
    gomus.annual.upload(TOKEN, 4, Photo(JPEG, "image/jpeg"))
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("POST", f"/api/v4/annual/personalizations/4/upload?token={TOKEN}")
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="photo.jpeg"' in asked.body
    assert b"Content-Type: image/jpeg\r\n\r\n" + JPEG in asked.body


@EVERY
@pytest.mark.parametrize(
    "fine", [answer(204), answer(200), answer(200, {"personalization": {"id": 4}}), answer(200, [])]
)
def test_any_success_is_one(patient: Serving, write: str, fine: Any) -> None:
    gomus, server = patient(fine)
    assert WRITES[write](gomus) is None
    assert len(server.asked) == 1


@EVERY
@pytest.mark.parametrize("lost", [hang_up(), answer(500), answer(200, b"<html>", kind="text/html")])
def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(patient: Serving, write: str, lost: Any) -> None:
    gomus, server = patient(lost)
    with pytest.raises(errors.OutcomeUnknown):
        WRITES[write](gomus)
    assert len(server.asked) == 1


@EVERY
def test_a_refusal_says_why(answering: Answering, write: str) -> None:
    gomus, _ = answering(always({"error": "Already sent."}, 422))
    with pytest.raises(errors.Unprocessable) as caught:
        WRITES[write](gomus)
    assert caught.value.messages == ("Already sent.",)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Assignment(" ", 9),
        lambda: Assignment("person", 0),
        lambda: Assignment("person", 9, 0),
        lambda: PersonalizationFinish(0, date(2027, 3, 14), FINISH.holders),
        lambda: PersonalizationFinish(1, date(2027, 3, 14), ()),
        lambda: Holder(0, PERSON, date(1999, 1, 31), 1),
        lambda: Holder(4, PERSON, date(1999, 1, 31), 0),
        lambda: HolderCreate("Ida", "Brandt", "i@x.org", 0, "Weg 1", "1", "Ulm", 49),
        lambda: HolderCreate("Ida", "Brandt", "i@x.org", 1, "Weg 1", "1", "Ulm", 0),
        lambda: HolderCreate("Ida", "Brandt", "i@x.org", 1, "Weg 1", " ", "Ulm", 49),
        lambda: Photo(b"GIF89a", "image/gif"),
        lambda: Photo(b"<svg>", "image/jpeg"),
        lambda: Photo(JPEG, "image/png"),
        lambda: Photo(JPEG + b"x" * 10_000_000, "image/jpeg"),
    ],
)
def test_nonsense_cannot_be_built(build) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"^an? "):
        build()


def test_nobody_appears_in_the_text_form(answering: Answering) -> None:
    gomus, _ = answering(always({"order": ORDER}))
    said = repr(
        (FINISH, Assignment("person-secret", 9), Photo(JPEG, "image/jpeg"), gomus.annual.order(TOKEN))
    )
    for secret in ("Brandt", "ida@", "Feldstrasse", "person-secret", "portrait", "1999"):
        assert secret not in said
