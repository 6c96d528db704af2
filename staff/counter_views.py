"""The counter's own page of an order: is it booked, what to take for it, and the tickets to print."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from counter import selling
from orders import desk, pages
from orders.lifecycle import DRIVEN, State
from orders.models import Document, Order, Payment
from orders.payments.methods import LABELS
from staff.pages import page, write_down

BOOKED = (State.FINALIZED, State.READY)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sale(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one sale; the button says that its money is in the till, once."""
    person = selling.seller(request.user)
    if person is None:
        raise PermissionDenied
    order = get_object_or_404(Order.objects.select_related("counter_sale"), pk=pk, counter_sale__isnull=False)
    due = order.payments.filter(provider__in=selling.METHODS, state=Payment.State.PROMISED).first()
    if request.method == "POST":
        if due is not None and order.state in BOOKED and desk.take_at_counter(due, by=person.get_username()):
            told = _("took the money at the counter")
            write_down(request, told, model=Order, told=order.number, pk=order.pk)
            messages.success(request, _("Written down: the money is here."))
        return redirect("admin:counter_sale", pk)
    sheets = order.documents.filter(kind=Document.Kind.SHEETS, state=Document.State.STORED).exists()
    moving = order.state in DRIVEN or order.state == State.FINALIZED
    context = {
        "title": order.number,
        "order": order,
        "page": pages.page_of(order),
        "moving": moving,
        "due": due if order.state in BOOKED else None,
        "method": LABELS[order.payment_method],
        "sheets": sheets,
    }
    return page(request, "admin/staff/sale.html", context)
