"""When a visit is: as an entry for a calendar, and whether it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders.models import Order, OrderItem
from shop.dates import clock
from shop.ics import Entry

AFTER = timedelta(hours=2)  # a visit lasts longer than its entry window


def entry_of(item: OrderItem, url: str) -> Entry | None:
    """Return the entry for a dated item, in the active language; None for what has no date.

    `url` is the absolute address of the ticket. A combined ticket lasts from its first entry to its last one.
    """
    starts_at, ends_at = _span(item)
    if starts_at is None:
        return None
    return Entry(
        uid=f"visit-{item.pk}@{urlsplit(settings.PUBLIC_URL).hostname}",
        changed_at=item.order.created_at,
        starts_at=starts_at,
        ends_at=ends_at,
        title=item.title,
        place=", ".join(part for part in (item.museum, item.address) if part),
        description="\n".join(_lines(item)),
        url=url,
    )


def all_over(order: Order) -> bool:
    """Has everything that still admits begun at least some hours ago? Not for what has no date, like annual tickets."""
    items = list(order.items.filter(cancelled_at=None).exclude(kind=OrderItem.Kind.COUPON))
    ends = [_span(item)[1] or _span(item)[0] for item in items]
    return bool(ends) and all(end is not None and end <= timezone.now() - AFTER for end in ends)


def _span(item: OrderItem) -> tuple[datetime | None, datetime | None]:
    times = [part["at"] for part in item.entries if part["at"]]
    if times:
        ends = [part["until"] or part["at"] for part in item.entries if part["at"]]
        return min(times), max(ends)
    if item.slot_at is None:
        return None, None
    if item.whole_day:
        day = timezone.localtime(item.slot_at).replace(hour=0, minute=0, second=0, microsecond=0)
        return item.slot_at, timezone.make_aware(day.replace(tzinfo=None) + timedelta(days=1))
    return item.slot_at, item.slot_at + timedelta(minutes=item.slot_minutes) if item.slot_minutes else None


def _lines(item: OrderItem) -> list[str]:
    language = translation.get_language() or settings.LANGUAGE_CODE
    found = [item.visitor] if item.visitor else []
    if item.whole_day:
        found.append(_("any time during opening hours"))
    elif item.enter_until and item.slot_at and not item.parts:
        times = {"from": clock(item.slot_at, language), "to": clock(item.enter_until, language)}
        found.append(_("enter between %(from)s and %(to)s") % times)
    entries = (part for part in item.entries if part["at"])
    return found + [f"{part['title']}: {clock(part['at'], language)}" for part in entries]
