"""Whatever is done to a sample, what its reader gives keeps its promises."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.api.calls import Body
from shop.api.readers import availability, catalogue, orders, tickets
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord, parse_json
from shop.api.records import Museum, Order, OrderCreated, Ticket
from tests.api import samples
from tests.api.bending import JSON, assert_storable, bent

CONTEXT = Context(("de", "en"), "https://up.test")


@given(bent(st.just(samples.MUSEUM)) | JSON)
def test_museums(value: object) -> None:
    try:
        museum = catalogue.museum(CONTEXT)(value)
    except BadRecord:
        return
    assert isinstance(museum, Museum)
    assert museum.id > 0
    assert_storable(museum)
    best = museum.picture.best() if museum.picture else None
    assert best is None or best.startswith(("http://", "https://"))


@given(bent(st.just(samples.TICKET)) | JSON)
def test_tickets(value: object) -> None:
    try:
        ticket = tickets.ticket(CONTEXT)(value)
    except BadRecord:
        return
    assert isinstance(ticket, Ticket)
    assert_storable(ticket)
    assert 0 <= ticket.price_cents <= 10**8
    assert 0 <= ticket.discount <= 100
    assert 0 <= ticket.vat_bp <= 10_000
    assert ticket.min_persons >= 0
    assert ticket.max_persons is None or ticket.max_persons > 0
    assert all(0 <= cents <= 10**8 for cents in ticket.dynamic_prices.values())


@given(
    bent(st.just(samples.ORDER))
    | bent(st.just({"order": samples.ORDER, "meta": {"status": "success"}}))
    | JSON
)
def test_orders(value: object) -> None:
    try:
        created = orders.created(value)
    except BadRecord:
        return
    assert isinstance(created, OrderCreated)
    assert isinstance(created.order, Order)
    assert_storable(created)
    assert created.order.token.strip() not in {"", ".", ".."}
    for stand in (created.order.is_finalized(), created.order.is_cancelled()):
        assert isinstance(stand, bool)
    json.dumps([item.raw for item in created.order.items])


@pytest.mark.parametrize(
    "read",
    [availability.capacities, availability.capacity, availability.calendar_any, availability.calendar_all],
)
@given(
    value=bent(st.just(samples.CAPACITIES))
    | bent(st.just(samples.CALENDAR_ALL))
    | bent(st.just(samples.CAPACITY))
    | JSON
)
def test_availability(read: Any, value: object) -> None:
    try:
        found = read(value)
    except BadRecord:
        return
    assert_storable(found)
    for quota in found if read is availability.capacities else []:
        assert [slot.at for slot in quota.slots] == sorted(slot.at for slot in quota.slots)
        assert all(slot.left >= 0 and (slot.total is None or slot.total >= 0) for slot in quota.slots)


@given(
    bent(
        st.just({"opening_hours": {"begin": "2026-12-31T10:00:00+01:00", "end": "2026-12-31T18:00:00+01:00"}})
    )
    | JSON
)
def test_opening_hours(value: object) -> None:
    try:
        hours = catalogue.opening_hours(value)
    except BadRecord:
        return
    assert hours is None or hours.begin < hours.end


@given(
    st.binary(max_size=200) | st.text(alphabet='{}[]",:0123456789.eE-+ntf\\u', max_size=60).map(str.encode)
)
def test_any_bytes_are_json_or_bad(content: bytes) -> None:
    try:
        parse_json(Body(200, "", content))
    except BadRecord:
        return
    json.loads(content.decode("utf-8-sig"))
