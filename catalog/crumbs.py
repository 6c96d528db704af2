"""The way to a page, as its breadcrumbs tell it."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from catalog.models import Museum

Crumb = tuple[str, str]  # title and address; the last one has none


def start_crumb() -> Crumb:
    """The home page."""
    return (settings.SHOP_NAME, reverse("catalog:home"))


def house_crumbs(museum: Museum | None) -> list[Crumb]:
    """The museum something belongs to, if any."""
    return [(museum.title, reverse("catalog:museum", args=[museum.pk]))] if museum else []
