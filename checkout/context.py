"""The basket in the header of every page: two queries with a cookie, none without or where it is not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from checkout import cookies
from checkout.items import ticket_cents
from checkout.models import BasketGood, BasketLine
from checkout.overview import is_over
from checkout.seen import Overview
from orders.lifecycle import FAILED

NEEDED = (
    "quantity",
    "slot_key",
    "slot_at",
    "slot_ends_at",
    "basket__order__state",
    *(
        f"ticket__{name}"
        for name in (
            "ticket_type",
            "bookable",
            "retired_at",
            "hidden",
            "price_cents",
            "dynamic_prices",
            "discount",
            "vat_bp",
            "tax_included",
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """Number of tickets (of items, where there is more than tickets) and their gross price, by the mirror."""

    count: int = 0
    total_cents: int = 0
    mixed: bool = False


def basket(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates."""
    return {"basket_summary": SimpleLazyObject(lambda: summary(request))}


def summary(request: HttpRequest) -> Summary:
    """What is in a visitor's basket to be bought."""
    secret = cookies.secret_of(request)
    if not secret:
        return Summary()
    lines = BasketLine.objects.filter(basket__secret=secret).order_by()
    rows = lines.select_related("ticket", "basket__order").only(*NEEDED)
    mine = [line for line in rows if _is_to_buy(line)]
    goods = _goods(secret)
    return Summary(
        count=len(mine) + len(goods) if goods else sum(line.quantity for line in mine),
        total_cents=sum(ticket_cents(line.ticket, line.slot_key, line.quantity) for line in mine)
        + sum(goods),
        mixed=bool(goods),
    )


def of_overview(seen: Overview) -> Summary:
    """The same for a page that has looked at the whole basket already."""
    lines = [line for line in seen.lines if line.counts]
    goods = [good for good in seen.goods if good.counts]
    count = len(lines) + len(goods) if goods else sum(line.number for line in lines)
    cents = sum(line.cents for line in lines) + sum(good.cents for good in goods)
    return Summary(count, cents, mixed=bool(goods))


def _goods(secret: str) -> list[int]:
    """The price of everything else that is not over, as it was put into the basket."""
    free = Q(basket__order=None) | Q(basket__order__state__in=sorted(FAILED))
    ahead = Q(starts_at=None) | Q(starts_at__gt=timezone.now())
    found = BasketGood.objects.filter(free & ahead, basket__secret=secret).order_by()
    return list(found.values_list("cents", flat=True))


def _is_to_buy(line: BasketLine) -> bool:
    """Neither ordered nor, as far as the mirror tells, past or no longer sold."""
    order = line.basket.order
    return _is_sold(line) and (order is None or order.state in FAILED)


def _is_sold(line: BasketLine) -> bool:
    return line.ticket.bookable and line.ticket.on_offer and not is_over(line)
