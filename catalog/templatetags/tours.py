"""Tags of the tours' pages."""

from typing import Any

from django import template

from catalog.tour_list import TourSeek
from catalog.tour_wish import TourWish

register = template.Library()


@register.simple_tag
def tour_query(wish: TourWish, **changes: Any) -> str:
    """The query of the tour page with this wish, something changed. Another day has other start times."""
    if "day" in changes or "month" in changes:
        changes = {"start": "", "month": None} | changes
    return wish.query(**({"garbled": {}} | changes))


@register.simple_tag
def tours_query(seek: TourSeek, **changes: Any) -> str:
    """The query of the list of tours with something changed."""
    return seek.query(**changes)
