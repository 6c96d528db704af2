"""Giving tickets back: choose, see what comes back, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from orders import cancelling, selectors
from orders.cancelling import Changed, NotAllowed, UnderWay
from orders.lifecycle import State
from orders.models import Cancellation, Order


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose(request: HttpRequest, secret: str) -> HttpResponse:
    """What may be given back; posted, what it comes to, to be confirmed."""
    order = _order(secret)
    context: dict[str, Any] = {"order": order, "pays_later": selectors.pays_later(order)}
    if request.method == "POST":
        try:
            found = cancelling.quote(order, _ids(request))
        except NotAllowed:
            messages.error(request, _("Please choose what you want to cancel."))
            return redirect("orders:cancel", secret=secret)
        return _private(render(request, "orders/cancel_confirm.html", context | {"quote": found}))
    options = cancelling.options(order)
    allowed = {option.item.pk for option in options}
    kept = [item for item in order.items.filter(cancelled_at=None) if item.pk not in allowed]
    busy = order.cancellations.filter(state__in=Cancellation.OPEN).exists()
    context |= {"options": options, "kept": kept, "busy": busy}
    return _private(render(request, "orders/cancel.html", context))


@require_POST
@never_cache
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """Cancel for the amount that was shown."""
    order = _order(secret)
    agreed = request.POST.get("agreed", "")
    try:
        cancelling.ask(order, _ids(request), agreed_cents=_number(agreed))
    except UnderWay:
        messages.info(request, _("A cancellation of this order is under way already."))
    except (NotAllowed, Changed):
        messages.error(request, _("Something has changed meanwhile. Please look at it once more."))
        return redirect("orders:cancel", secret=secret)
    return redirect("orders:order", secret=secret)


def _order(secret: str) -> Order:
    return get_object_or_404(Order, secret=secret, state=State.READY)


def _ids(request: HttpRequest) -> set[int]:
    """The chosen items; a garbled one counts as one that is not there."""
    return {_number(value) for value in request.POST.getlist("item")}


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else -1


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
