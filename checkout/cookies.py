"""Which basket belongs to a visitor: one signed cookie, set with the first ticket."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from checkout import services
from checkout.baskets import KEPT
from checkout.models import Basket
from orders.models import Order

COOKIE = "basket"
SALT = "checkout.basket"
MAX_AGE = int(KEPT.total_seconds())


@dataclass(frozen=True, slots=True)
class Mine:
    """What a visitor's cookie leads to: a basket to buy, or else the order it has become, or nothing."""

    basket: Basket | None = None
    order: Order | None = None


def secret_of(request: HttpRequest) -> str | None:
    """Return what the cookie says; None without one, or for one that is not ours or too old."""
    found: str | None = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=MAX_AGE)
    return found


def look(request: HttpRequest) -> Mine:
    """Find the visitor's basket. One whose order came to nothing is taken back."""
    secret = secret_of(request)
    found = Basket.objects.select_related("order").filter(secret=secret).first() if secret else None
    if found is None or found.order is None:
        return Mine(basket=found)
    mine = services.take_back(basket=found)
    return Mine(basket=mine) if mine else Mine(order=found.order)


def keep(response: HttpResponse, basket: Basket) -> None:
    """Give the visitor the cookie of the basket, for another week."""
    response.set_signed_cookie(
        COOKIE,
        basket.secret,
        salt=SALT,
        max_age=MAX_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
