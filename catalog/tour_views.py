"""The pages of guided tours: all of them from the mirror, and one to choose language, people, day, start and price."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog import previews
from catalog.asking import briefly
from catalog.choosing import weekdays
from catalog.models import Tour
from catalog.tour_choice import choose_tour
from catalog.tour_list import read_tour_seek, tours_page
from catalog.tour_page import tour_page
from catalog.tour_wish import read_tour_wish
from shop.kept import kept
from shop.web import render_part


@kept("museum", "page")
@require_safe
def tours(request: HttpRequest) -> HttpResponse:
    """All tours that can be booked, narrowed by filters."""
    page = tours_page(read_tour_seek(request.GET.dict()))
    crumbs = [(settings.SHOP_NAME, reverse("catalog:home")), (_("Guided tours"), "")]
    context = {"page": page, "crumbs": crumbs, "preview": previews.tours(crumbs)}
    return render_part(request, "catalog/tours.html", "catalog/_tours.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tour(request: HttpRequest, pk: int) -> HttpResponse:
    """One tour, to be chosen step by step. The form may be sent here too: it comes back as an address to share."""
    if request.method == "POST":
        wish = read_tour_wish(request.POST.dict())
        return redirect(f"{reverse('catalog:tour', args=[pk])}?{wish.query()}#price")
    try:
        page = tour_page(pk)
    except Tour.DoesNotExist as error:
        raise Http404 from error
    with briefly() as hurry:
        choice = choose_tour(page, read_tour_wish(request.GET.dict())) if page.tour.bookable else None
    house = [(page.museum.title, reverse("catalog:museum", args=[page.museum.pk]))] if page.museum else []
    crumbs = [(_("Guided tours"), reverse("catalog:tours")), *house, (page.tour.title, "")]
    context = {
        "page": page,
        "choice": choice,
        "checking": hurry.checking,
        "crumbs": crumbs,
        "preview": previews.tour(page, crumbs),
        "weekdays": weekdays(),
    }
    return render_part(request, "catalog/tour.html", "catalog/_tour_choice.html", context)
