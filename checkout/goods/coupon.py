"""A voucher of a fixed value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import live_goods
from catalog.models import Coupon
from checkout.fields import an_id
from checkout.goods.base import Beside
from checkout.goods.pieces import PieceGood, pieces
from checkout.items import coupon_item
from checkout.limits import MOST_OF_A_KIND, at_most
from checkout.models import BasketGood
from checkout.places import Days
from checkout.price_lists import Charge, Terms, single
from checkout.pricing import HIGHEST_COUNT, HIGHEST_UNIT
from checkout.problems import Problem, Refused
from orders.snapshot import Attendee
from shop import features
from shop.api import records
from shop.options import Feature


class CouponGood(PieceGood):
    kind = BasketGood.Kind.COUPON.value

    def __init__(self, coupon: Coupon, number: int) -> None:
        self.coupon = coupon
        self.count = number
        self.facts: records.Coupon | None = None

    @classmethod
    def read(cls, data: QueryDict) -> list[Self]:
        coupon = Coupon.objects.live().filter(pk=an_id(data.get("coupon"))).first()
        if coupon is None or not features.is_on(Feature.COUPONS):
            raise Refused(_("This voucher is no longer on sale."))
        if coupon.shipped_with is not None:
            raise Refused(_("This voucher is sent by post and cannot be ordered here."))
        if not _is_its_value(coupon, data.get("amount", "")):
            raise Refused(_("This voucher has a fixed value. Please choose one of the vouchers offered."))
        return [cls(coupon, pieces(data.get("number", "1")))]

    @classmethod
    def restore(cls, row: BasketGood) -> Self:
        assert row.coupon is not None, "held by a constraint"
        return cls(row.coupon, row.choice["number"])

    def with_count(self, count: int) -> Self:
        found = type(self)(self.coupon, count)
        found.facts = self.facts
        return found

    def product(self) -> dict[str, int]:
        return {"coupon_id": self.coupon.pk}

    @property
    def place(self) -> str:
        return f"coupon {self.coupon.pk}"

    @property
    def title(self) -> str:
        return self.coupon.title

    @property
    def page(self) -> str:
        return reverse("catalog:vouchers")

    def look(self, days: Days) -> None:  # noqa: ARG002
        told = live_goods.coupon(self.coupon.pk)
        self.facts, self.known, self.stale = told.record, True, told.stale

    def problems(self, beside: Beside) -> list[Problem]:  # noqa: ARG002
        facts = self.facts
        if facts is None or facts.shipped_with_merchandise_id is not None:
            return [Problem("unknown_product", _("This voucher is no longer on sale."))]
        if not 0 <= facts.price_cents <= HIGHEST_UNIT:
            return [Problem("not_bookable", _("This voucher is no longer on sale."))]
        if self.count > MOST_OF_A_KIND:
            return [Problem("quantity_above_maximum", at_most(self.title, MOST_OF_A_KIND))]
        return []

    def charges(self) -> tuple[Charge, ...]:
        assert self.facts is not None, "priced without facts"
        return single(self.facts.price_cents, min(self.count, HIGHEST_COUNT), Terms(vat_bp=self.facts.vat_bp))

    def payload(self, people: Sequence[Attendee]) -> dict[str, Any]:  # noqa: ARG002
        return coupon_item(self.coupon.pk, self.count)


def _is_its_value(coupon: Coupon, amount: str) -> bool:
    """Is the amount (in whole units of the currency, or empty) what this voucher is worth or costs?"""
    text = amount.strip().replace(",", ".")
    if not text:
        return True
    whole, _dot, rest = text.partition(".")
    digits = whole.isascii() and whole.isdigit() and len(whole) < 8 and len(rest) <= 2
    if not digits or (rest and not (rest.isascii() and rest.isdigit())):
        return False
    return int(whole) * 100 + int(rest.ljust(2, "0")) in {coupon.value_cents, coupon.price_cents}
