"""Words that settings choose among, named once."""

from enum import StrEnum


class Feature(StrEnum):
    """What one go~mus installation offers and another does not."""

    RESERVATIONS = "reservations"  # places can be held before they are ordered
    COUPONS = "coupons"  # vouchers are on sale
    ORDER_PARTS = "order_parts"  # the items of an order can also be listed by kind
    DIRECT_ORDERS = "direct_orders"  # creating an order already buys it, there are no drafts


class Product(StrEnum):
    """Classes of things on sale that the right of withdrawal tells apart."""

    DATED = "dated"  # for one day or time, events as well
    TOUR = "tour"
    UNDATED = "undated"
    ANNUAL = "annual"
    VOUCHER = "voucher"
