"""Everything a basket holds besides tickets at one entry time: a module per kind, all of one shape (`base.Good`)."""

from checkout.goods.annual import AnnualGood
from checkout.goods.base import Beside, Good
from checkout.goods.combined import CombinedGood
from checkout.goods.coupon import CouponGood
from checkout.goods.event import EventGood
from checkout.goods.tour import TourGood
from checkout.models import BasketGood

__all__ = ["KINDS", "Beside", "Good", "of"]

KINDS: dict[str, type[Good]] = {
    kind.kind: kind for kind in (EventGood, TourGood, CombinedGood, AnnualGood, CouponGood)
}


def of(row: BasketGood) -> Good:
    """The good of a row."""
    return KINDS[row.kind].restore(row)
