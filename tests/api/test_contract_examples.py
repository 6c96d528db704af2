"""The examples of the API contract, as data: every body is what our records say, every answer is read."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from shop.api import errors
from shop.api.records import Barcode, Hold, HoldChange, HoldCreate, ItemCancellation, QuotaDay, Slot
from tests.api.contract_answers import DRAFT, FINAL, REFUSALS, TOKEN, error, ticket_item
from tests.api.contract_bodies import BODIES, HALF_PAST, NEW_CUSTOMER, TICKETS
from tests.api.talking import Answering, always

WINTER = timezone(timedelta(hours=1))


@pytest.mark.parametrize("name", list(BODIES))
def test_what_is_sent(name: str) -> None:
    record, body = BODIES[name]
    # Compared as text, too: 1, 1.0 and True are alike in Python and are not in JSON.
    assert json.dumps(record.as_json(), sort_keys=True) == json.dumps(body, sort_keys=True)


def test_the_draft_of_9_1(answering: Answering) -> None:
    meta = {"status": "success", "payment_url": None, "payment_data": None}
    gomus, asked = answering(always({"order": DRAFT, "meta": meta}, 201))
    created = gomus.orders.create(TICKETS)
    assert json.loads(asked[0].content) == BODIES["9.1 tickets with holds and attendees"][1]
    order = created.order
    assert not created.meta.is_unexpected()
    assert (order.id, order.token, order.status, order.total_cents) == (None, TOKEN, "created", 3500)
    assert (order.comment, order.source, order.rating, order.customer) == (
        "desk 4",
        "resellershop",
        None,
        None,
    )
    assert not order.is_finalized()
    assert order.expires_at == datetime(2027, 3, 10, 9, 42, 44, tzinfo=WINTER)
    first, second = order.items
    assert (first.id, first.attributes_id, first.ticket_id, first.quantity) == (88120, 66011, 311, 2)
    assert (first.title, first.vat_bp, first.price_cents) == ("Glashaus – regular", 700, 2800)
    assert first.location is not None
    assert (first.location.city, first.location.latitude) == ("Kiel", 54.3213)
    assert (second.location, second.barcodes, second.start_time) == (
        None,
        (),
        datetime(2027, 3, 14, 11, 30, tzinfo=WINTER),
    )


def test_the_finalized_order_of_9_6(answering: Answering) -> None:
    gomus, asked = answering(always({"order": FINAL}))
    order = gomus.orders.finalize(TOKEN, NEW_CUSTOMER)
    assert json.loads(asked[0].content) == BODIES["9.6 finalize with a new customer"][1]
    assert order.is_finalized()
    assert (order.id, order.payment_id, order.expires_at) == (507733, "pay_7H2K9QX", None)
    assert order.customer is not None
    assert (order.customer.foreign_id, order.customer.surname) == ("CRM-20931", "Brandt")
    assert order.items[0].barcodes == (
        Barcode(901221, "4098120901221-7", "ean"),
        Barcode(901222, "4098120901222-4", "ean"),
    )


def test_the_item_cancellation_of_9_8(answering: Answering) -> None:
    gone = ticket_item(88121, 312, 1, 700) | {"canceled_at": "2027-03-11T08:00:00+01:00"}
    left = FINAL | {"total_price_cents": 2800, "total": 2800, "items": [FINAL["items"][0], gone]}
    gomus, asked = answering(always({"order": left}))
    order = gomus.orders.cancel_items("507733", ItemCancellation((88121,)))
    (request,) = asked
    assert (request.method, request.url.path) == ("POST", "/api/v4/orders/507733/cancellations")
    assert json.loads(request.content) == {"order_item_ids": [88121]}
    assert (order.total_cents, order.is_finalized(), order.is_cancelled()) == (2800, True, False)
    assert [item.canceled_at is None for item in order.items] == [True, False]


@pytest.mark.parametrize("code", list(REFUSALS))
def test_a_refusal_of_9_9(answering: Answering, code: str) -> None:
    said = REFUSALS[code]
    gomus, _ = answering(always(said, 422))
    with pytest.raises(errors.Unprocessable) as caught:
        gomus.orders.create(TICKETS)
    refused = caught.value
    (expected,) = said["details"]
    assert (refused.code, refused.messages) == (code, (said["error"],))
    (detail,) = refused.details
    assert (detail.code, detail.path, detail.item_index) == (code, expected["path"], expected["item_index"])
    assert detail.meta == expected["meta"]
    assert said["error"] not in str(refused)


def test_the_refusal_of_9_9_with_two_reasons(answering: Answering) -> None:
    count, surname = (
        "Ticket 311 needs the names of 2 attendees, 1 was given.",
        "Attendee 1 of ticket 311 has no surname.",
    )
    where = "items[0].attributes.attendees"
    said = error(count, "attendees_count", where, 0, expected=2, given=1)
    said["errors"].append(surname)
    said["details"] += error(surname, "attendee_incomplete", f"{where}[0].surname", 0)["details"]
    gomus, _ = answering(always(said, 422))
    with pytest.raises(errors.Unprocessable) as caught:
        gomus.orders.create(TICKETS)
    assert caught.value.messages == (count, surname)
    assert caught.value.codes() == {"attendees_count", "attendee_incomplete"}
    assert [detail.path for detail in caught.value.details] == [where, f"{where}[0].surname"]


def test_the_capacities_of_9_10(answering: Answering) -> None:
    def at(hour: int, minute: int) -> datetime:
        return datetime(2027, 3, 14, hour, minute, tzinfo=WINTER)

    def keys(*values: int) -> dict[str, int]:
        times = ("2027-03-14T11:00:00+01:00", HALF_PAST, "2027-03-14T12:00:00+01:00")
        return dict(zip(times, values, strict=True))

    both = {"tickets": [311, 312], "capacities": keys(12, 0, 0), "total_capacities": keys(40, 40, 0)}
    one = {"tickets": [311], "capacities": keys(5, 3, 3), "total_capacities": keys(15, 15, 15)}
    gomus, _ = answering(always({"data": {"41": both, "44": one}}))
    read = {quota.quota_id: quota for quota in gomus.availability.capacities([311, 312], at(11, 0).date())}
    assert all(isinstance(quota, QuotaDay) for quota in read.values())
    assert [(slot.at, slot.left, slot.total) for slot in read[41].slots] == [
        (at(11, 0), 12, 40),
        (at(11, 30), 0, 40),
        (at(12, 0), 0, 0),
    ]
    assert read[44].slots[1] == Slot(key=HALF_PAST, at=at(11, 30), left=3, total=15)


def test_the_reservation_of_9_10(answering: Answering) -> None:
    row = {
        "token": "q3TzL0vXrWm2Yb8KcNfA1g",
        "quantity": 2,
        "ticket_id": 311,
        "start_at": HALF_PAST,
        "valid_until": "2027-03-10T09:15:02+01:00",
    }
    gomus, asked = answering(always({"reservation": row}, 201))
    hold = gomus.reservations.create(HoldCreate(311, 2, HALF_PAST))
    assert hold == Hold(
        token="q3TzL0vXrWm2Yb8KcNfA1g",
        quantity=2,
        ticket_id=311,
        start_at=datetime(2027, 3, 14, 11, 30, tzinfo=WINTER),
        valid_until=datetime(2027, 3, 10, 9, 15, 2, tzinfo=WINTER),
    )
    assert gomus.reservations.refresh(hold.token, HoldChange(2)) == hold
    assert json.loads(asked[0].content) == {
        "reservation": {"ticket_id": 311, "quantity": 2, "start_at": HALF_PAST}
    }
    assert json.loads(asked[1].content) == {"reservation": {"quantity": 2}}
