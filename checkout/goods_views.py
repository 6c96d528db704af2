"""Putting anything but tickets at an entry time into the basket: one form per kind, read by the kind itself."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from checkout import cookies, goods_services
from checkout.basket_views import UNDO
from checkout.goods import KINDS
from checkout.problems import Refused

NOT_CHOSEN = ("csrfmiddlewaretoken", "back")
MOST_WORDS = 2000  # letters of a choice carried back in an address


@require_POST
@never_cache
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Put a choice into the basket. Refused: back to `back` or the page the form was on, with everything chosen."""
    try:
        wanted = KINDS[kind].read(request.POST)
        mine = goods_services.add_goods(basket=cookies.look(request).basket, wanted=wanted)
    except Refused as refusal:
        for problem in refusal.problems:
            messages.error(request, problem)
        return redirect(_back(request))
    messages.success(request, _("“%(title)s” is in your basket.") % {"title": wanted[0].title})
    request.session.pop(UNDO, None)
    response = redirect("checkout:basket")
    cookies.keep(response, mine)
    return response


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
