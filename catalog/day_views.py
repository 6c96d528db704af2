"""Pages about days: what is on on one of them, and on which of them a museum or an exhibition can be booked."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import booking_days, previews
from catalog.asking import briefly
from catalog.choosing import FURTHEST, read_day, read_month, weekdays
from catalog.crumbs import house_crumbs, start_crumb
from catalog.day_page import day_page
from catalog.models import Exhibition, Museum
from shop.dates import long_day, today
from shop.kept import kept
from shop.web import render_part

NEAR = timedelta(days=14)  # days that search engines may know


@kept()
@require_safe
def day(request: HttpRequest, text: str) -> HttpResponse:
    """What is on on one day. A day that is over leads to today."""
    on = read_day(text)
    if on is None:
        if _is_over(text):
            return redirect("catalog:day", text=today().isoformat())
        raise Http404
    title = long_day(on, get_language() or "")
    crumbs = [start_crumb(), (title, "")]
    last = on >= today() + timedelta(days=FURTHEST)
    context = {
        "page": day_page(on),
        "crumbs": crumbs,
        "preview": previews.day(title, crumbs) if on <= today() + NEAR else None,
        "today": on,  # exhibitions tell their run as of that day
        "before": on - timedelta(days=1) if on > today() else None,
        "after": None if last else on + timedelta(days=1),
    }
    return render(request, "catalog/day.html", context)


@require_safe
def museum_days(request: HttpRequest, pk: int) -> HttpResponse:
    """The days on which any ticket of a museum can be booked."""
    museum = Museum.objects.live().filter(pk=pk).first()
    if museum is None:
        raise Http404
    crumbs = [(_("Museums"), reverse("catalog:museums")), *house_crumbs(museum), (_("Free days"), "")]
    return _days(request, museum, crumbs, museum)


@require_safe
def exhibition_days(request: HttpRequest, pk: int) -> HttpResponse:
    """The days on which any ticket of an exhibition can be booked."""
    shown = Exhibition.objects.live().select_related("museum").filter(pk=pk).first()
    if shown is None:
        raise Http404
    own = (shown.title, reverse("catalog:exhibition", args=[pk]))
    crumbs = [(_("Exhibitions"), reverse("catalog:exhibitions")), own, (_("Free days"), "")]
    return _days(request, shown, crumbs, shown.museum)


def _days(
    request: HttpRequest, place: Museum | Exhibition, crumbs: list[tuple[str, str]], museum: Museum | None
) -> HttpResponse:
    month = read_month(request.GET.get("month", "")) or today().replace(day=1)
    with briefly() as hurry:
        days = booking_days.booking_days(place, month, museum)
    context = {
        "place": place,
        "days": days,
        "checking": hurry.checking,
        "crumbs": crumbs,
        "weekdays": weekdays(),
    }
    return render_part(request, "catalog/days.html", "catalog/_days.html", context)


def _is_over(text: str) -> bool:
    try:
        return date.fromisoformat(text) < today()
    except ValueError:
        return False
