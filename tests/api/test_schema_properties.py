"""Every reader against the API document: what it allows is read, and nothing that is sent breaks a reader."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.api import error_bodies, errors
from shop.api.paging import page_of
from shop.api.readers import availability, catalogue, dates, offers, orders, reference, shared, tickets
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord, unwrapped
from shop.api.records import Coupon, EventDate, Price, Slot, Ticket, TourPrices
from tests.api.bending import (
    JSON,
    ORDINARY,
    allowed,
    answer_schema,
    answers,
    assert_storable,
    bent,
    bent_answers,
    component,
    document,
    sent,
)

CONTEXT = Context(("de", "en"), "https://up.test")
MOST_CENTS = 10**8

ERRORS = allowed(component("Error"))

Reader = Callable[[object], object]


def listed(key: str, read: Reader) -> Reader:
    """A reader of whole lists."""
    return lambda payload: [read(row) for row in page_of(key, payload).rows]


def one(key: str, read: Reader) -> Reader:
    """A reader of single records."""
    return unwrapped(key, read)


NAMED = shared.named(CONTEXT)
READERS: list[tuple[str, Reader]] = [
    ("/museums", listed("museums", catalogue.museum(CONTEXT))),
    ("/museums/{id}", one("museum", catalogue.museum(CONTEXT))),
    ("/museums/{id}/opening_hours", catalogue.opening_hours),
    ("/exhibitions", listed("exhibitions", catalogue.exhibition(CONTEXT))),
    ("/exhibitions/{id}", one("exhibition", catalogue.exhibition(CONTEXT))),
    ("/tickets", listed("tickets", tickets.ticket(CONTEXT))),
    ("/tickets/{id}", one("ticket", tickets.ticket(CONTEXT))),
    ("/tickets/{id}/capacity", availability.capacity),
    ("/tickets/calendar", availability.calendar_any),
    ("/tickets/calendar", availability.calendar_status),
    ("/tickets/calendar", availability.calendar_all),
    ("/tickets/capacities", availability.capacities),
    ("/tickets/list_and_quotas", listed("tickets", tickets.ticket(CONTEXT))),
    ("/tickets/list_and_quotas", availability.quotas),
    ("/tickets/list_and_quotas", availability.totals),
    ("/tickets/content", listed("data", tickets.content(CONTEXT))),
    ("/events/categories", listed("categories", NAMED)),
    ("/events", listed("events", offers.event(CONTEXT))),
    ("/events/{id}", one("event", offers.event(CONTEXT))),
    ("/events/{event_id}/dates", listed("dates", dates.event_date(CONTEXT))),
    ("/events/{event_id}/dates/{id}", one("date", dates.priced_event_date(CONTEXT))),
    ("/dates", listed("dates", dates.event_date(CONTEXT))),
    ("/dates/languages", listed("languages", NAMED)),
    ("/calendar", availability.calendar_any),
    ("/calendar", availability.calendar_status),
    ("/tours", listed("tours", offers.tour(CONTEXT))),
    ("/tours/{id}", one("tour", offers.tour(CONTEXT))),
    ("/tours/{id}/equipments", availability.capacity_by_id),
    ("/tours/{id}/equipments/{equipment_id}", availability.capacity),
    ("/tours/{id}/prices", offers.tour_prices(CONTEXT)),
    ("/tours/{id}/start_times", availability.calendar_any),
    ("/tours/{id}/start_times", offers.start_times_by_day),
    ("/tours/{id}/start_times/{date}", offers.start_times),
    ("/coupons", listed("coupons", reference.coupon(CONTEXT))),
    ("/coupons/{id}", one("coupon", reference.coupon(CONTEXT))),
    ("/newsletter_subscriber_groups", listed("newsletter_subscriber_groups", NAMED)),
    ("/locales", catalogue.locales),
    ("/countries", listed("countries", reference.country)),
    ("/states", listed("states", reference.state)),
    ("/dispatch_modes", listed("dispatch_modes", NAMED)),
    ("/version", catalogue.version),
    ("/whoami", reference.who_am_i),
    ("/orders", listed("orders", orders.order)),
    ("/orders/{id}", one("order", orders.order)),
    ("/orders/{id}", orders.created),
    ("/orders/{id}", orders.order_if_any),
]


def assert_sound(found: object) -> None:
    """What no reader may let through: what cannot be stored, prices and places that cannot be."""
    assert_storable(found)
    for part in found if isinstance(found, list) else [found]:
        match part:
            case Ticket(price_cents=cents, bookable=True) | Coupon(price_cents=cents):
                assert 0 <= cents <= MOST_CENTS
            case EventDate(prices=prices) | TourPrices(prices=prices):
                assert all(
                    isinstance(price, Price) and 0 <= price.price_cents <= MOST_CENTS for price in prices
                )
                assert 0 <= part.discount <= 100
                assert 0 <= part.vat_bp <= 10_000
            case Slot(left=left):
                assert left >= 0


@pytest.mark.parametrize(("path", "read"), READERS)
@settings(max_examples=40)
@given(data=st.data())
def test_an_ordinary_answer_is_read(path: str, read: Reader, data: st.DataObject) -> None:
    assert_sound(read(sent(data.draw(answers(path, ORDINARY)))))


@pytest.mark.parametrize(("path", "read"), READERS)
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_is_sent_gives_a_record_or_a_bad_record(
    path: str, read: Reader, data: st.DataObject
) -> None:
    value = data.draw(bent_answers(path))
    try:
        found = read(value)
    except BadRecord:
        return
    assert_sound(found)


@given(data=st.data(), status=st.sampled_from([401, 403, 404, 405, 409, 422]))
def test_whatever_a_refusal_says_it_is_a_refusal(data: st.DataObject, status: int) -> None:
    content = json.dumps(data.draw(ERRORS | bent(ERRORS) | JSON)).encode()
    error = error_bodies.refused("POST /orders", status, content)
    assert isinstance(error, errors.REFUSALS.get(status, errors.Refused))
    assert error.code
    assert_storable([error.code, error.messages, error.details, error.raw])


@pytest.mark.parametrize("path", sorted({path for path, _ in READERS}))
@settings(max_examples=15)
@given(data=st.data())
def test_the_answers_of_these_tests_are_what_the_document_allows(path: str, data: st.DataObject) -> None:
    schema: dict[str, Any] = answer_schema(path) | {"components": document()["components"]}
    jsonschema.validate(data.draw(answers(path)), schema)
