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


class Act(StrEnum):
    """What is counted for every network address, and slowed down beyond a number a minute."""

    BASKET = "basket"  # a form of basket or checkout is sent
    SEARCH = "search"  # a page is asked for with words of one's own
    KEYS = "keys"  # an address with a key that opens nothing
