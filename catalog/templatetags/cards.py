"""What cards look like and what they tell, in words: a page has fifty cards, each with several words of its own."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Exhibition, Museum
from catalog.shapes import Card, ExhibitionCard
from shop.dates import full_date
from shop.money import format_money

register = template.Library()


@register.filter
def drawn(card: Card, today: date) -> SafeString:
    """A card as it stands in a grid, in the active language, as of a day; drawn once as long as the card is kept."""
    shown = (_language(), today)
    if shown not in card.drawn:
        kind = "exhibition" if isinstance(card, ExhibitionCard) else "museum"
        context = {"card": card, "today": today}
        card.drawn[shown] = render_to_string(f"catalog/_{kind}_card.html", context)
    return card.drawn[shown]


@register.filter
def run(exhibition: Exhibition, today: date) -> str:
    """When an exhibition can be seen, as of a day."""
    if exhibition.permanent:
        return _("Permanent exhibition")
    if exhibition.starts_on and exhibition.starts_on > today:
        return _("From %(day)s") % {"day": full_date(exhibition.starts_on, _language())}
    if exhibition.ends_on:
        return _("Until %(day)s") % {"day": full_date(exhibition.ends_on, _language())}
    return ""


@register.filter
def price_from(cents: int | None) -> SafeString:
    """The lowest price (gross cents), nothing where nobody knows one."""
    if cents is None:
        return SafeString("")
    if not cents:
        return format_html('<span class="price">{}</span>', _("free"))
    price = format_money(cents, settings.CURRENCY, _language())
    return format_html('<span class="price">{}</span>', _("from %(price)s") % {"price": price})


@register.filter
def house_line(museum: Museum) -> str:
    """A museum and its town."""
    return ", ".join(part for part in (museum.title, museum.city) if part)


@register.filter
def exhibition_url(exhibition: Exhibition) -> str:
    """The page of an exhibition."""
    return _exhibition_url(exhibition.pk, _language())


@lru_cache(maxsize=4096)  # the same for as long as the shop runs
def _exhibition_url(pk: int, language: str) -> str:
    with translation.override(language):
        return reverse("catalog:exhibition", args=[pk])


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
