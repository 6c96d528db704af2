"""Dates of events: lists, detail with prices and seats, calendars."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.catalogue.model import Event, EventDate
from sandbox.clock import stamp
from sandbox.errors import not_found
from sandbox.routes.choosing import FILTERS, chosen
from sandbox.routes.events import registerable
from sandbox.routes.seating import seating
from sandbox.routes.shapes import Json, location, named, price, tagged
from sandbox.state import State
from sandbox.wire import Speech

Show = Callable[[list[EventDate]], Any]


class Dates:
    """The routes of dates over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    # --- one date ---------------------------------------------------------------------------------------

    def row(self, one: EventDate, said: Speech) -> Json:
        world, event = self.state.world, self.state.world.events[one.event]
        category = tagged(world, "categories", event.tags["categories"], said)[0]
        return {
            "id": one.id,
            "event_id": event.id,
            "exhibition_id": event.show,
            "museum_id": event.house,
            "category": category | {"filtername": ""},
            "bookable": self.bookable(one),
            "registerable": event.registerable,
            "title": said.say(event.title),
            "sub_title": said.say(event.sub_title),
            "event_title": said.say(event.title),
            "event_sub_title": said.say(event.sub_title),
            "start_time": stamp(one.start),
            "duration": event.duration,
            "seats": self.seats(one),
            "language": named(world.tags["languages"][one.language], said) if one.language else None,
            "prices": self.prices(event, said),
        }

    def bookable(self, one: EventDate) -> bool:
        """Sold at all and still ahead, though perhaps sold out."""
        return self.state.world.events[one.event].bookable and one.start >= self.state.clock.now()

    def free(self, one: EventDate) -> bool:
        return self.state.stock.seats_left(one) >= max(1, self.state.world.events[one.event].min_seats)

    def seats(self, one: EventDate) -> Json:
        event, stock = self.state.world.events[one.event], self.state.stock
        return {
            "min": event.min_seats,
            "max": event.seats,
            "booked": stock.seats_booked(one),
            "available": stock.seats_left(one),
            "max_per_registration": event.max_per_registration,
            "overbook": False,
        }

    def prices(self, event: Event, said: Speech) -> list[Json]:
        plan = self.state.world.plans.get(event.plan or 0)
        rows = []
        for one in event.prices:
            row = price(one, event.vat, said)
            if plan and one.seat_category:
                title = said.say(plan.categories[one.seat_category][0])
                row |= {"seat_category_id": one.seat_category, "seat_category_title": title}
            rows.append(row)
        return rows

    async def detail(self, request: Request) -> Json:
        world, said = self.state.world, wire.speech(request)
        one = world.date(request.path_params["date"])
        if one is None or one.event != request.path_params["id"] or not self.state.stock.announced(one):
            raise not_found()
        event = world.events[one.event]
        plan = world.plans.get(event.plan or 0)
        blocked = self.state.stock.blocked_seats(one)
        facts = {"vat_pct": float(event.vat), "discount": event.discount, "tax_included": event.tax_included}
        row = self.row(one, said) | facts | {"registerable": registerable(event, request)}
        row["description"] = said.say(event.description)
        row["seatings"] = [seating(plan, blocked, said)] if plan else []
        row["location"] = location(world.houses[event.house])
        return {"date": row}

    # --- lists ------------------------------------------------------------------------------------------

    def event(self, request: Request) -> Event:
        event = self.state.world.events.get(request.path_params["id"])
        if event is None:
            raise not_found()
        return event

    async def of_event(self, request: Request) -> Json:
        event, said = self.event(request), wire.speech(request)
        today = self.state.clock.today()
        if request.query_params.get("start_at") or request.query_params.get("end_at"):
            first, last = wire.month(request, today)
        else:
            first = last = wire.day(request, "date", today)
        rows = self.filtered(request, self.between({event.id}, first, last))
        return wire.page(request, "dates", rows, lambda one: self.row(one, said))

    async def index(self, request: Request) -> Json:
        said, rows = wire.speech(request), self.selected(request)
        return wire.page(request, "dates", rows, lambda one: self.row(one, said))

    async def languages(self, request: Request) -> Json:
        ids = {one.language for one in self.selected(request) if one.language}
        return {"languages": tagged(self.state.world, "languages", tuple(sorted(ids)), wire.speech(request))}

    def selected(self, request: Request) -> list[EventDate]:
        first, last = wire.month(request, self.state.clock.today())
        return self.filtered(request, self.between(self.events(request), first, last))

    def events(self, request: Request) -> set[int]:
        """The events that the filters of a query choose."""
        world, named = self.state.world, wire.ids(request, "by_event_ids")
        offers = [one for one in world.events.values() if named is None or one.id in named]
        return {event.id for event in chosen(request, offers, world, FILTERS)}

    def between(self, events: set[int], first: date, last: date) -> list[EventDate]:
        """Dates of events in order, as far ahead as they are announced."""
        world, stock = self.state.world, self.state.stock
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [
            one for day in days for one in world.dates_on(day) if one.event in events and stock.announced(one)
        ]

    def filtered(self, request: Request, rows: list[EventDate]) -> list[EventDate]:
        """Languages and being bookable are matters of a date, not of its event."""
        languages, bookable = wire.ids(request, "by_language_ids"), wire.flag(request, "by_bookable")
        return [
            one
            for one in rows
            if (languages is None or one.language in languages)
            and (bookable is None or self.bookable(one) == bookable)
        ]

    # --- calendars --------------------------------------------------------------------------------------

    async def calendar(self, request: Request) -> Json:
        return self.days(request, self.events(request))

    async def of_event_calendar(self, request: Request) -> Json:
        return self.days(request, {self.event(request).id})

    def days(self, request: Request, events: set[int]) -> Json:
        first, last = wire.month(request, self.state.clock.today())
        said = wire.speech(request)
        shows: dict[str, Show] = {
            "any": lambda rows: any(map(self.free, rows)),
            "all": lambda rows: [self.row(one, said) for one in rows],
            "availability_status": self.status,
        }
        show = shows.get(request.query_params.get("depth", ""), shows["any"])
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        found = {day: self.filtered(request, self.between(events, day, day)) for day in days}
        return {"data": {day.isoformat(): show(rows) for day, rows in found.items()}}

    def status(self, rows: list[EventDate]) -> str:
        if any(map(self.free, rows)):
            return "available"
        return "fully_booked" if any(map(self.bookable, rows)) else "unavailable"


def routes(state: State) -> list[Route]:
    dates = Dates(state)
    return [
        Route("/dates", dates.index),
        Route("/dates/languages", dates.languages),
        Route("/calendar", dates.calendar),
        Route("/events/{id:int}/calendar", dates.of_event_calendar),
        Route("/events/{id:int}/dates", dates.of_event),
        Route("/events/{id:int}/dates/{date:int}", dates.detail),
    ]
