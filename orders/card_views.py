"""Making annual tickets out to persons, behind the order's secret link."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders import card_choices, cards
from orders.card_choices import Choices
from orders.card_forms import CardForm
from orders.cards import NotOpen
from orders.lifecycle import State
from orders.models import Card, Order
from shop.api.errors import GomusError

log = logging.getLogger(__name__)


@require_safe
@never_cache
def overview(request: HttpRequest, secret: str) -> HttpResponse:
    """All cards of the order, and what became of each."""
    order = _order(secret)
    found = cards.of_order(order)
    if not found:
        raise Http404
    context = {"order": order, "cards": found, "busy": any(one.state in Card.UNDER_WAY for one in found)}
    return _private(render(request, "orders/cards.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def card(request: HttpRequest, secret: str, pk: int) -> HttpResponse:
    """Say whom one card is for."""
    order = _order(secret)
    found = get_object_or_404(Card.objects.select_related("item"), pk=pk, item__order=order)
    if found not in cards.of_order(order):
        raise Http404
    if found.state not in Card.TO_FILL_IN:
        return redirect("orders:cards", secret=secret)
    try:
        choices = card_choices.choices(get_language() or settings.LANGUAGE_CODE)
    except GomusError as error:
        log.warning("no choices for an annual ticket: %s", error)
        return _page(request, found, None, 503)
    if request.method != "POST":
        return _page(request, found, CardForm(found, choices, initial=_known(found, order, choices)), 200)
    form = CardForm(found, choices, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        cards.enter(found, form.person(), form.portrait())
    except NotOpen:
        messages.info(request, _("For this card a name has been entered already."))
    return redirect("orders:cards", secret=secret)


def _page(request: HttpRequest, found: Card, form: CardForm | None, status: int) -> HttpResponse:
    context = {"order": found.item.order, "card": found, "form": form}
    return _private(render(request, "orders/card.html", context, status=status))


def _known(found: Card, order: Order, choices: Choices) -> dict[str, Any]:
    """What was entered before; for a first card, the buyer."""
    if found.given_name:
        return {name: getattr(found, name) for name in cards.Person.__slots__}
    country = next((number for number, name in choices.countries if name == order.country), None)
    address = {"street": order.street, "zip_code": order.zip_code, "city": order.city}
    known: dict[str, Any] = {"email": order.email, "country_id": country} | address
    if found.position == 1:
        known |= {"given_name": order.given_name, "family_name": order.family_name}
    return known


def _order(secret: str) -> Order:
    return get_object_or_404(Order, secret=secret, state=State.READY)


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
