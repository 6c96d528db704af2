"""Sends people the links of their orders. Whoever asks learns nothing: only the mail box of the address does.

The page writes the wish and looks at no order, so it takes the same time and says the same for every address.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from orders.lifecycle import FAILED
from orders.link_models import LinkRequest
from orders.models import Order
from shop import letters
from shop.dates import full_date
from shop.jobs import Job
from shop.letters import Content
from shop.models import Letter
from shop.money import format_money
from shop.preview import absolute
from shop.queue import ring

PER = timedelta(hours=1)
MOST_PER_ADDRESS = 3
MOST_PER_CLIENT = 10
MOST_AT_ALL = 600
MOST_ORDERS = 20  # in one mail, the newest


class TooMany(Exception):
    """More wishes than anybody has reason to send."""


def ask(*, email: str, language: str, client: str) -> None:
    """Write the wish down; `client` is the network address it came from. Raises TooMany."""
    hashed = salted_hmac("orders.finding", client, algorithm="sha256").hexdigest()
    with transaction.atomic():
        lately = LinkRequest.objects.filter(asked_at__gt=timezone.now() - PER)
        if (
            lately.filter(email__iexact=email).count() >= MOST_PER_ADDRESS
            or lately.filter(client=hashed).count() >= MOST_PER_CLIENT
            or lately.count() >= MOST_AT_ALL
        ):
            raise TooMany
        row = LinkRequest.objects.create(email=email, language=language, client=hashed)
        ring(Job.SEND_LINKS, row.pk)


def answer(request_id: int) -> None:
    """Promise the mail with the links, once; nothing for an address without orders. For workers."""
    with transaction.atomic():
        waiting = LinkRequest.objects.filter(pk=request_id, answered_at=None)
        if not waiting.update(answered_at=timezone.now()):
            return
        row = LinkRequest.objects.get(pk=request_id)
        live = Order.objects.filter(email__iexact=row.email).exclude(state__in=FAILED)
        if found := list(live.order_by("-created_at", "-pk")[:MOST_ORDERS]):
            letters.promise(Letter.Kind.ORDERS, row.email, _letter(found, row.language))


def due() -> list[int]:
    """Return the ids of wishes no worker has looked at."""
    return list(LinkRequest.objects.filter(answered_at=None).values_list("pk", flat=True))


def forget_old() -> int:
    """Remove answered wishes; they only served to be counted. Returns how many."""
    kept = timedelta(days=settings.RETENTION_DAYS["links"])
    old = LinkRequest.objects.filter(answered_at__isnull=False, asked_at__lt=timezone.now() - kept)
    return old.delete()[0]


def _letter(orders: list[Order], language: str) -> Content:
    with translation.override(language):
        return Content(
            subject=_("Your orders at %(shop)s") % {"shop": settings.SHOP_NAME},
            greeting=_("Hello,"),
            opening=[_("someone, probably you, asked us to send the orders of this address:")],
            links=[(_label(order, language), _address(order)) for order in orders],
            closing=[
                _("Each link is the key to its order: please do not pass it on."),
                _("If it was not you, simply ignore this mail: nobody else has seen your orders."),
            ],
        )


def _label(order: Order, language: str) -> str:
    return _("Order %(number)s of %(day)s, %(sum)s") % {
        "number": order.number,
        "day": full_date(timezone.localdate(order.created_at), language),
        "sum": format_money(order.total_cents, order.currency, language),
    }


def _address(order: Order) -> str:
    with translation.override(order.language):
        return absolute(reverse("orders:order", args=[order.secret]))
