"""The pages behind the actions of an order: what will happen, a button, what came of it. And its mails to look at."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from csp.decorators import csp
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders import cancelling, mail
from orders.models import Delivery, Order, Refund
from shop.money import format_money
from staff import order_actions
from staff.order_actions import NotNow
from staff.pages import page, write_down

DONE = {
    "look": gettext_lazy("looked at again"),
    "mail": gettext_lazy("tickets sent again"),
    "cancel": gettext_lazy("items cancelled"),
    "refund": gettext_lazy("money returned"),
}
CALLED = {
    "received": gettext_lazy("order received"),
    "ready": gettext_lazy("tickets"),
    "cancelled": gettext_lazy("items cancelled"),
    "delayed": gettext_lazy("tickets take longer"),
    "refunded": gettext_lazy("could not be booked"),
    "transfer": gettext_lazy("please transfer"),
    "reminder": gettext_lazy("reminder"),
    "expired": gettext_lazy("not paid in time"),
    "returned": gettext_lazy("money returned"),
}
PREVIEWED = (Delivery.Kind.RECEIVED, Delivery.Kind.READY, Delivery.Kind.DELAYED, Delivery.Kind.REFUNDED)


class AmountForm(forms.Form):
    amount = forms.DecimalField(
        label=gettext_lazy("Amount to return"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2
    )
    seen_cents = forms.IntegerField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Say what the action does; posted, do it if it is still safe."""
    order = get_object_or_404(Order, pk=pk)
    kind = order_actions.KINDS.get(name)
    if kind is None:
        raise Http404
    if not request.user.has_perm(kind.right):
        raise PermissionDenied
    if not kind.safe(order):
        return _too_late(request, order)
    context = {"title": f"{order.number}: {kind.title}", "order": order, "kind": kind, "name": name}
    try:
        more = {"cancel": _cancel, "refund": _refund}.get(name, _simple)(request, order, name)
    except (NotNow, cancelling.NotAllowed, cancelling.Changed, cancelling.UnderWay):
        return _too_late(request, order)
    if more is None:
        write_down(request, str(DONE[name]), model=Order, told=order.number, pk=order.pk)
        return redirect("admin:orders_order_change", order.pk)
    status = 422 if "form" in more and more["form"].errors else 200
    return page(request, "admin/staff/order_act.html", context | more, status=status)


def _simple(request: HttpRequest, order: Order, name: str) -> dict[str, Any] | None:
    if request.method != "POST":
        return {}
    {"look": order_actions.look, "mail": order_actions.mail}[name](order)
    messages.success(request, _("That is under way. Look at the journal for what comes of it."))
    return None


def _cancel(request: HttpRequest, order: Order, _name: str) -> dict[str, Any] | None:
    """First what, then for how much, then it is done."""
    if request.method != "POST" or not request.POST.getlist("item"):
        return {"options": cancelling.options(order)}
    ids = {int(value) for value in request.POST.getlist("item") if value.isascii() and value.isdigit()}
    quote = cancelling.quote(order, ids)
    if "agreed" not in request.POST:
        return {"quote": quote}
    cancelling.ask(order, ids, agreed_cents=_whole(request.POST["agreed"]))
    messages.success(request, _("The museum is asked to cancel. Money goes back only when it has."))
    return None


def _refund(request: HttpRequest, order: Order, _name: str) -> dict[str, Any] | None:
    payment = order_actions.returnable(order)
    if payment is None:
        raise NotNow(order.number)
    left = Decimal(payment.collected_cents - payment.returned_cents).scaleb(-2)
    first = {"amount": left, "seen_cents": payment.returned_cents}
    form = AmountForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid() and form.cleaned_data["amount"] > left:
        form.add_error("amount", _("So much is not left of this payment."))
    if not form.is_bound or not form.is_valid():
        return {"form": form, "left": payment.collected_cents - payment.returned_cents}
    row = order_actions.refund(order, form.cleaned_data["amount"], seen_cents=form.cleaned_data["seen_cents"])
    told = {
        Refund.State.DONE: _("%(sum)s have been returned."),
        Refund.State.DUE: _("%(sum)s are to go back; the shop tries again by itself."),
        Refund.State.REFUSED: _("%(sum)s have to go back by hand: the provider does not return them."),
    }[Refund.State(row.state)]
    messages.info(request, told % {"sum": format_money(row.cents, order.currency, "en")})
    return None


@require_safe
@never_cache
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The mails of an order in every language: those that were promised, and the common ones."""
    order = _visible(request, pk)
    language = request.GET.get("language", order.language)
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    promised = {(row.kind, row.serial): row for row in order.deliveries.all()}
    kinds = [(kind.value, 0) for kind in PREVIEWED if (kind.value, 0) not in promised]
    names = [*promised, *kinds]
    kind, serial = _chosen(request, names)
    written = mail.message(_delivery(order, kind, serial, language))
    context = {
        "title": f"{order.number}: {_('Mails')}",
        "order": order,
        "names": [(one, number, CALLED[one]) for one, number in names],
        "languages": settings.LANGUAGES,
        "kind": kind,
        "serial": serial,
        "language": language,
        "mail": written,
        "files": [str(attached[0]) for attached in written.attachments],
    }
    return page(request, "admin/staff/order_mails.html", context)


@require_safe
@never_cache
@csp(  # type: ignore[arg-type]  # typed for views without arguments
    {"sandbox": True, "default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "img-src": ["data:"]}
)
def letter_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of one mail as its reader sees it; its own styles count here, and nothing else of it does."""
    order = _visible(request, pk)
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    kind, serial = _chosen(request, [(kind.value, 0) for kind in Delivery.Kind] + _promised(order))
    try:
        written = mail.message(_delivery(order, kind, serial, language))
    except (order.cancellations.model.DoesNotExist, order.refunds.model.DoesNotExist) as error:
        raise Http404 from error
    return HttpResponse(str(written.alternatives[0][0]))


def _visible(request: HttpRequest, pk: int) -> Order:
    if not request.user.has_perm("orders.view_order"):
        raise PermissionDenied
    return get_object_or_404(Order, pk=pk)


def _promised(order: Order) -> list[tuple[str, int]]:
    return list(order.deliveries.values_list("kind", "serial"))


def _chosen(request: HttpRequest, names: list[tuple[str, int]]) -> tuple[str, int]:
    wanted = (request.GET.get("kind", ""), _whole(request.GET.get("serial", "0")))
    return wanted if wanted in names else names[0]


def _delivery(order: Order, kind: str, serial: int, language: str) -> Delivery:
    """A mail that is written and never sent."""
    order.language = language
    return Delivery(order=order, kind=kind, serial=serial, message_id="<preview@localhost>")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def _too_late(request: HttpRequest, order: Order) -> HttpResponse:
    messages.error(request, _("The order has moved on: this is not possible now, and nothing was done."))
    return redirect("admin:orders_order_change", order.pk)
