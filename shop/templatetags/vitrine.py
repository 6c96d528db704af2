"""Template tags and filters known in every template."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shop import dates, rights
from shop.money import format_money
from shop.options import Product
from shop.preview import Node

register = template.Library()

ICONS = {
    "ok": '<circle cx="5" cy="5" r="5" fill="currentColor"/>',
    "few": '<path d="M5 0 10 10H0z" fill="currentColor"/>',
    "none": '<path d="M1 1l8 8M9 1l-8 8" stroke="currentColor" stroke-width="2"/>',
    "unknown": '<circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "check": '<path d="M1 5.5l3 3 5-7" fill="none" stroke="currentColor" stroke-width="1.5"/>',
}


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def money(cents: int) -> str:
    """Gross cents as a price in the active language."""
    return format_money(cents, settings.CURRENCY, _language())


@register.filter
def longday(value: date | datetime) -> str:
    """Saturday 28 November 2026, at the venue."""
    return dates.long_day(_day(value), _language())


@register.filter
def fulldate(value: date | datetime) -> str:
    """28 November 2026, at the venue."""
    return dates.full_date(_day(value), _language())


@register.filter
def shortday(value: date | datetime) -> str:
    """Sat 28 Nov, at the venue."""
    return dates.short_day(_day(value), _language())


@register.filter
def clock(value: datetime) -> str:
    """14:00, at the venue."""
    return dates.clock(value, _language())


@register.filter
def percent(basis_points: int) -> str:
    """7, or 8.1, of a rate in basis points."""
    text = f"{basis_points / 100:g}"
    return text.replace(".", ",") if _language().startswith("de") else text


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of a key, None without one."""
    return mapping.get(key)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing; the word beside it says the same."""
    drawing = mark_safe(ICONS[name])  # noqa: S308 - from the table above
    return format_html(
        '<svg class="icon" viewBox="0 0 10 10" aria-hidden="true" focusable="false">{}</svg>', drawing
    )


@register.filter
def localday(value: datetime) -> str:
    """2026-11-28 of an instant, at the venue."""
    return timezone.localtime(value).date().isoformat()


# Inside a script element these could end it or begin markup, whatever language the JSON is read in.
IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}


@register.simple_tag
def linked_data(nodes: Sequence[Node]) -> SafeString:
    """What the page shows, for machines. It is data: no browser runs it, so `script-src` has nothing against it."""
    graph = {"@context": "https://schema.org", "@graph": nodes}
    text = json.dumps(graph, ensure_ascii=False).translate(IN_SCRIPT)
    escaped = mark_safe(text)  # noqa: S308 - nothing in it is markup any more
    return format_html('<script type="application/ld+json">{}</script>', escaped)


STATE_CLASSES = {"free": "ok", "open": "ok", "few": "few", "unknown": "unknown", "unlimited": "unknown"}


@register.filter
def state_class(state: str) -> str:
    """The class and icon of a state: ok, few, unknown or none."""
    return STATE_CLASSES.get(str(state), "none")


@register.simple_tag
def withdrawal_right(product: str) -> str:
    """Whether one may withdraw from things of this class, a word of `shop.options.Product`."""
    return rights.sentence(Product(product))
