"""The withdrawal function: from every page, without an account, in two steps, with a receipt."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders import selectors, withdrawals
from orders.law_models import Withdrawal
from orders.withdrawals import Declaration, TooMany
from shop.fields import Prose, Words

SALT = "orders.withdrawal"
OPEN_FOR = 24 * 3600  # seconds between the two steps


class DeclarationForm(forms.Form):
    number = Words(
        gettext_lazy("Order number"),
        "off",
        200,
        help_text=gettext_lazy(
            "It begins with %(prefix)s and stands in our mails. Without it: what you bought, when, and for which day."
        ),
    )
    given_name = Words(gettext_lazy("First name"), "given-name")
    family_name = Words(gettext_lazy("Last name"), "family-name")
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("The receipt goes to this address. Best use the one you ordered with."),
        error_messages={"invalid": gettext_lazy("Please enter an address like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    note = Prose(
        gettext_lazy("Anything else? (optional)"),
        2000,
        help_text=gettext_lazy(
            "For example which tickets, if not all of the order. You need not give a reason."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = self.fields["number"].help_text
        self.fields["number"].help_text = str(hint) % {"prefix": f"{settings.ORDER_PREFIX}-"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: HttpRequest) -> HttpResponse:
    """Step one: say who you are and which contract you mean. `again` brings back what was entered."""
    sent = request.POST if request.method == "POST" else None
    if sent is not None and "again" in sent:
        return _form(request, DeclarationForm(initial=_opened(sent["again"])), 200)
    form = DeclarationForm(sent, initial=_known(request))
    if not form.is_bound:
        return _form(request, form, 200)
    if not form.is_valid():
        return _form(request, form, 422)
    token = signing.dumps({**form.cleaned_data, "nonce": secrets.token_urlsafe(24)}, salt=SALT)
    return _private(
        render(request, "orders/withdraw_confirm.html", {"entered": form.cleaned_data, "token": token})
    )


@require_http_methods(["POST"])
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Step two: the declaration is made by this click."""
    entered = _opened(request.POST.get("token", ""))
    if not entered:
        messages.error(request, _("Too much time has passed. Please enter your withdrawal once more."))
        return redirect("orders:withdraw")
    nonce = entered.pop("nonce")
    try:
        row = withdrawals.declare(
            nonce=nonce,
            language=get_language() or settings.LANGUAGE_CODE,
            declaration=Declaration(**entered),
        )
    except TooMany:
        answer = render(request, "orders/withdraw_too_many.html", {"entered": entered}, status=429)
        answer["Retry-After"] = "600"
        return _private(answer)
    return redirect("orders:withdrawn", secret=row.secret)


@require_safe
@never_cache
def withdrawn(request: HttpRequest, secret: str) -> HttpResponse:
    """The receipt: what was declared, and when it came in."""
    row = get_object_or_404(Withdrawal, secret=secret)
    context = {"withdrawal": row, "facts": withdrawals.facts(row)}
    return _private(render(request, "orders/withdrawn.html", context))


def _known(request: HttpRequest) -> dict[str, str]:
    """Who comes from the page of their order need not type it; its secret proves that it is theirs."""
    order = selectors.order_by_secret(request.GET.get("order", ""))
    if order is None:
        return {}
    return {
        "number": order.number,
        "given_name": order.given_name,
        "family_name": order.family_name,
        "email": order.email,
    }


def _opened(token: str) -> dict[str, str]:
    """Return what was entered in step one, empty when it is not ours or too old."""
    try:
        found: dict[str, str] = signing.loads(token, salt=SALT, max_age=OPEN_FOR)
    except signing.BadSignature:
        return {}
    return found


def _form(request: HttpRequest, form: forms.Form, status: int) -> HttpResponse:
    return _private(render(request, "orders/withdraw.html", {"form": form}, status=status))


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
