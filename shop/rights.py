"""Which things bought can be withdrawn from: one configured rule per class, told in the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shop.options import Product

NAMES = {
    Product.DATED: gettext_lazy("Tickets for a fixed day or time"),
    Product.TOUR: gettext_lazy("Tours on a fixed date"),
    Product.UNDATED: gettext_lazy("Tickets without a fixed date"),
    Product.ANNUAL: gettext_lazy("Annual tickets"),
    Product.VOUCHER: gettext_lazy("Vouchers"),
}
LEISURE = (Product.DATED, Product.TOUR)  # what section 312g means
KINDS = {"tour": Product.TOUR, "annual": Product.ANNUAL, "coupon": Product.VOUCHER}


def product_of(kind: str, *, dated: bool = True) -> Product:
    """Return the class of an item of this kind: ticket, combined, event, tour, annual or coupon."""
    return KINDS.get(kind, Product.DATED if dated else Product.UNDATED)


def days(product: Product) -> int:
    """Return for how many days one may withdraw; 0: not at all."""
    return int(settings.WITHDRAWAL_RIGHTS[product])


def sentence(product: Product) -> str:
    """Return the rule for one class, in the active language."""
    what: dict[str, Any] = {"what": NAMES[product], "days": days(product)}
    if what["days"]:
        return (
            ngettext(
                "%(what)s: you may withdraw within %(days)s day of the conclusion of the contract, without giving "
                "reasons.",
                "%(what)s: you may withdraw within %(days)s days of the conclusion of the contract, without giving "
                "reasons.",
                what["days"],
            )
            % what
        )
    if product in LEISURE:
        return (
            _("%(what)s: there is no right of withdrawal (§ 312g para. 2 no. 9 of the German Civil Code).")
            % what
        )
    return _("%(what)s: there is no right of withdrawal.") % what


def notice(products: Iterable[Product]) -> list[str]:
    """Return the rules for all that is bought together, each once."""
    found = set(products)
    return [sentence(product) for product in Product if product in found]
