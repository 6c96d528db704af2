"""What one date of an event costs, in the visitor's language: what can be chosen, and the sum of a choice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

from catalog.prices import Charge, gross, gross_sum
from shop.api.records import EventDate, Price, PriceKind, Seat, Text
from shop.markup import plain


@dataclass(frozen=True, slots=True)
class Fare:
    """One price. `scale_id` is what it is chosen by, None: it is charged whatever is chosen.

    `cents` is gross, for one person or, with `group`, for all together; `full_cents` is that before a discount.
    """

    scale_id: int | None
    title: str
    description: str
    group: bool
    cents: int
    full_cents: int
    seat_category_id: int | None
    price: Price


def say(text: Text) -> str:
    """The words of an upstream text in the active language, else in the shop's, else in any."""
    return plain(text.pick(get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE))


def fares(date: EventDate) -> tuple[Fare, ...]:
    """Scale prices where there are any, else all flat prices that are always charged."""
    scale = [price for price in date.prices if price.kind is PriceKind.SCALE]
    flat = [price for price in date.prices if price.kind is PriceKind.FLAT and not price.optional]
    return tuple(_fare(date, price) for price in scale or flat)


def charged(fare: Fare, number: int) -> int:
    """How often a fare is charged for so many people."""
    return min(number, 1) if fare.group else number


def total(date: EventDate, chosen: Iterable[tuple[Fare, int]]) -> int:
    """Gross cents of fares with their numbers of people, rounded once."""
    lines = [
        Charge(fare.price.price_cents, charged(fare, number), _vat(date, fare.price))
        for fare, number in chosen
    ]
    return gross_sum(lines, discount=date.discount, tax_included=date.tax_included)


def suited(seat: Seat, offered: Iterable[Fare]) -> tuple[Fare, ...]:
    """The fares a numbered seat may be sold at."""
    return tuple(fare for fare in offered if fare.seat_category_id in {None, seat.category_id})


def _fare(date: EventDate, price: Price) -> Fare:
    cents, full_cents = (
        gross(
            price.price_cents,
            discount=discount,
            vat_bp=_vat(date, price),
            tax_included=date.tax_included,
        )
        for discount in (date.discount, 0)
    )
    return Fare(
        scale_id=price.scale_price_id,
        title=say(price.title),
        description=say(price.description),
        group=price.group,
        cents=cents,
        full_cents=full_cents,
        seat_category_id=price.seat_category_id,
        price=price,
    )


def _vat(date: EventDate, price: Price) -> int:
    return date.vat_bp if price.vat_bp is None else price.vat_bp
