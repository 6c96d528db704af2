"""The page behind an order's secret link, its moving part, and the way to the payment."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from orders import cancelling, cards, desk, pages, passes, rating, selectors, services
from orders.desk import NotPayable
from orders.lifecycle import State
from orders.models import Document, Order, Payment
from orders.payments import transfer
from orders.payments.methods import provider_of
from orders.payments.port import PaymentError

STOP_POLLING = 286  # htmx: swap, then ask no more


@require_safe
@never_cache
def order(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the order as it is now: under way, to be paid, ended, or with its tickets."""
    order = _order(secret)
    _ask_provider(order)
    page = pages.page_of(order)
    lines = selectors.lines(order)
    context: dict[str, Any] = {"order": order, "page": page, "lines": lines, "texts": order.texts.all()}
    if page.kind == "transfer":
        context["account"] = transfer.account(order.payments.get(state=Payment.State.OPEN))
    if page.kind == "ready":
        context |= {
            "visits": selectors.visits([item for item in lines if item.cancelled_at is None]),
            "papers": selectors.papers(order),
            "cancellations": list(order.cancellations.all()),
            "pays_later": selectors.pays_later(order),
            "cancellable": bool(cancelling.options(order)),
            "tickets": passes.by_item(order),
            "cards": cards.of_order(order),
            "may_rate": rating.may_rate(order),
            "passbooks": selectors.of_tickets(order, Document.Kind.PASSBOOK),
            "timeline": selectors.timeline(order),
        }
    return _private(render(request, page.template, context))


@require_safe
@never_cache
def state(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer the moving part: nothing while nothing changed, the new part, the whole page, or the way to pay."""
    order = _order(secret)
    _ask_provider(order)
    if not getattr(request, "htmx", False):
        return redirect("orders:order", secret=secret)
    answer = _moved(request, order)
    patch_vary_headers(answer, ["HX-Request"])
    return _private(answer)


@require_POST
@never_cache
def pay(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the customer to the payment page; back to the order when there is nothing to pay (any more)."""
    order = _order(secret)
    try:
        return redirect(services.start_payment(order=order, return_url=_own_address(order)))
    except NotPayable:
        return redirect("orders:order", secret=secret)
    except PaymentError:
        messages.error(
            request, _("The payment page cannot be reached just now. Please try again in a minute.")
        )
        return redirect("orders:order", secret=secret)


@require_POST
@never_cache
def method(request: HttpRequest, secret: str) -> HttpResponse:
    """Pay in another way."""
    with suppress(PaymentError):
        services.choose_method(order=_order(secret), method=request.POST.get("method", ""))
    return redirect("orders:order", secret=secret)


def _moved(request: HttpRequest, order: Order) -> HttpResponse:
    if to_pay := _straight_to_payment(order):
        return HttpResponse(headers={"HX-Redirect": to_pay})
    page = pages.page_of(order)
    seen = request.GET.get("seen", "")
    if seen == page.stamp:
        return HttpResponse(status=204 if page.moving else STOP_POLLING)
    if not seen.startswith(f"{page.look}-"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(
        request,
        "orders/_state.html",
        {"order": order, "page": page, "swapped": True},
        status=200 if page.moving else STOP_POLLING,
    )


def _straight_to_payment(order: Order) -> str:
    """The first time, the customer is taken to the payment page without another click."""
    if order.state != State.DRAFTED or not provider_of(order).redirects or order.payments.exists():
        return ""
    with suppress(NotPayable, PaymentError):
        return services.start_payment(order=order, return_url=_own_address(order))
    return ""


def _order(secret: str) -> Order:
    order = selectors.order_by_secret(secret)
    if order is None:
        raise Http404
    return order


def _ask_provider(order: Order) -> None:
    """A customer who comes back from paying sees what the provider says, not what we knew before."""
    if order.state == State.DRAFTED:
        with suppress(PaymentError):  # the engine asks again
            desk.observe(order)
        order.refresh_from_db()


def _own_address(order: Order) -> str:
    """Where a provider sends the customer back to: always the same for one order, whatever language is read now."""
    with translation.override(order.language):
        return reverse("orders:order", args=[order.secret])


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
