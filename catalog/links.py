"""Which kinds of things the search finds, and the page each is shown on."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse


class Kind(StrEnum):
    """What a visit is: admission at a time, something that takes place at fixed dates, or a guide of one's own."""

    TICKET = "ticket"
    EVENT = "event"
    TOUR = "tour"


PAGES = {Kind.TICKET: "catalog:ticket", Kind.EVENT: "catalog:event", Kind.TOUR: "catalog:tour"}


def page_url(kind: Kind, pk: int, query: dict[str, object], part: str = "") -> str:
    """The address of the page of one visit, with something already chosen."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{reverse(PAGES[kind], args=[pk])}{asked}{'#' if part else ''}{part}"
