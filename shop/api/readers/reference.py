"""Readers of reference data: anything in, a record or BadRecord out."""

from collections.abc import Callable
from functools import partial

from shop.api import reading
from shop.api.readers import shared
from shop.api.readers.shared import Context
from shop.api.reading import BadRecord
from shop.api.records import Country, Coupon, Salutation, State, WhoAmI


def country(value: object) -> Country:
    """Reader of countries; one without a name is of no use."""
    data = reading.mapping(value)
    code = reading.text(data.get("code")).upper()
    return Country(
        id=reading.required_id(data),
        name=_name(data.get("name")),
        code=code if len(code) == 2 and code.isascii() and code.isalpha() else "",
    )


def state(value: object) -> State:
    """Reader of states."""
    data = reading.mapping(value)
    return State(
        id=reading.required_id(data),
        name=_name(data.get("name")),
        country_id=reading.identifier(data.get("country_id")),
    )


def salutation(value: object) -> Salutation:
    """Reader of salutations."""
    data = reading.mapping(value)
    return Salutation(id=reading.required_id(data), name=_name(data.get("salutation")))


def who_am_i(payload: object) -> WhoAmI:
    """Reader of what upstream takes us for; a kind of access it may invent is kept as its word."""
    data = reading.mapping(payload)
    access = reading.text(data.get("access")).lower()
    if not access:
        raise BadRecord("no access")
    museums = data.get("museums")
    return WhoAmI(access, None if museums is None else reading.identifiers(museums))


def coupon(context: Context) -> Callable[[object], Coupon]:
    """Reader of coupons; one whose price, VAT or cost of shipping is not clear is refused."""
    return partial(_coupon, context)


def _coupon(context: Context, value: object) -> Coupon:
    data = reading.mapping(value)
    shipping = reading.identifier(data.get("shipped_with_merchandise_id"))
    if shipping is None and data.get("shipped_with_merchandise_id") is not None:
        raise BadRecord("unreadable shipped_with_merchandise_id")
    if not shared.has_sound_vat(data):
        raise BadRecord("unreadable vat_pct")
    return Coupon(
        id=reading.required_id(data),
        title=context.text(data, "title"),
        price_cents=shared.required_cents(data, "price_cents"),
        value_cents=shared.cents(data.get("value_cents")),
        vat_bp=reading.basis_points(data.get("vat_pct")) or 0,
        description=context.text(data, "description"),
        created_at=reading.moment(data.get("created_at")),
        updated_at=reading.moment(data.get("updated_at")),
        shipped_with_merchandise_id=shipping,
        content=reading.contents(data.get("content"), context.locales),
    )


def _name(value: object) -> str:
    """A plain name, also where upstream gives it in several languages."""
    name = reading.translated(value, ()).pick("")
    if not name:
        raise BadRecord("no name")
    return name
