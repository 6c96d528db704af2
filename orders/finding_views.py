"""The page that sends people their orders by e-mail."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders import finding
from shop.limits import client_of


class FindForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("The one you ordered with."),
        error_messages={
            "required": gettext_lazy("Please enter an address like name@example.org."),
            "invalid": gettext_lazy("Please enter an address like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Take an address; the answer is the same whether or not it has orders."""
    form = FindForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, form, 200)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        finding.ask(
            email=form.cleaned_data["email"],
            language=get_language() or settings.LANGUAGE_CODE,
            client=client_of(request),
        )
    except finding.TooMany:
        return _page(request, form, 429)
    return redirect("orders:links_sent")


@require_safe
@never_cache
def links_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way, if there is anything to send."""
    return _private(render(request, "orders/links_sent.html"))


def _page(request: HttpRequest, form: FindForm, status: int) -> HttpResponse:
    context = {"form": form, "too_many": status == 429}
    answer = render(request, "orders/find.html", context, status=status)
    if status == 429:
        answer["Retry-After"] = str(int(finding.PER.total_seconds()))
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
