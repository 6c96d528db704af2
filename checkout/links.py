"""The link that opens a basket on another device: signed, good for a day, and only for that very basket.

Nothing is stored. The link does not carry the basket's secret, so nobody makes a cookie of it; it opens what is in the
basket and nothing of who filled it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checkout import goods_services, limits, services
from checkout.models import Basket
from checkout.problems import Refused
from shop.preview import absolute

GOOD_FOR = timedelta(hours=24)

_signer = TimestampSigner(salt="checkout.link")


@dataclass(frozen=True, slots=True)
class Link:
    """The whole address, until when it works, and the picture a phone reads as a data: address."""

    address: str
    until: datetime
    picture: str


def link_to(basket: Basket) -> Link:
    """Make a link to this basket, good from now on."""
    token = _signer.sign(f"{basket.pk}-{_mark(basket)}")
    address = absolute(reverse("checkout:join", args=[token]))
    picture = str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=4, light="#fff"))
    return Link(address, timezone.now() + GOOD_FOR, picture)


def basket_behind(token: str) -> Basket | None:
    """Return the basket of a link; None for one that is too old, not ours, or of a basket that is gone."""
    try:
        number, mark = _signer.unsign(token, max_age=GOOD_FOR).split("-")
    except (BadSignature, ValueError):
        return None
    found = Basket.objects.select_related("order").filter(pk=int(number)).first()
    return found if found is not None and _mark(found) == mark else None


def join(*, shared: Basket, own: Basket | None) -> None:
    """Put what is in one's own basket into the shared one; what both have stays as it is in the shared one.

    Raises Refused when it is too much for one basket; both stay as they are then.
    """
    if own is None or own.pk == shared.pk:
        return
    with transaction.atomic():
        if sum(one.lines.count() + one.goods.count() for one in (shared, own)) > limits.MOST_LINES:
            raise Refused(_("The basket is full. Please order what is in it first."))
        lines = services.remove_lines(basket=own, line_ids=list(own.lines.values_list("pk", flat=True)))
        goods = goods_services.remove_goods(basket=own, ids=list(own.goods.values_list("pk", flat=True)))
        services.put_back(basket=shared, removed=lines)
        goods_services.put_back_goods(basket=shared, removed=goods)


def _mark(basket: Basket) -> str:
    """Tells this basket from another that has its number later, without telling its secret."""
    return hashlib.sha256(f"checkout.link {basket.secret}".encode()).hexdigest()[:24]
