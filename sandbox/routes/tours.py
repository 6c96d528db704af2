"""Guided tours on demand: list, detail, prices."""

import re
from datetime import date

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.catalogue.model import Price, Tour
from sandbox.errors import not_found, refuse
from sandbox.routes.choosing import in_use, listed
from sandbox.routes.shapes import LISTS, Json, base, offer, price, tagged, written
from sandbox.state import State
from sandbox.wire import Speech

CLOCK_TIME = re.compile(r"([01]?\d|2[0-3])[-:]([0-5]\d)", re.ASCII)
TARGET_AUDIENCES = ("price_target_audience_id_id", "price_target_audience_id")


class Tours:
    """The tour routes over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def words(self, request: Request) -> Json:
        kind = request.path_params["kind"]
        if kind not in (*LISTS, "categories"):
            raise not_found()
        world = self.state.world
        return {kind: tagged(world, kind, in_use(world.tours.values(), kind), wire.speech(request))}

    def row(self, tour: Tour, said: Speech, address: str) -> Json:
        row = offer(self.state.world, tour, said, address) | {"equipment": bool(tour.equipment)}
        if row["picture"]:
            row["picture"]["original"] = f"{address}/pictures/{tour.picture}.webp"
        return row

    async def index(self, request: Request) -> Json:
        said, address = wire.speech(request), base(request)
        rows = listed(request, self.state.world.tours.values(), self.state.world)
        return wire.page(request, "tours", rows, lambda tour: self.row(tour, said, address))

    async def detail(self, request: Request) -> Json:
        tour, said = find(self.state, request), wire.speech(request)
        row = self.row(tour, said, base(request)) | written(tour, said)
        pieces = [self.state.world.equipment[number] for number in tour.equipment]
        row["equipment"] = [
            {"id": piece.id, "title": said.say(piece.title), "description": None} for piece in pieces
        ]
        row["limitations"] = {"language": tour.languages_limited}
        row |= {
            "duration": tour.duration,
            "min_participants": tour.min_people,
            "max_participants": tour.max_people,
        }
        return {"tour": row}

    async def prices(self, request: Request) -> Json:
        tour, said = find(self.state, request), wire.speech(request)
        day = wire.day(request, "date", self.state.clock.today())
        rows = self.owed(request, tour, day)
        return {
            "prices": [price(one, tour.vat, said) | {"vat_pct": float(one.vat or tour.vat)} for one in rows],
            "vat_pct": float(tour.vat),
            "discount": tour.discount,
            "tax_included": tour.tax_included,
        }

    def owed(self, request: Request, tour: Tour, day: date) -> list[Price]:
        """The price list for what the query says; its time and number of people are only checked here."""
        time, people = request.query_params.get("time"), wire.number(request, "participants", 1)
        if time and not CLOCK_TIME.fullmatch(time):
            raise refuse("invalid_value", f"{time} ist keine Uhrzeit.", f"{time} is not a time.", "time")
        if not people:
            raise refuse("invalid_value", "Niemand kommt.", "Nobody comes.", "participants")
        language = wire.number(request, "language_id", self.state.world.languages_of(tour)[0])
        audience = max(wire.number(request, name, 0) for name in TARGET_AUDIENCES)
        return tour.owed(day.weekday(), language, audience)


def find(state: State, request: Request) -> Tour:
    """The tour of the address; 404 for one that does not exist."""
    tour = state.world.tours.get(request.path_params["id"])
    if tour is None:
        raise not_found()
    return tour


def routes(state: State) -> list[Route]:
    tours = Tours(state)
    return [
        Route("/tours", tours.index),
        Route("/tours/{id:int}", tours.detail),
        Route("/tours/{id:int}/prices", tours.prices),
        Route("/tours/{kind:str}", tours.words),
    ]
