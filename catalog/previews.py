"""How the catalogue's pages are announced: title, a few words, picture, and the same for machines."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import structured
from catalog.combined_page import CombinedPage
from catalog.crumbs import Crumb
from catalog.events import EventPage
from catalog.models import Exhibition, Museum, Picture, Ticket
from catalog.shapes import ExhibitionPage, HomePage, MuseumPage, TicketPage
from catalog.tour_page import TourPage
from shop.markup import excerpt, plain
from shop.preview import Preview, PreviewPicture, absolute


def home(page: HomePage) -> Preview:
    """The shop as a whole."""
    words = _(
        "Tickets for museums and exhibitions: choose a day and a time, print them or show them on your phone."
    )
    picture = page.now[-1].picture if page.now else None
    return Preview(settings.SHOP_NAME, words, _picture(picture), (structured.website(),))


def museums(crumbs: Sequence[Crumb]) -> Preview:
    """The list of museums."""
    words = _("All museums you can book here, with address, opening hours and tickets.")
    return Preview(_("Museums"), words, nodes=(structured.breadcrumbs(crumbs),))


def exhibitions(crumbs: Sequence[Crumb]) -> Preview:
    """The list of exhibitions."""
    words = _("Exhibitions on now and opening soon, with dates, places and tickets.")
    return Preview(_("Exhibitions"), words, nodes=(structured.breadcrumbs(crumbs),))


def museum(page: MuseumPage, crumbs: Sequence[Crumb]) -> Preview:
    """One museum."""
    words = _about_museum(page.museum)
    node = structured.museum(page.museum, description=words, picture=page.picture, hours=page.hours)
    return Preview(page.museum.title, words, _picture(page.picture), (node, structured.breadcrumbs(crumbs)))


def exhibition(page: ExhibitionPage, crumbs: Sequence[Crumb]) -> Preview:
    """One exhibition with the tickets that admit to it."""
    words = _about_exhibition(page.exhibition)
    node = structured.exhibition(
        page.exhibition,
        page.museum,
        description=words,
        picture=page.picture,
        tickets=[kind for family in (*page.families, *page.house_families) for kind in family.tickets],
    )
    nodes = (node, structured.breadcrumbs(crumbs))
    return Preview(page.exhibition.title, words, _picture(page.picture), nodes)


def events(crumbs: Sequence[Crumb]) -> Preview:
    """The list of events."""
    words = _("Guided tours, concerts, workshops and talks in the museums, with dates, places and tickets.")
    return Preview(_("Events"), words, nodes=(structured.breadcrumbs(crumbs),))


def event(page: EventPage, crumbs: Sequence[Crumb]) -> Preview:
    """One event with its next dates."""
    row = page.event
    words = excerpt(plain(row.description) or row.sub_title) or (
        _about_museum(page.museum) if page.museum else ""
    )
    node = structured.event(row, page.museum, description=words, picture=page.picture, dates=page.coming)
    return Preview(row.title, words, _picture(page.picture), (node, structured.breadcrumbs(crumbs)))


def ticket(page: TicketPage, title: str, crumbs: Sequence[Crumb]) -> Preview:
    """One visit to buy. A ticket without words of its own is told by what it admits to."""
    words = excerpt(plain(page.anchor.description))
    if not words and page.exhibition:
        words = _about_exhibition(page.exhibition)
    if not words and page.museum:
        words = _about_museum(page.museum)
    node = structured.ticket(page.anchor, page.family, title=title, description=words, picture=page.picture)
    return Preview(title, words, _picture(page.picture), (node, structured.breadcrumbs(crumbs)))


def combined(page: CombinedPage, crumbs: Sequence[Crumb]) -> Preview:
    """One combined ticket. Without words of its own it is told by the houses it opens."""
    words = excerpt(plain(page.anchor.description)) or ", ".join(part.title for part in page.parts)
    node = structured.ticket(
        page.anchor, page.kinds, title=page.title, description=words, picture=page.picture
    )
    return Preview(page.title, words, _picture(page.picture), (node, structured.breadcrumbs(crumbs)))


def annual(
    anchor: Ticket, family: Sequence[Ticket], title: str, picture: Picture | None, crumbs: Sequence[Crumb]
) -> Preview:
    """One annual ticket."""
    words = excerpt(plain(anchor.description)) or anchor.sub_title
    node = structured.ticket(anchor, family, title=title, description=words, picture=picture)
    return Preview(title, words, _picture(picture), (node, structured.breadcrumbs(crumbs)))


def vouchers(crumbs: Sequence[Crumb]) -> Preview:
    """The vouchers for sale."""
    words = _("Vouchers for museum visits, to give away or to keep.")
    return Preview(_("Vouchers"), words, nodes=(structured.breadcrumbs(crumbs),))


def day(title: str, crumbs: Sequence[Crumb]) -> Preview:
    """What is on on one day."""
    words = _("Open museums, exhibitions, events and guided tours of one day.")
    return Preview(title, words, nodes=(structured.breadcrumbs(crumbs),))


def tours(crumbs: Sequence[Crumb]) -> Preview:
    """The list of tours."""
    words = _("Guided tours for groups: choose language, day and start time, and see the exact price.")
    return Preview(_("Guided tours"), words, nodes=(structured.breadcrumbs(crumbs),))


def tour(page: TourPage, crumbs: Sequence[Crumb]) -> Preview:
    """One tour. One without words of its own is told by where it leads."""
    words = excerpt(plain(page.tour.description) or page.tour.sub_title)
    if not words and page.exhibition:
        words = _about_exhibition(page.exhibition)
    if not words and page.museum:
        words = _about_museum(page.museum)
    node = structured.tour(page, description=words)
    nodes = (node, structured.breadcrumbs(crumbs))
    return Preview(page.tour.title, words, _picture(page.picture), nodes)


def _about_museum(row: Museum) -> str:
    return excerpt(plain(row.description) or row.sub_title)


def _about_exhibition(row: Exhibition) -> str:
    return excerpt(row.teaser or plain(row.description) or row.sub_title)


def _picture(picture: Picture | None) -> PreviewPicture | None:
    if picture is None:
        return None
    shown = picture.shown
    address = absolute(reverse("media", args=[shown.fallback]))
    return PreviewPicture(address, *shown.fallback_size, picture.alt)
