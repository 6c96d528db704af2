"""Handing out documents and mails of an order to whoever has its secret link; and the demo's letter box."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from orders import deliveries, handing, mailbox
from orders.lifecycle import State
from orders.models import Delivery, Document, Order

MOST_RESENDS = 3
PER = timedelta(hours=1)


class AddressForm(forms.Form):
    email = forms.EmailField(max_length=254)  # what an order has room for


@require_safe
@never_cache
def tickets_pdf(request: HttpRequest, secret: str) -> FileResponse:
    """All tickets of the order in one PDF."""
    document = get_object_or_404(
        Document, order__secret=secret, kind=Document.Kind.SHEETS, state=Document.State.STORED
    )
    return handing.file_answer(document, _("tickets-%(number)s.pdf") % {"number": document.order.number})


@require_safe
@never_cache
def document(request: HttpRequest, secret: str, pk: int) -> FileResponse:
    """One stored paper of the order."""
    papers = Document.objects.filter(kind__in=Document.PAPERS, state=Document.State.STORED)
    found = get_object_or_404(papers, order__secret=secret, pk=pk)
    names = {
        Document.Kind.SHEETS: _("tickets-%(number)s.pdf"),
        Document.Kind.OFFICIAL: _("museum-%(number)s.pdf"),
        Document.Kind.INVOICE: _("invoice-%(number)s.pdf"),
    }
    name = names[Document.Kind(found.kind)] % {"number": found.order.number}
    return handing.file_answer(found, name)


@require_POST
@never_cache
def resend(request: HttpRequest, secret: str) -> HttpResponse:
    """Send the tickets again, to a corrected address if one is given; a few times an hour."""
    order = get_object_or_404(Order, secret=secret, state=State.READY)
    if not order.items.filter(cancelled_at=None).exists():
        raise Http404  # nothing of it admits any more
    form = AddressForm({"email": request.POST.get("email", "").strip() or order.email})
    if not form.is_valid():
        messages.error(request, _("Please enter an address like name@example.org."))
    elif _resend(order, form.cleaned_data["email"]):
        told = {"email": form.cleaned_data["email"]}
        messages.success(request, _("We are sending your tickets to %(email)s.") % told)
    else:
        messages.error(
            request, _("We have sent this mail several times just now. Please try again in an hour.")
        )
    return redirect("orders:order", secret=secret)


@require_safe
@never_cache
def letter_box(request: HttpRequest) -> HttpResponse:
    """All mails of the demo."""
    _demo_only()
    return render(request, "orders/mailbox.html", {"letters": mailbox.letters()})


@require_safe
@never_cache
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail of the demo."""
    return render(request, "orders/letter.html", {"letter": _letter(name)})


@require_safe
@never_cache
def attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """What is attached to a mail of the demo."""
    found = _letter(name).attachment(number)
    if found is None:
        raise Http404
    content, kind = found
    answer = HttpResponse(content, content_type=kind)
    if kind != "application/pdf":
        answer["Content-Disposition"] = "attachment"  # it is a page with styles of its own
    return answer


def _resend(order: Order, email: str) -> bool:
    """Promise one more mail. The order row is touched first, so that two requests count each other."""
    with transaction.atomic():
        Order.objects.filter(pk=order.pk).update(email=email)
        earlier = order.deliveries.filter(kind=Delivery.Kind.READY)
        recent = earlier.filter(serial__gt=0, created_at__gt=timezone.now() - PER).count()
        if recent >= MOST_RESENDS:
            transaction.set_rollback(True)
            return False
        deliveries.announce(order, Delivery.Kind.READY, serial=earlier.count())
    return True


def _letter(name: str) -> mailbox.Letter:
    _demo_only()
    found = mailbox.find(name)
    if found is None:
        raise Http404
    return found


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404
