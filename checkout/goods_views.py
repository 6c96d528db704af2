"""Putting anything but tickets at an entry time into the basket: one form per kind, read by the kind itself."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from checkout import clicks, cookies, goods_services
from checkout.basket_views import EDITED, UNDO
from checkout.goods import KINDS, Good
from checkout.models import Basket
from checkout.problems import Refused

NOT_CHOSEN = ("csrfmiddlewaretoken", "back")
MOST_WORDS = 2000  # letters of a choice carried back in an address


@require_POST
@never_cache
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Put a choice into the basket. Refused: back to `back` or the page the form was on, with everything chosen."""
    own = cookies.look(request).basket
    if own is not None and clicks.is_repeated(request):
        return redirect("checkout:basket")
    try:
        wanted = KINDS[kind].read(request.POST)
        instead = _instead(request, own, wanted)
        mine = goods_services.add_goods(basket=own, wanted=wanted, instead=instead)
    except Refused as refusal:
        clicks.forget(request)
        for problem in refusal.problems:
            messages.error(request, problem)
        return redirect(_back(request))
    text = _("“%(title)s” has been changed.") if instead else _("“%(title)s” is in your basket.")
    messages.success(request, text % {"title": wanted[0].title})
    for name in (UNDO, EDITED):
        request.session.pop(name, None)
    response = redirect("checkout:basket")
    cookies.keep(response, mine)
    return response


def _instead(request: HttpRequest, basket: Basket | None, wanted: Sequence[Good]) -> list[int]:
    """The good that was to be chosen anew, if this comes from its very page."""
    number: int = request.session.get(EDITED, 0)
    edited = goods_services.good_of(basket, number) if number else None
    if edited is None or urlsplit(edited.page).path not in {urlsplit(good.page).path for good in wanted}:
        return []
    return [number]


def _back(request: HttpRequest) -> str:
    """The page the form was on; the basket if nobody knows."""
    page = request.POST.get("back") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return reverse("checkout:basket")
    chosen = [(name, value) for name, values in request.POST.lists() for value in values]
    words = urlencode([(name, value) for name, value in chosen if name not in NOT_CHOSEN and value])
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, words if len(words) <= MOST_WORDS else parts.query, ""))
