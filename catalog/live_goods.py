"""Live facts of vouchers for who wants to buy them, each read once however many visitors want to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings

from catalog.asking import NotKnown, ask
from catalog.languages import shop_locales
from shop import gateway
from shop.api import Patience
from shop.api.errors import NotFound
from shop.api.records import Coupon

__all__ = ["NotKnown", "Voucher", "coupon"]

T = TypeVar("T")
LOCALES_SECONDS = 900
A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Voucher:
    """What upstream says of a voucher; `record` is None when it has none such any more."""

    record: Coupon | None
    stale: bool


def coupon(coupon_id: int) -> Voucher:
    """One voucher with its price. Raises NotKnown."""
    read = _or_none(lambda: gateway.client().reference.coupon(coupon_id, _locales(), patience=Patience.WEB))
    flight = ask("coupon", str(coupon_id), read, fresh=settings.AVAILABILITY_SECONDS)
    return Voucher(flight.value, flight.stale)


def _locales() -> list[str]:
    gomus = gateway.client()
    return ask(
        "locales",
        "",
        lambda: shop_locales(gomus, patience=Patience.WEB),
        fresh=LOCALES_SECONDS,
        stale=A_DAY,
    ).value


def _or_none(read: Callable[[], T]) -> Callable[[], T | None]:
    """What upstream has no record of is an answer too, to be shared like any other."""

    def call() -> T | None:
        try:
            return read()
        except NotFound:
            return None

    return call
