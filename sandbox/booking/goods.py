"""Items without a time: vouchers and articles."""

from sandbox.booking import reading
from sandbox.booking.basket import Ask, Line
from sandbox.booking.prices import Part, item_cents, sane
from sandbox.catalogue.model import Coupon, Merchandise


def read_coupon(ask: Ask) -> None:
    """Add vouchers to the basket, or say what is wrong."""
    _read(ask, "Coupon", ask.stock.world.coupons.get(reading.whole(ask.given.get("id")) or 0))


def read_merchandise(ask: Ask) -> None:
    """Add articles to the basket, or say what is wrong."""
    found = ask.stock.world.merchandises.get(reading.whole(ask.given.get("id")) or 0)
    _read(ask, "Merchandise", found)


def _read(ask: Ask, kind: str, goods: Coupon | Merchandise | None) -> None:
    if goods is None:
        ask.wrong("unknown_product", "Unbekannter Artikel.", "Unknown article.", "id")
        return
    if not sane([goods.cents], 0):
        ask.wrong("not_bookable", "Artikel nicht erhältlich.", "Article not for sale.", "id")
        return
    count = reading.quantity(ask)
    if count is not None:
        cents = item_cents([Part(goods.cents, count)], discount=0, vat=goods.vat, tax_included=True)
        worth = goods.value_cents if isinstance(goods, Coupon) else 0
        facts = {"value_cents": worth}
        ask.basket.lines.append(
            Line(ask.index, kind, goods.id, goods.title, count, cents=cents, vat=goods.vat, facts=facts)
        )
