"""The pages to browse. All but the ticket page read the mirror alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import combined_views, events, finding, popular, previews, selectors, undated_views
from catalog.asking import briefly
from catalog.choosing import choose, read_day, read_wish, weekdays
from catalog.crumbs import house_crumbs, start_crumb
from catalog.models import Exhibition, Museum, Ticket
from catalog.seeking import chips, read_seek
from shop import features
from shop.dates import today
from shop.kept import kept
from shop.web import render_part

PICTURE_NAME = re.compile(r"[\w-]+(/[\w-]+)*\.(avif|webp|jpeg)")
SOON_EVENTS = 4
A_YEAR = 365 * 24 * 3600


@kept()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is on, and where."""
    page = selectors.home_page()
    context = {
        "page": page,
        "events": events.soon(SOON_EVENTS),
        "vouchers": features.is_on(features.Feature.COUPONS),
        "preview": previews.home(page),
        **_finder(request),
    }
    return render(request, "catalog/home.html", context)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Where a party can go on a day."""
    finder = _finder(request)
    crumbs = [start_crumb(), (_("Search"), "")]
    with briefly() as hurry:
        page = finding.find(finder["seek"])
    context = {"page": page, "checking": hurry.checking, "crumbs": crumbs, **finder}
    return render(request, "catalog/find.html", context)


@kept()
@require_safe
def museums(request: HttpRequest) -> HttpResponse:
    """All museums."""
    crumbs = [start_crumb(), (_("Museums"), "")]
    context = {
        "cards": selectors.museums_page(),
        "crumbs": crumbs,
        "preview": previews.museums(crumbs),
        "today": today(),
    }
    return render(request, "catalog/museums.html", context)


@kept()
@require_safe
def museum(request: HttpRequest, pk: int) -> HttpResponse:
    """One museum."""
    try:
        page = selectors.museum_page(pk)
    except Museum.DoesNotExist as error:
        raise Http404 from error
    crumbs = [(_("Museums"), reverse("catalog:museums")), (page.museum.title, "")]
    context = {
        "page": page,
        "events": events.soon(SOON_EVENTS, museum=page.museum),
        "crumbs": crumbs,
        "preview": previews.museum(page, crumbs),
        "today": today(),
    }
    return render(request, "catalog/museum.html", context)


@kept("day")
@require_safe
def exhibitions(request: HttpRequest) -> HttpResponse:
    """All exhibitions; with a day only those that run then."""
    page, day = selectors.exhibitions_page(), read_day(request.GET.get("day", ""))
    cards = page.now
    if day:
        cards = tuple(card for card in (*page.now, *page.soon) if card.exhibition.runs_on(day))
    crumbs = [start_crumb(), (_("Exhibitions"), "")]
    preview = previews.exhibitions(crumbs)
    context = {
        "page": page,
        "cards": cards,
        "day": day,
        "crumbs": crumbs,
        "preview": preview,
        **_finder(request),
    }
    return render(request, "catalog/exhibitions.html", context)


@kept()
@require_safe
def exhibition(request: HttpRequest, pk: int) -> HttpResponse:
    """One exhibition."""
    try:
        page = selectors.exhibition_page(pk)
    except Exhibition.DoesNotExist as error:
        raise Http404 from error
    crumbs = [
        (_("Exhibitions"), reverse("catalog:exhibitions")),
        *house_crumbs(page.museum),
        (page.exhibition.title, ""),
    ]
    context = {
        "page": page,
        "events": events.soon(SOON_EVENTS, exhibition=page.exhibition),
        "crumbs": crumbs,
        "preview": previews.exhibition(page, crumbs),
        "today": today(),
    }
    return render(request, "catalog/exhibition.html", context)


@require_safe
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a day, a time and who is coming, on one screen."""
    try:
        anchor = selectors.shown_ticket(pk)
    except Ticket.DoesNotExist as error:
        raise Http404 from error
    if anchor.ticket_type == Ticket.Type.ANNUAL:
        return undated_views.annual(request, anchor)
    if anchor.sub_ticket_ids and not anchor.is_mantle:
        return combined_views.combined(request, anchor)
    page = selectors.ticket_page(anchor)
    if page.on_sale:
        popular.note(pk)
    with briefly() as hurry:
        choice = choose(page.family, read_wish(request.GET.dict(), page.family)) if page.on_sale else None
    title = choice.title if choice and choice.title else page.anchor.title
    crumbs = [(_("Museums"), reverse("catalog:museums")), *house_crumbs(page.museum), (title, "")]
    context = {
        "page": page,
        "choice": choice,
        "checking": hurry.checking,
        "title": title,
        "crumbs": crumbs,
        "preview": previews.ticket(page, title, crumbs),
        "today": today(),
        "weekdays": weekdays(),
    }
    return render_part(request, "catalog/ticket.html", "catalog/_visit.html", context)


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """A mirrored picture. Its name is the hash of its content, so it never changes."""
    found = PICTURE_NAME.fullmatch(name)
    if not found:
        raise Http404
    path = Path(settings.MEDIA_ROOT) / name
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=f"image/{found[2]}")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def _finder(request: HttpRequest) -> dict[str, Any]:
    """What the finder is filled in with, and the days people ask for most."""
    return {"seek": read_seek(request.GET.dict()), "today": today(), "chips": chips()}
