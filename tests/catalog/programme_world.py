"""A ticket system of a few records with a whole programme, for `tests.catalog.upstream`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from catalog.models import Coupon, Event, EventDate, Kept, Tour
from shop.dates import today
from tests.catalog.upstream import Upstream, small_world, ticket

BIG = 2**40  # a date may have an id that no 32 bits hold
TAGS = [
    *("categories", "languages", "age_groups", "audiences", "catch_words", "proposal_categories"),
    *("grades", "disablements"),
]
WORDS = {
    **{f"/events/{tag}": tag for tag in TAGS},
    "/newsletter_subscriber_groups": "newsletter_subscriber_groups",
    "/dispatch_modes": "dispatch_modes",
    "/countries": "countries",
    "/states": "states",
}

KINDS: dict[str, type[Kept]] = {"events": Event, "dates": EventDate, "tours": Tour, "coupons": Coupon}
NEW = {"events": 501, "dates": BIG, "tours": 601, "coupons": 701}
SMALL = {key: path for path, key in WORDS.items()}
LISTS = {**{kind: f"/{kind}" for kind in KINDS}, **SMALL}


def programme_world() -> Upstream:
    """One event with two dates, one tour, one voucher, one entry in every small list, annual and combined tickets."""
    upstream = small_world()
    upstream.events = {501: event(501)}
    upstream.dates = {1: date_of(501, 1, days=3), BIG: date_of(501, BIG, days=40)}
    upstream.tours = {601: tour(601)}
    upstream.coupons = {
        701: {"id": 701, "title": {"de": "Gutschein"}, "price_cents": 2500, "value_cents": 3000}
    }
    upstream.fixed = {path: {key: [word(1, key)]} for path, key in WORDS.items()}
    upstream.tickets[80] = ticket(80, ticket_type="annual", quota_ids=[], personalizeable=True)
    upstream.tickets[90] = ticket(90, sub_ticket_ids=[91], sub_ticket_min_gap_minutes=90)
    upstream.tickets[91] = ticket(91, price_cents=0, is_part=True)
    return upstream


def event(pk: int, **values: Any) -> dict[str, Any]:
    """An event of the one museum with a word of every list."""
    tags = {tag: [word(1, tag)] for tag in TAGS if tag != "categories"}
    own = {"id": pk, "title": {"de": f"Veranstaltung {pk}"}, "description": {"de": "<p>Alt</p>"}}
    place = {"museum_id": 5, "exhibition_id": 7, "category": word(1, "categories"), "bookable": True}
    picture = {"picture": {"title": "Bühne", "detail": "/media/buehne.jpg"}}
    return (
        own | place | tags | picture | {"content": {"hint": {"de": "Warm anziehen"}}, "tickets": [2]} | values
    )


def tour(pk: int, **values: Any) -> dict[str, Any]:
    """A tour with equipment."""
    own = {
        "duration": 60,
        "equipment": [{"id": 3, "title": {"de": "Kopfhörer"}}],
        "limitations": {"language": True},
    }
    return event(pk, title={"de": f"Führung {pk}"}) | own | values


def date_of(event_id: int, pk: int, *, days: int, **values: Any) -> dict[str, Any]:
    """A date at noon in so many days."""
    own = {"id": pk, "event_id": event_id, "title": {"de": f"Termin {pk}"}, "start_time": noon(days)}
    sale = {"bookable": True, "duration": 90, "seats": {"min": 1, "max": 30, "booked": 4, "available": 26}}
    words = {"language": word(1, "languages"), "category": word(1, "categories"), "museum_id": 5}
    return (
        own
        | sale
        | words
        | {"prices": [{"price_cents": 1200}, {"price_cents": 800, "scale_price_id": 4}]}
        | values
    )


def noon(days: int) -> str:
    return f"{today() + timedelta(days=days)}T12:00:00+01:00"


def word(pk: int, key: str) -> dict[str, Any]:
    """An entry of a small list."""
    return {"id": pk, "name": {"de": f"{key} {pk}"}}


def kind_of(key: str) -> str:
    """Our name for a small list."""
    return "newsletter_groups" if key == "newsletter_subscriber_groups" else key


def records(upstream: Upstream, kind: str) -> dict[int, dict[str, Any]]:
    """The records of a kind, to be changed."""
    found: dict[int, dict[str, Any]] = getattr(upstream, kind)
    return found
