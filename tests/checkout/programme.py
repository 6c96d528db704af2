"""What the tests buy of the sandbox's programme, chosen from what the sandbox says is free."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from catalog.models import EventDate, Tour
from shop import gateway
from shop.api import records
from tests.checkout.given import SOON

KILN, CONCERT, AMMONITES, PAINTING, LOOM, ARCHITECTURE = 820, 821, 822, 823, 824, 825
GROUP_TOUR, SCALED_TOUR, BY_HEAD_TOUR, QUIET_TOUR = 930, 931, 932, 933
TWO_HOUSES, TWO_HOUSES_REDUCED, VESSELS, CABINET = 501, 502, 511, 512
ANNUAL, VOUCHER, BIG_VOUCHER, POSTED_VOUCHER = 601, 4, 8, 12
HEADSETS, STOOLS = 7, 8
CLAY, KILN_FEE = 16, 15
LOCALES = ("de", "en")


def a_date(event_id: int, *, left: int = 6) -> records.EventDate:
    """A coming date of an event with so many places."""
    for row in EventDate.objects.coming().filter(event=event_id):
        found = gateway.client().events.event_date(event_id, row.pk, LOCALES)
        if found.bookable and found.seats and (found.seats.available or 0) >= left:
            return found
    raise AssertionError(f"no date of event {event_id} in {SOON} days has {left} places")


def free_seats(found: records.EventDate, category: int, number: int) -> list[int]:
    """Seats of one category nobody has."""
    (plan,) = found.seatings
    free = [
        seat.id for seat in plan.seats if seat.category_id == category and seat.id not in plan.blocked_seats
    ]
    assert len(free) >= number
    return free[:number]


def a_start(tour_id: int, *, people: int, language: int = 1, days: int = 3) -> str:
    """The key of a coming start with room for a group."""
    for on in _days(days):
        starts = gateway.client().tours.start_times_on(tour_id, on, language_id=language)
        for start in starts:
            if (start.bookable_participants or 0) >= people:
                return start.key
    raise AssertionError(f"tour {tour_id} never starts for {people}")


def language_of(tour_id: int, code: int = 0) -> int:
    """The first language of a tour, or the one asked for."""
    return code or _words(tour_id, "languages")[0]


def age_group_of(tour_id: int) -> int:
    return _words(tour_id, "age_groups")[0]


def entries(main: int, *parts: int, number: int = 2, gap: int = 90) -> dict[int, str]:
    """Times for all parts of a combined ticket on one day, far enough apart."""
    for on in _days(3):
        found: dict[int, str] = {}
        earliest: datetime | None = None
        places = gateway.client().availability
        whole = {slot.at for slot in places.capacity(main, on) if slot.left >= number}
        for part in parts:
            slots = [slot for slot in places.capacity(part, on) if slot.left >= number]
            if earliest is None:
                slots = [slot for slot in slots if slot.at in whole]
            slot = next((slot for slot in slots if earliest is None or slot.at >= earliest), None)
            if slot is None:
                break
            found[part], earliest = slot.key, slot.at + timedelta(minutes=gap)
        if len(found) == len(parts):
            return found
    raise AssertionError(f"the parts of {main} never have room on one day")


def combined_form(times: dict[int, str], **fields: Any) -> dict[str, str]:
    """The form of a combined ticket."""
    return {f"part-{pk}": key for pk, key in times.items()} | {
        name: str(value) for name, value in fields.items()
    }


def _days(first: int) -> Iterator[date]:
    today = timezone.localdate()
    return (today + timedelta(days=ahead) for ahead in range(first, first + 21))


def _words(tour_id: int, kind: str) -> list[int]:
    terms = Tour.objects.get(pk=tour_id).tags.filter(kind=kind).order_by("remote_id")
    return list(terms.values_list("remote_id", flat=True))
