"""The page of a combined ticket: a day, people, and a time for every part."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import previews
from catalog.asking import briefly
from catalog.choosing import weekdays
from catalog.combined_choosing import choose_combined, read_combined_wish
from catalog.combined_page import combined_page
from catalog.models import Ticket
from shop.web import render_part

PEOPLE_FORM = "people"  # its id in the page


def combined(request: HttpRequest, anchor: Ticket) -> HttpResponse:
    """The page, or for htmx the part of it that follows from the choice."""
    page = combined_page(anchor)
    with briefly() as hurry:
        choice = choose_combined(page, read_combined_wish(request.GET.dict(), page)) if page.on_sale else None
    crumbs = [(_("Museums"), reverse("catalog:museums")), (page.title, "")]
    asker: Any = getattr(request, "htmx", None)
    context = {
        "page": page,
        "choice": choice,
        "checking": hurry.checking,
        "crumbs": crumbs,
        "preview": previews.combined(page, crumbs),
        "weekdays": weekdays(),
        # Who just changed a number stays there.
        "moved": bool(asker) and asker.trigger != PEOPLE_FORM,
    }
    return render_part(request, "catalog/combined.html", "catalog/_combined_visit.html", context)
