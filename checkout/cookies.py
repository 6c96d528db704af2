"""Which basket belongs to a visitor: one signed cookie, set with the first ticket or by the link of another device.

Devices that share a basket share nothing else: the order it has become is shown where it was placed alone, which the
session there remembers.
"""

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
PLACED = "placed"  # in the session: the key of the order placed last
MAX_AGE = int(KEPT.total_seconds())


@dataclass(frozen=True, slots=True)
class Mine:
    """What a visitor's cookie leads to: a basket to buy, or else the order it has become, or nothing.

    `elsewhere`: it has been ordered, but not by this visitor.
    """

    basket: Basket | None = None
    order: Order | None = None
    elsewhere: bool = False

    @classmethod
    def of(cls, request: HttpRequest, basket: Basket | None) -> Mine:
        """What this basket is to the visitor. One whose order came to nothing is taken back."""
        if basket is None or basket.order is None:
            return cls(basket=basket)
        if mine := services.take_back(basket=basket):
            return cls(basket=mine)
        placed = request.session.get(PLACED) == basket.order.key
        return cls(order=basket.order) if placed else cls(elsewhere=True)


def secret_of(request: HttpRequest) -> str | None:
    """Return what the cookie says; None without one, or for one that is not ours or too old."""
    found: str | None = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=MAX_AGE)
    return found


def look(request: HttpRequest) -> Mine:
    """Find the visitor's basket. One whose order came to nothing is taken back."""
    secret = secret_of(request)
    found = Basket.objects.select_related("order").filter(secret=secret).first() if secret else None
    return Mine.of(request, found)


def remember(request: HttpRequest, key: str) -> None:
    """This visitor is about to place the order of this key: written at once, so that a second click finds it."""
    request.session[PLACED] = key
    request.session.save()
    request.session.modified = False


def forget(request: HttpRequest) -> None:
    """It was not placed by this visitor."""
    request.session.pop(PLACED, None)


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
