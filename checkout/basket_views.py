"""The basket's pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import astuple
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from checkout import (
    adding,
    choices,
    clicks,
    context,
    cookies,
    goods_services,
    holding,
    holds,
    places,
    requests,
    services,
)
from checkout.choices import Wanted
from checkout.models import Basket
from checkout.overview import overview
from checkout.problems import Refused
from checkout.services import Removed
from orders.lifecycle import FAILED, State
from orders.selectors import order_by_secret

UNDO = "removed"
EDITED = "edited"  # in the session: the row of the good that is being chosen anew on its page


@require_safe
@never_cache
def basket(request: HttpRequest) -> HttpResponse:
    """What is in the basket, and whether it can still be had."""
    mine = cookies.look(request)
    tickets, goods = _undoable(request, mine.basket)
    request.session.pop(EDITED, None)  # who looks at the basket again is not choosing anew any more
    own = holding.keep(mine.basket) if mine.basket else []
    seen = overview(mine.basket, own, ways_out=True)
    facts = {
        "overview": seen,
        "basket_summary": context.of_overview(seen),
        "under_way": mine.order,
        "elsewhere": mine.elsewhere,
        "undo": tickets or goods,
        "undo_tickets": tickets if not goods else 0,
    }
    return render(request, "checkout/basket.html", facts)


@require_POST
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Put a choice into the basket, `instead` of other lines if so named. Refused: back to the ticket, nothing lost."""
    data = request.POST.dict()
    wanted = requests.wanted(data)
    instead, own = requests.ids(data.get("instead", "")), cookies.look(request).basket
    if own is not None and clicks.is_repeated(request):
        return _to_basket(own)
    try:
        mine = adding.add_visit(basket=own, wanted=wanted, instead=instead)
    except Refused as refusal:
        clicks.forget(request)
        _tell(request, refusal)
        return redirect(_back(data, wanted))
    number = sum(wanted.party.values())
    text = ngettext("%(number)s ticket is in your basket.", "%(number)s tickets are in your basket.", number)
    messages.success(request, text % {"number": number})
    request.session.pop(UNDO, None)
    return _to_basket(mine)


@require_safe
@never_cache
def quote(request: HttpRequest) -> HttpResponse:
    """The sum box of the ticket page for the numbers chosen."""
    data = request.GET.dict()
    mine = cookies.look(request).basket
    lines = adding.lines_of(mine, without=requests.ids(data.get("instead", "")))
    answer = choices.quote(lines=lines, wanted=requests.wanted(data), own=holds.of(mine))
    return render(request, "checkout/_quote.html", {"quote": answer, "swapped": True})


@require_POST
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """New numbers, another time, another choice, a removal, or its undoing."""
    mine = cookies.look(request).basket
    if mine is None:
        return redirect("checkout:basket")
    data = request.POST.dict()
    if "undo" in data:
        services.put_back(basket=mine, removed=_removed(request, mine))
        goods_services.put_back_goods(basket=mine, removed=_removed_goods(request, mine))
        request.session.pop(UNDO, None)
    elif "remove" in data:
        _remove(request, mine, requests.ids(data["remove"]))
    elif "drop" in data:
        _remove(request, mine, (), requests.ids(data["drop"]))
    elif "edit" in data:
        return _edit(request, mine, requests.ids(data["edit"]))
    elif "move" in data:
        _move(request, mine, data)
    elif "hold" in data:
        for problem in services.hold_again(basket=mine, line_ids=requests.ids(data["hold"])):
            messages.error(request, problem)
    else:
        _renumber(request, mine, data)
    return _to_basket(mine)


@require_POST
@never_cache
def again(request: HttpRequest, secret: str) -> HttpResponse:
    """Put what a failed order was for back into the visitor's basket. Who only ran out of time goes on to order."""
    order = order_by_secret(secret)
    if order is None:
        raise Http404
    if order.state not in FAILED:
        return redirect("orders:order", secret=secret)
    mine = services.order_again(order=order, basket=cookies.look(request).basket)
    response = _to_basket(mine)
    if order.state == State.EXPIRED and overview(mine).orderable:
        response["Location"] = reverse("checkout:start")
    return response


def _renumber(request: HttpRequest, mine: Basket, data: Mapping[str, str]) -> None:
    numbers, garbled = requests.new_numbers(data)
    pieces, unread = requests.new_numbers(data, "g-")
    if garbled or unread:
        messages.error(request, _("Please enter the number of people as a whole number."))
    for problem in services.change_numbers(basket=mine, numbers=numbers):
        messages.error(request, problem)
    for problem in goods_services.change_goods(basket=mine, numbers=pieces):
        messages.error(request, problem)
    _remove(
        request,
        mine,
        [pk for pk, number in numbers.items() if number == 0],
        [pk for pk, number in pieces.items() if number == 0],
    )


def _move(request: HttpRequest, mine: Basket, data: Mapping[str, str]) -> None:
    try:
        services.move_visit(basket=mine, line_ids=requests.ids(data.get("lines", "")), key=data["move"][:40])
    except Refused as refusal:
        _tell(request, refusal)
        return
    messages.success(request, _("Your visit has a new time."))


def _edit(request: HttpRequest, mine: Basket, ids: list[int]) -> HttpResponse:
    """To the page of a good as it was chosen; what is chosen there takes its place."""
    good = goods_services.good_of(mine, ids[0]) if ids else None
    if good is None or not good.page:
        return redirect("checkout:basket")
    request.session[EDITED] = ids[0]
    return redirect(good.page)


def _remove(
    request: HttpRequest, mine: Basket, line_ids: Collection[int], good_ids: Collection[int] = ()
) -> None:
    """Take lines and goods out, remembering them for the way back; the last removal only."""
    lines = services.remove_lines(basket=mine, line_ids=line_ids) if line_ids else []
    goods = goods_services.remove_goods(basket=mine, ids=good_ids) if good_ids else []
    if lines or goods:
        request.session[UNDO] = {
            "basket": mine.secret,
            "lines": [list(astuple(line)) for line in lines],
            "goods": [dict(good) for good in goods],
        }


def _last_removal(request: HttpRequest, mine: Basket | None) -> Mapping[str, Any]:
    """What was last taken out of this very basket."""
    kept: Mapping[str, Any] = request.session.get(UNDO) or {}
    return kept if mine is not None and kept.get("basket") == mine.secret else {}


def _removed(request: HttpRequest, mine: Basket | None) -> list[Removed]:
    return [Removed(*line) for line in _last_removal(request, mine).get("lines", ())]


def _removed_goods(request: HttpRequest, mine: Basket | None) -> list[Mapping[str, Any]]:
    return list(_last_removal(request, mine).get("goods", ()))


def _undoable(request: HttpRequest, mine: Basket | None) -> tuple[int, int]:
    """How many tickets, and how many other things, could be put back."""
    return sum(line.quantity for line in _removed(request, mine)), len(_removed_goods(request, mine))


def _to_basket(mine: Basket) -> HttpResponse:
    response = redirect("checkout:basket")
    cookies.keep(response, mine)
    return response


def _tell(request: HttpRequest, refusal: Refused) -> None:
    for problem in refusal.problems:
        messages.error(request, problem)


def _back(data: Mapping[str, str], wanted: Wanted) -> str:
    """The ticket page as it was, with everything chosen."""
    if not wanted.family:
        return reverse("catalog:exhibitions")
    query: dict[str, str | int] = {f"q-{pk}": number for pk, number in wanted.party.items()}
    if on := places.day_of(wanted.key):
        query |= {"day": on.isoformat(), "time": wanted.key}
    if data.get("instead"):
        query["instead"] = data["instead"]
    anchor = requests.ids(data["anchor"])[0]
    return f"{reverse('catalog:ticket', args=[anchor])}?{urlencode(query)}"
