"""Readers of orders. Tokens are never parsed and never logged."""

from collections.abc import Mapping
from functools import partial

from shop.api import reading
from shop.api.readers.order_items import item
from shop.api.reading import BadRecord
from shop.api.records import Hold, Invoice, Order, OrderCreated, OrderCustomer, OrderItem, OrderMeta


def order(value: object, base_url: str = "") -> Order:
    """Reader of one order; without token or total it is of no use. Relative addresses count from `base_url`."""
    data = reading.mapping(value)
    total = reading.integer(data.get("total_price_cents"))
    total = reading.integer(data.get("total")) if total is None else total
    if total is None:
        raise BadRecord("an order without total")
    return Order(
        id=reading.identifier(data.get("id")),
        token=_token(data),
        status=reading.text(data.get("status")).lower(),
        is_valid=reading.flag(data.get("is_valid")) or False,
        completed=reading.flag(data.get("completed")),
        total_cents=total,
        reference=reading.text(data.get("reference")) or None,
        invoice=reading.flag(data.get("invoice")) or False,
        created_at=reading.moment(data.get("created_at")),
        expires_at=reading.moment(data.get("expires_at")),
        canceled_at=reading.moment(data.get("canceled_at")),
        payment_id=reading.text(reading.mapping(data.get("payment")).get("payment_id")) or None,
        comment=reading.text(data.get("comment")) or None,
        rating=reading.integer(data.get("rating")),
        source=reading.text(data.get("source")) or None,
        customer=_customer(data.get("customer")),
        payment_status=reading.integer(data.get("payment_status")),
        billing_address_id=reading.identifier(data.get("billing_address_id")),
        items=items(data.get("items"), base_url),
    )


def items(value: object, base_url: str = "") -> tuple[OrderItem, ...]:
    """Reader of all items; what is no item at all is left out."""
    return tuple(item(row, base_url) for row in reading.rows(value) if isinstance(row, Mapping))


def order_if_any(payload: object, base_url: str = "") -> Order | None:
    """Reader of a write's answer: None where success came without an order in it."""
    data = reading.mapping(payload)
    if "order" not in data and "token" not in data:
        return None
    return wrapped_order(payload, base_url)


def wrapped_order(payload: object, base_url: str = "") -> Order:
    """Reader of an answer that holds one order."""
    return reading.unwrapped("order", partial(order, base_url=base_url))(payload)


def created(payload: object, base_url: str = "") -> OrderCreated:
    """Reader of a created order and what was said with it."""
    meta = reading.mapping(reading.mapping(payload).get("meta"))
    return OrderCreated(
        order=wrapped_order(payload, base_url),
        meta=OrderMeta(
            status=reading.text(meta.get("status")).lower(),
            payment_url=reading.text(meta.get("payment_url")) or None,
            has_payment_data=bool(meta.get("payment_data")),
        ),
    )


def invoice(value: object, base_url: str = "") -> Invoice:
    """Reader of one invoice in the list of an order's invoices."""
    data = reading.mapping(value)
    return Invoice(
        id=reading.required_id(data),
        number=reading.text(data.get("number")),
        created_at=reading.moment(data.get("created_at")),
        total_cents=reading.integer(data.get("total_price_cents")),
        url=reading.address(data.get("url"), base_url),
    )


def hold(value: object) -> Hold:
    """Reader of one reservation; without token, quantity or end it is of no use."""
    data = reading.mapping(value)
    quantity = reading.identifier(data.get("quantity"))
    valid_until = reading.moment(data.get("valid_until"))
    if quantity is None or valid_until is None:
        raise BadRecord("a hold without quantity or end")
    return Hold(
        token=_token(data),
        quantity=quantity,
        valid_until=valid_until,
        ticket_id=reading.identifier(data.get("ticket_id")),
        start_at=reading.moment(data.get("start_at")),
    )


def _customer(value: object) -> OrderCustomer | None:
    data = reading.mapping(value)
    if not data:
        return None
    return OrderCustomer(
        id=reading.identifier(data.get("id")),
        foreign_id=reading.text(data.get("foreign_id")) or None,
        name=reading.text(data.get("name")),
        surname=reading.text(data.get("surname")),
        email=reading.text(data.get("email")),
    )


def _token(data: Mapping[str, object]) -> str:
    token = reading.text(data.get("token"))
    if not any(character.isalnum() for character in token) or len(token) > 255:
        raise BadRecord("no usable token")
    return token
