"""Pages of what is bought without a day: annual tickets and vouchers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import previews, undated
from catalog.crumbs import house_crumbs, start_crumb
from catalog.models import Ticket
from catalog.stock import MOST
from shop import features


def annual(request: HttpRequest, anchor: Ticket) -> HttpResponse:
    """One annual ticket: who it is for, and how many."""
    page = undated.annual_page(anchor)
    museum = page.museums[0] if len(page.museums) == 1 else None
    crumbs = [(_("Museums"), reverse("catalog:museums")), *house_crumbs(museum), (page.title, "")]
    preview = previews.annual(anchor, page.tickets, page.title, page.picture, crumbs)
    context = {
        "page": page,
        "crumbs": crumbs,
        "preview": preview,
        "most": max((ticket.max_persons or MOST for ticket in page.tickets), default=MOST),
    }
    return render(request, "catalog/annual.html", context)


@require_safe
def vouchers(request: HttpRequest) -> HttpResponse:
    """The vouchers on sale. Not there where the ticket system sells none."""
    if not features.is_on(features.Feature.COUPONS):
        raise Http404
    crumbs = [start_crumb(), (_("Vouchers"), "")]
    context = {"vouchers": undated.vouchers(), "crumbs": crumbs, "preview": previews.vouchers(crumbs)}
    return render(request, "catalog/vouchers.html", context | {"most": MOST})
