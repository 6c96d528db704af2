"""The client against the running sandbox: holds, barcodes, parts and items of orders."""

import pytest

from shop.api import errors
from shop.api.records import HoldChange, HoldCreate, ItemCancellation, OrderCreate, TicketItem
from tests.api.buying import CLOSING, order_of
from tests.api.writers import Stage


def test_a_hold_from_asking_to_being_used_up(stage: Stage) -> None:
    reservations = stage.gomus.reservations
    hold = reservations.create(HoldCreate(stage.ticket.id, 2, stage.slot.key))
    assert (hold.quantity, hold.ticket_id, hold.start_at) == (2, stage.ticket.id, stage.slot.at)
    assert stage.drawn() == 2
    longer = reservations.refresh(hold.token, HoldChange(3))
    assert (longer.token, longer.quantity) == (hold.token, 3)
    assert longer.valid_until >= hold.valid_until
    plain = order_of(stage.ticket, stage.slot).items[0]
    assert isinstance(plain, TicketItem)
    item = TicketItem(plain.id, plain.quantity, plain.time, plain.attendees, (hold.token,))
    stage.gomus.orders.create(OrderCreate("VT-HELD", None, (item,), stage.ticket.price_cents * 2))
    assert stage.drawn() == 2, "the hold went into the order, and what it held too much is free"
    with pytest.raises(errors.NotFound):
        reservations.refresh(hold.token, HoldChange(1))
    reservations.delete(hold.token)


def test_an_order_is_found_by_any_of_its_barcodes_once_it_is_finalized(stage: Stage) -> None:
    orders = stage.gomus.orders
    final = orders.get(stage.final().token)
    (item,) = final.items
    assert len(item.barcodes) == 2
    assert [orders.by_barcode(one.barcode) for one in item.barcodes] == [final, final]
    with pytest.raises(errors.NotFound):
        orders.by_barcode("T123/456")


def test_the_last_item_cancelled_leaves_the_order(stage: Stage) -> None:
    subject = stage.final()
    order = stage.gomus.orders.cancel_items(subject.token, ItemCancellation((subject.item_id,)))
    assert (order.is_finalized(), order.is_cancelled(), order.total_cents) == (True, False, 0)
    assert order.items[0].canceled_at is not None
    assert stage.drawn() == 0


def test_parts_of_an_order_with_and_without_permission(stage: Stage) -> None:
    subject, parts = stage.final(), stage.gomus.order_parts
    tickets = parts.tickets(subject.token)
    assert tickets == stage.gomus.orders.get(subject.token).items
    assert parts.coupons(subject.token) == ()
    assert parts.tickets("no-such-order-token-at-all") is None
    stage.sandbox.switch(list_permission="none")
    assert parts.tickets(subject.token) is None


def test_an_order_says_who_bought_it(stage: Stage) -> None:
    order = stage.gomus.orders.get(stage.final().token)
    assert order.customer is not None
    assert (order.customer.surname, order.customer.email) == ("Brandt", CLOSING.customer.as_json()["email"])
    assert order.source == "resellershop"


def test_papers_of_the_sandbox(stage: Stage) -> None:
    order = stage.gomus.orders.get(stage.final().token)
    assert order.id is not None
    documents = stage.gomus.documents
    assert documents.invoice_pdf(order.id, order.token).startswith(b"%PDF-")
    for absent in (documents.event_pdf, documents.tour_pdf, documents.coupon_pdf):
        with pytest.raises(errors.NotFound):
            absent(order.id, 10**9, order.token)
