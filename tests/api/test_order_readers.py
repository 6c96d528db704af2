"""Order readers, and what an order's answer says about where it stands."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from shop.api.readers import orders
from shop.api.reading import BadRecord
from shop.api.records import (
    Barcode,
    Order,
    OrderItem,
)
from tests.api import samples

WINTER = timezone(timedelta(hours=1))


def order(**changes: Any) -> Order:
    data = {key: value for key, value in (samples.ORDER | changes).items() if value is not ...}
    return orders.order(data)


def test_an_order() -> None:
    read = order()
    assert (read.id, read.token, read.status, read.total_cents) == (None, samples.TOKEN, "created", 3500)
    assert (read.reference, read.payment_id) == ("KMX-01J9ZK3V7C", "pay_7H2K9QX")
    assert read.expires_at == datetime(2027, 3, 10, 9, 42, 44, tzinfo=WINTER)
    ticket_item, event_item = read.items
    assert (ticket_item.attributes_id, ticket_item.ticket_id, ticket_item.quantity) == (66011, 311, 2)
    assert ticket_item.barcodes == (
        Barcode(901221, "4098120901221-7", "ean"),
        Barcode(901222, "704323341", "ean"),
    )
    assert (event_item.type, event_item.price_cents, event_item.quantity) == ("Event", 700, 3)
    assert event_item.raw["attributes"] == samples.ORDER["items"][1]["attributes"]  # type: ignore[index]
    assert samples.TOKEN not in repr(read)


def test_the_wrapping_key_of_an_order_may_be_missing() -> None:
    assert orders.created({"order": samples.ORDER}).order == orders.created(samples.ORDER).order == order()
    assert orders.order_if_any(samples.ORDER) == order()
    empties: tuple[object, ...] = (None, {}, {"success": True}, [])
    for empty in empties:
        assert orders.order_if_any(empty) is None


def test_totals_of_orders() -> None:
    assert order(total_price_cents=...).total_cents == 3500
    assert order(total_price_cents=0).total_cents == 0
    with pytest.raises(BadRecord):
        order(total_price_cents=None, total=None)


@pytest.mark.parametrize("token", [None, "", "  ", "..", ".", [], "x" * 256])
def test_an_order_needs_a_token(token: object) -> None:
    with pytest.raises(BadRecord):
        order(token=token)


def test_quantities_may_be_a_map_and_tours_count_participants() -> None:
    def quantity(**attributes: object) -> int:
        return order(items=[{"type": "Tour", "attributes": attributes}]).items[0].quantity

    assert quantity(quantities={"61": 2, "62": "1"}) == 3
    assert quantity(participants=12) == 12
    assert quantity() == 0


def test_unexpected_payment_of_upstream() -> None:
    def unexpected(meta: object) -> bool:
        return orders.created({"order": samples.ORDER, "meta": meta}).meta.is_unexpected()

    assert not unexpected(None)
    assert not unexpected({"status": "success", "payment_url": None, "payment_data": None})
    assert unexpected({"status": "fail"})
    assert unexpected({"status": "success", "payment_url": "https://pay.test"})
    assert unexpected({"status": "success", "payment_data": {"url": "https://pay.test"}})


def item(kind: str = "Ticket", *, barcodes: int = 0, cancelled: bool = False) -> OrderItem:
    codes = tuple(Barcode(n, f"T{n}") for n in range(barcodes))
    gone = datetime(2027, 3, 10, tzinfo=WINTER) if cancelled else None
    return OrderItem(id=1, type=kind, price_cents=1, canceled_at=gone, barcodes=codes)


def stands(
    status: str = "",
    *items: OrderItem,
    completed: bool | None = None,
    number: int | None = None,
    is_valid: bool = False,
) -> Order:
    return Order(
        id=number,
        token="t",
        status=status,
        is_valid=is_valid,
        completed=completed,
        total_cents=1,
        items=items,
    )


@pytest.mark.parametrize(
    ("stand", "finalized"),
    [
        (stands("created", completed=True), True),
        (stands("finalized", completed=False), False),
        (stands("finalized"), True),
        (stands("completed"), True),
        (stands("created", item(barcodes=2), number=7, is_valid=True), False),
        (stands("draft"), False),
        (stands("open"), False),
        (stands("expired"), False),
        (stands("cancelled", item(barcodes=1)), False),
        (stands("paid", item(barcodes=1), item(barcodes=2)), True),
        (stands("", item(barcodes=1), item()), False),
        (stands("", item(barcodes=1), item(cancelled=True)), True),
        (stands("", item(), number=7, is_valid=True), False),
        (stands("", item("Event"), number=7, is_valid=True), True),
        (stands("", item("Event"), number=7), False),
        (stands("", item("Event"), is_valid=True), False),
        (stands("", item(cancelled=True), number=7, is_valid=True), True),
    ],
)
def test_when_an_order_is_finalized(stand: Order, finalized: bool) -> None:
    assert stand.is_finalized() is finalized


@pytest.mark.parametrize(
    ("stand", "cancelled"),
    [
        (stands("cancelled"), True),
        (stands("finalized", item(), is_valid=True), False),
        (stands("finalized", item(cancelled=True), is_valid=True), False),
        (stands("finalized", item(cancelled=True)), True),
        (stands("created", item(cancelled=True), item()), False),
        (stands("created"), False),
        (stands("expired"), False),
    ],
)
def test_when_an_order_is_cancelled(stand: Order, cancelled: bool) -> None:
    assert stand.is_cancelled() is cancelled


def test_a_cancelled_order_was_finalized_once_and_says_so() -> None:
    gone = order(completed=True, canceled_at="2027-03-11T09:00:00+01:00", status="Cancelled")
    assert gone.is_finalized()
    assert gone.is_cancelled()
    assert order(status=" Cancelled ").status == "cancelled"
    assert order(status="expired").is_expired()
