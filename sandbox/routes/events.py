"""Events: their filter lists, list and detail."""

from datetime import timedelta

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.catalogue.model import Event
from sandbox.catalogue.seats import DATES_AHEAD
from sandbox.errors import not_found
from sandbox.routes.choosing import in_use, listed
from sandbox.routes.shapes import LISTS, Json, base, offer, tagged, written
from sandbox.state import State
from sandbox.wire import Speech


class Events:
    """The event routes over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def words(self, request: Request) -> Json:
        kind = request.path_params["kind"]
        if kind not in (*LISTS, "categories"):
            raise not_found()
        world = self.state.world
        return {kind: tagged(world, kind, in_use(world.events.values(), kind), wire.speech(request))}

    def row(self, event: Event, said: Speech, address: str) -> Json:
        return offer(self.state.world, event, said, address) | {"registerable": event.registerable}

    async def index(self, request: Request) -> Json:
        said, address = wire.speech(request), base(request)
        rows = listed(request, self.state.world.events.values(), self.state.world)
        upcoming = wire.flag(request, "with_bookings_in_future")
        if upcoming is not None:
            rows = [event for event in rows if self.has_future(event) == upcoming]
        return wire.page(request, "events", rows, lambda event: self.row(event, said, address))

    async def detail(self, request: Request) -> Json:
        event = self.state.world.events.get(request.path_params["id"])
        if event is None:
            raise not_found()
        said, address = wire.speech(request), base(request)
        row = self.row(event, said, address) | written(event, said)
        row["registerable"] = registerable(event, request)
        row["tickets"] = list(event.admission_tickets)
        return {"event": row}

    def has_future(self, event: Event) -> bool:
        """Has a date that can be booked, however far ahead?"""
        today, stock = self.state.clock.today(), self.state.stock
        coming = self.state.world.coming(event, today, today + timedelta(days=DATES_AHEAD))
        return event.bookable and any(stock.seats_left(one) >= event.min_seats for one in coming)


def registerable(event: Event, request: Request) -> bool | str:
    """A link to the form for those who may register, a yes or no for all others."""
    if event.registerable and wire.account(request) != "public":
        return f"{base(request)}/events/{event.id}/registrations/new"
    return event.registerable


def routes(state: State) -> list[Route]:
    events = Events(state)
    return [
        Route("/events", events.index),
        Route("/events/{id:int}", events.detail),
        Route("/events/{kind:str}", events.words),
    ]
