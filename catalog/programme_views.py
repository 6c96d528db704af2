"""The pages of events. The list reads the mirror alone; the page of an event asks for the places of its dates."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog import agenda, attending, event_finding, events, previews
from catalog.asking import briefly
from catalog.choosing import read_day, read_month, weekdays
from catalog.crumbs import house_crumbs, start_crumb
from catalog.event_seeking import read_event_seek, spans
from catalog.events import EventPage
from catalog.models import Event, EventDate
from catalog.seeking import read_id
from shop import ics
from shop.dates import today
from shop.kept import kept
from shop.preview import absolute
from shop.web import render_part


@kept("museum", "page")
@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """What is on, to be narrowed by words, days, museums and kinds."""
    seek = read_event_seek(request.GET.dict())
    crumbs = [start_crumb(), (_("Events"), "")]
    context = {
        "seek": seek,
        "page": event_finding.find(seek),
        "spans": spans(),
        "today": today(),
        "weekdays": weekdays(),
        "crumbs": crumbs,
        "preview": previews.events(crumbs),
    }
    return render(request, "catalog/events.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event: choose a date, then who is coming or which seats.

    Without JavaScript the form is sent here to see the sum; the answer leads to the address that says the same.
    """
    try:
        page = events.event_page(pk)
    except Event.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        wish = attending.read_wish(request.POST)
        date_id = read_id(request.POST.get("date", ""))
        return HttpResponseRedirect(f"{request.path}?date={date_id}{wish.query(seats=True)}#sum")
    chosen = _chosen(page, request.GET.get("date", ""))
    wish = attending.read_wish(request.GET)
    day = chosen.day if chosen else read_day(request.GET.get("day", ""))
    month = read_month(request.GET.get("month", ""))
    with briefly() as hurry:
        attendance = attending.attend(pk, chosen.pk, wish) if chosen else None
        known = attendance is None or attendance.showing is not None or attendance.gone
        dates = agenda.agenda(page, month=month, day=day, live=known)
    crumbs = [(_("Events"), reverse("catalog:events")), *house_crumbs(page.museum), (page.event.title, "")]
    context = {
        "page": page,
        "chosen": chosen,
        "lost": bool(request.GET.get("date")) and chosen is None,
        "attendance": attendance,
        "wish": wish,
        "agenda": dates,
        "checking": hurry.checking,
        "weekdays": weekdays(),
        "crumbs": crumbs,
        "preview": previews.event(page, crumbs),
    }
    return render_part(request, "catalog/event.html", "catalog/_event_dates.html", context)


@require_safe
def event_ics(request: HttpRequest, pk: int, date_id: int) -> HttpResponse:
    """One date for the visitor's own calendar."""
    try:
        row = events.date_of(pk, date_id)
    except EventDate.DoesNotExist as error:
        raise Http404 from error
    house = row.event.museum or row.museum
    page = absolute(reverse("catalog:event", args=[pk]))
    entry = ics.Entry(
        uid=f"event-date-{row.pk}@{urlsplit(settings.PUBLIC_URL).hostname}",
        changed_at=row.updated_at,
        starts_at=row.start_time,
        ends_at=row.ends_at,
        title=row.event.title or row.title,
        place=", ".join(part for part in (house.title, house.address) if part) if house else "",
        description=row.sub_title,
        url=f"{page}?date={row.pk}",
    )
    answer = HttpResponse(ics.calendar(entry), content_type=ics.MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="event-{row.pk}.ics"'
    return answer


def _chosen(page: EventPage, asked: str) -> EventDate | None:
    """The date asked for; where there is only one, that one."""
    if not asked:
        return page.coming[0] if len(page.coming) == 1 else None
    try:
        return events.date_of(page.event.pk, read_id(asked))
    except EventDate.DoesNotExist:
        return None
