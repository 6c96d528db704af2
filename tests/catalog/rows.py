"""Rows of the mirror for tests, with everything unimportant filled in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from catalog.models import (
    Coupon,
    Event,
    EventDate,
    Exhibition,
    Kept,
    Museum,
    Picture,
    Term,
    Ticket,
    Tour,
)


def museum(pk: int, **values: Any) -> Museum:
    return Museum.objects.create(**_mirrored(pk, "Museum", values))


def exhibition(
    pk: int, house: Museum | None = None, *, first: date | None = None, last: date | None = None
) -> Exhibition:
    frames = [{"start": f"{first}T10:00:00+01:00", "end": f"{last}T18:00:00+01:00"}] if first and last else []
    values = {"museum": house, "time_frames": frames, "starts_on": first, "ends_on": last}
    return Exhibition.objects.create(**_mirrored(pk, "Exhibition", values))


def ticket(
    pk: int, *, museums: Iterable[Museum] = (), exhibitions: Iterable[Exhibition] = (), **values: Any
) -> Ticket:
    plain = {"ticket_type": "time_slot", "bookable": True, "price_cents": 1400, "quota_ids": [1]}
    slots = {"first_entry": 600, "last_entry": 1020, "entry_duration": 30}
    made = Ticket.objects.create(**_mirrored(pk, "Ticket", plain | slots | values))
    made.museums.set(museums)
    made.exhibitions.set(exhibitions)
    return made


def event(pk: int, house: Museum | None = None, **values: Any) -> Event:
    return Event.objects.create(**_mirrored(pk, "Event", {"museum": house} | values))


def event_date(pk: int, of: Event, start: datetime, **values: Any) -> EventDate:
    plain = {"fingerprint": "f", "read_at": timezone.now(), "titles": of.titles, "bookable": True}
    return EventDate.objects.create(id=pk, event=of, start_time=start, **(plain | values))


def tour(pk: int, house: Museum | None = None, **values: Any) -> Tour:
    return Tour.objects.create(**_mirrored(pk, "Tour", {"museum": house} | values))


def coupon(pk: int, **values: Any) -> Coupon:
    return Coupon.objects.create(
        **_mirrored(pk, "Coupon", {"price_cents": 2500, "value_cents": 3000} | values)
    )


def term(kind: str, number: int, **values: Any) -> Term:
    plain = {"fingerprint": "f", "read_at": timezone.now(), "titles": {"de": f"{kind} {number}"}}
    return Term.objects.create(id=f"{kind}:{number}", kind=kind, remote_id=number, **(plain | values))


def picture(name: str, *, fetched: bool = True) -> Picture:
    files = {
        "width": 1120,
        "height": 840,
        "renditions": {kind: [[1120, f"pictures/{name}.{kind}"]] for kind in ("avif", "webp", "jpeg")},
    }
    return Picture.objects.create(
        remote_url=f"https://tickets.example/{name}.jpg", **(files if fetched else {})
    )


def retire(row: Kept) -> None:
    row.retired_at = timezone.now()
    row.save()


def _mirrored(pk: int, word: str, values: dict[str, Any]) -> dict[str, Any]:
    titles = {
        "titles": {"de": f"{word} {pk} de", "en": f"{word} {pk} en"},
        "descriptions": {"de": "<p>lang</p>"},
    }
    return {"id": pk, "fingerprint": "f", "read_at": timezone.now()} | titles | values
