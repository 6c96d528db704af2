"""Going on with a basket on another device: the page with the link, and the page behind it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from checkout import cookies, links
from checkout.basket_views import UNDO
from checkout.models import Basket
from checkout.overview import overview
from checkout.problems import Refused


@require_safe
@never_cache
def share(request: HttpRequest) -> HttpResponse:
    """A link to the visitor's basket, and the same as a picture for the phone's camera."""
    mine = cookies.look(request)
    if mine.basket is None or not overview(mine.basket).entries:
        return redirect("checkout:basket")
    return _private(render(request, "checkout/share.html", {"link": links.link_to(mine.basket)}))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is in the basket behind a link; take it for one's own when asked to."""
    shared = links.basket_behind(token)
    if shared is None:
        return _private(render(request, "checkout/join_ended.html", status=410))
    there = cookies.Mine.of(request, shared)
    own = cookies.look(request).basket
    if own is not None and own.pk == shared.pk:
        return redirect("checkout:basket")
    if request.method == "POST" and there.basket is not None:
        return _join(request, there.basket, own)
    facts = {
        "overview": overview(there.basket),
        "ordered": there.basket is None,
        "own": bool(own and overview(own).entries),
    }
    return _private(render(request, "checkout/join.html", facts))


def _join(request: HttpRequest, shared: Basket, own: Basket | None) -> HttpResponse:
    try:
        links.join(shared=shared, own=own)
    except Refused as refusal:
        for problem in refusal.problems:
            messages.error(request, problem)
        return redirect(request.path)
    request.session.pop(UNDO, None)
    messages.success(request, _("This is the basket of your other device now; both show the same."))
    response = redirect("checkout:basket")
    cookies.keep(response, shared)
    return response


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
