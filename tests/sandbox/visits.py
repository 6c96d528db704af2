"""Dates of events and starts of tours that can be booked, and the items that book them."""

from datetime import date, timedelta
from typing import Any

from tests.sandbox.buyer import Buyer, Json


def a_date(buyer: Buyer, event: int, *, left: int | None = None, weekday: int | None = None) -> int:
    """Return a coming date of an event with places left; so many, if said."""
    span = {"start_at": buyer.today() + timedelta(days=1), "end_at": buyer.today() + timedelta(days=28)}
    asked = {name: str(day) for name, day in span.items()}
    rows = buyer.http.get(f"/events/{event}/dates", params=asked | {"per_page": "100"}).json()["dates"]
    for row in rows:
        day = date.fromisoformat(row["start_time"][:10])
        if row["seats"]["available"] > 3 and weekday in (None, day.weekday()):
            found: int = row["id"]
            if left is not None:
                buyer.sandbox.control.post("/left", json={"date_id": found, "left": left}).raise_for_status()
            return found
    raise AssertionError(f"no date of event {event}")


def date_detail(buyer: Buyer, number: int) -> Json:
    answer = buyer.http.get(f"/events/{number // 1_000_000}/dates/{number}")
    found: Json = answer.json()["date"]
    return found


def free_seats(buyer: Buyer, number: int) -> dict[int, list[int]]:
    """Return the seats of a date that can be sold, by category."""
    [plan] = date_detail(buyer, number)["seatings"]
    free: dict[int, list[int]] = {}
    for seat in plan["seats"]:
        if seat["id"] not in plan["blocked_seats"]:
            free.setdefault(seat["category_id"], []).append(seat["id"])
    return free


def a_start(
    buyer: Buyer, tour: int, people: int, *, weekday: int | None = None, language: int | None = None
) -> str:
    """Return a start of a tour for so many people."""
    asked = {} if language is None else {"language_id": str(language)}
    for ahead in range(1, 29):
        day = buyer.today() + timedelta(days=ahead)
        if weekday not in (None, day.weekday()):
            continue
        rows = buyer.http.get(f"/tours/{tour}/start_times/{day}", params=asked).json()["data"]
        for row in rows:
            if row["participants"]["bookable"] >= people:
                found: str = row["start_time"]
                return found
    raise AssertionError(f"no start of tour {tour}")


def event(number: int, **chosen: Any) -> Json:
    return {"type": "Event", "attributes": {"id": number} | chosen}


def tour(number: int, start: str, **more: Any) -> Json:
    facts = {"id": number, "start_time": start, "language_id": 1, "age_group_id": 3}
    return {"type": "Tour", "attributes": facts | more}


def goods(kind: str, number: int, quantity: object = 1) -> Json:
    return {"type": kind, "attributes": {"id": number, "quantity": quantity}}
