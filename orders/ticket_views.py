"""Tickets as pages: for the buyer with the order's link, for a companion with the link of one ticket."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from orders import handing, passes, selectors, sharing, visits
from orders.lifecycle import State
from orders.models import Document, Order
from orders.passes import Pass
from shop import ics
from shop.preview import absolute


@require_safe
@never_cache
def ticket(request: HttpRequest, secret: str, number: int) -> HttpResponse:
    """One ticket of the order, with its code, and the way to give it away."""
    order, found, count = _of_order(secret, number)
    link = sharing.link_of(found)
    here = [secret, number]
    context = {
        "order": order,
        "ticket": found,
        "item": found.item,
        "symbol": found.symbol,
        "count": count,
        "share": absolute(reverse("orders:shared", args=[link.secret])) if link else "",
        "calendar": reverse("orders:visit", args=here) if _dated(found) else "",
        "pass_link": reverse("orders:pass", args=here) if _stored(found, Document.Kind.PASSBOOK) else "",
        "before": number - 1,
        "after": number + 1 if number < count else 0,
    }
    return _private(render(request, "orders/ticket.html", context))


@require_POST
@never_cache
def share(request: HttpRequest, secret: str, number: int) -> HttpResponse:
    """Make the link of one ticket."""
    sharing.share(_of_order(secret, number)[1])
    return redirect("orders:ticket", secret=secret, number=number)


@require_POST
@never_cache
def unshare(request: HttpRequest, secret: str, number: int) -> HttpResponse:
    """End the link of one ticket."""
    sharing.revoke(_of_order(secret, number)[1])
    return redirect("orders:ticket", secret=secret, number=number)


@require_safe
@never_cache
def visit(request: HttpRequest, secret: str, number: int) -> HttpResponse:
    """The visit for a calendar."""
    return _calendar(_of_order(secret, number)[1], reverse("orders:ticket", args=[secret, number]))


@require_safe
@never_cache
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """One ticket, and nothing else of its order."""
    found = _shared(secret)
    context = {
        "ticket": found,
        "item": found.item,
        "symbol": found.symbol,
        "calendar": reverse("orders:shared_visit", args=[secret]) if _dated(found) else "",
        "pass_link": reverse("orders:shared_pass", args=[secret])
        if _stored(found, Document.Kind.PASSBOOK)
        else "",
        "sheet": reverse("orders:shared_pdf", args=[secret]) if _stored(found, Document.Kind.SINGLE) else "",
    }
    return _private(render(request, "orders/shared.html", context))


@require_safe
@never_cache
def shared_visit(request: HttpRequest, secret: str) -> HttpResponse:
    """The visit of a shared ticket for a calendar."""
    return _calendar(_shared(secret), reverse("orders:shared", args=[secret]))


@require_safe
@never_cache
def wallet(request: HttpRequest, secret: str, number: int) -> FileResponse:
    """One ticket of the order for the wallet of a phone."""
    return _file(_of_order(secret, number)[1], Document.Kind.PASSBOOK)


@require_safe
@never_cache
def shared_wallet(request: HttpRequest, secret: str) -> FileResponse:
    """The shared ticket for the wallet of a phone."""
    return _file(_shared(secret), Document.Kind.PASSBOOK)


@require_safe
@never_cache
def shared_pdf(request: HttpRequest, secret: str) -> FileResponse:
    """The shared ticket to print, and nothing else of its order."""
    return _file(_shared(secret), Document.Kind.SINGLE)


def _of_order(secret: str, number: int) -> tuple[Order, Pass, int]:
    order = get_object_or_404(Order, secret=secret, state=State.READY)
    tickets = passes.of_order(order)
    if not 1 <= number <= len(tickets):
        raise Http404
    return order, tickets[number - 1], len(tickets)


def _shared(secret: str) -> Pass:
    found = sharing.ticket_behind(secret)
    if found is None:
        raise Http404
    return found


def _stored(ticket: Pass, kind: Document.Kind) -> Document | None:
    return selectors.of_ticket(ticket.item, ticket.admission.pk if ticket.admission else None, kind)


def _file(ticket: Pass, kind: Document.Kind) -> FileResponse:
    found = _stored(ticket, kind)
    if found is None:
        raise Http404
    return handing.file_answer(found, _("ticket.pdf") if kind == Document.Kind.SINGLE else "ticket.pkpass")


def _dated(ticket: Pass) -> bool:
    return visits.entry_of(ticket.item, "") is not None


def _calendar(ticket: Pass, path: str) -> HttpResponse:
    entry = visits.entry_of(ticket.item, absolute(path))
    if entry is None:
        raise Http404
    answer = HttpResponse(ics.calendar(entry), content_type=ics.MEDIA_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
