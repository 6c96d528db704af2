"""The page behind the link of a newsletter's mail: confirm, and later unsubscribe. Nothing happens by looking at it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from checkout import newsletter
from checkout.newsletter_models import Subscription


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """One wish: to be confirmed, confirmed, ended, or too old."""
    row = get_object_or_404(Subscription, token=token)
    if request.method == "POST":
        _act(request, row)
        return redirect("checkout:newsletter", token=token)
    context = {"subscription": row, "open": newsletter.is_open(row)}
    answer = render(request, "checkout/newsletter.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _act(request: HttpRequest, row: Subscription) -> None:
    if "leave" in request.POST:
        newsletter.leave(row)
    elif newsletter.confirm(row):
        messages.success(request, _("Thank you, that is confirmed."))
