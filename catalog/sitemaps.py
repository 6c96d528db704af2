"""What search engines may find: every page of the mirror that a visitor is shown, in every language."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.core.cache import cache
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from redis.exceptions import RedisError

from catalog.models import Event, EventDate, Exhibition, Mirrored, MirrorQuerySet, Museum, Ticket, Tour
from shop.dates import today

log = logging.getLogger(__name__)

KEPT_SECONDS = 24 * 3600


def sitemap(request: HttpRequest, sitemaps: Mapping[str, Any]) -> HttpResponse:
    """The map of these sections; made once for each state of the mirror, which takes one query a section to know."""
    key = f"sitemap:{_state(sitemaps, request.GET.get('p', '1'))}"
    kept = _kept(key)
    if kept is None:
        made = views.sitemap(request, dict(sitemaps))
        if isinstance(made, TemplateResponse):
            made.render()
        kept = (made.content, dict(made.headers))
        _keep(key, kept)
    content, headers = kept
    return HttpResponse(content, headers=headers)


def _state(sitemaps: Mapping[str, Any], page: str) -> str:
    """A word that changes whenever the map would."""
    said = (settings.PUBLIC_URL, settings.LANGUAGES, today(), page, *_sections(sitemaps))
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _sections(sitemaps: Mapping[str, Any]) -> Iterator[object]:
    for name, section in sitemaps.items():
        one = section() if isinstance(section, type) else section
        yield name, one.state() if isinstance(one, Rows) else None


def _kept(key: str) -> tuple[bytes, dict[str, str]] | None:
    try:
        found: tuple[bytes, dict[str, str]] | None = cache.get(key)
    except RedisError:
        return None
    return found


def _keep(key: str, made: tuple[bytes, dict[str, str]]) -> None:
    try:
        cache.set(key, made, KEPT_SECONDS)
    except RedisError:
        log.warning("the cache is unreachable, the sitemap is made anew each time")


# Sitemap takes its type argument from the type checker alone.
class Pages(Sitemap):  # type: ignore[type-arg]
    """Pages of the shop at its public address, whatever name this server was asked by."""

    i18n = alternates = x_default = True

    def get_protocol(self, protocol: str | None = None) -> str:  # noqa: ARG002 - not that of the request
        return urlsplit(settings.PUBLIC_URL).scheme

    def get_domain(self, site: object = None) -> str:  # noqa: ARG002 - nor its host
        return urlsplit(settings.PUBLIC_URL).netloc


class Lists(Pages):
    def items(self) -> list[str]:
        return ["catalog:home", "catalog:museums", "catalog:exhibitions", "catalog:events", "catalog:tours"]

    def location(self, item: str) -> str:
        return reverse(item)


class Rows(Pages):
    """One page for each row of a table: a single query however many there are."""

    page = ""

    def items(self) -> MirrorQuerySet[Any]:
        """The rows that have a page."""
        raise NotImplementedError

    def state(self) -> tuple[int, datetime | None]:
        """How many there are and when one of them changed last: tells one state of the table from another."""
        found = self.items().aggregate(number=Count("pk"), last=Max("updated_at"))
        return found["number"], found["last"]

    def location(self, item: Mirrored) -> str:
        return reverse(self.page, args=[item.pk])

    def lastmod(self, item: Mirrored) -> datetime:
        return item.updated_at


class Museums(Rows):
    page = "catalog:museum"

    def items(self) -> MirrorQuerySet[Museum]:
        return Museum.objects.live().only("updated_at")


class Exhibitions(Rows):
    page = "catalog:exhibition"

    def items(self) -> MirrorQuerySet[Exhibition]:
        return Exhibition.objects.live().exclude(ends_on__lt=today()).only("updated_at")


class Tickets(Rows):
    page = "catalog:ticket"

    def items(self) -> MirrorQuerySet[Ticket]:
        """Ordinary, combined and annual ones on sale."""
        shown = Ticket.objects.live().filter(bookable=True, is_sub_ticket=False, is_mantle=False)
        return shown.only("updated_at")


class Events(Rows):
    page = "catalog:event"

    def items(self) -> MirrorQuerySet[Event]:
        coming = EventDate.objects.coming().order_by().values("event_id")
        return Event.objects.live().filter(pk__in=coming).only("updated_at")


class Tours(Rows):
    page = "catalog:tour"

    def items(self) -> MirrorQuerySet[Tour]:
        return Tour.objects.live().filter(bookable=True).only("updated_at")


SECTIONS: dict[str, type[Pages]] = {
    "lists": Lists,
    "museums": Museums,
    "exhibitions": Exhibitions,
    "tickets": Tickets,
    "events": Events,
    "tours": Tours,
}
