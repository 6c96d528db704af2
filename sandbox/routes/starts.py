"""When tours may begin, and what equipment is free then."""

from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.catalogue.model import Tour
from sandbox.clock import ZONE, key
from sandbox.errors import not_found
from sandbox.routes.shapes import Json
from sandbox.routes.tours import find
from sandbox.state import State

OPENS, CLOSES = (
    8 * 60,
    22 * 60,
)  # minutes of the day between which starts are told unless others are asked for


class Starts:
    """The routes of start times and equipment over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    # --- start times ------------------------------------------------------------------------------------

    def starts(self, request: Request, tour: Tour, day: date) -> list[tuple[datetime, int]]:
        """Start times of a day with the people each still takes, inside the hours of the query."""
        first = wire.number(request, "opening_hours_start", OPENS)
        last = wire.number(request, "opening_hours_end", CLOSES)
        found = self.state.stock.tour_day(tour, day, self.language(request, tour))
        return [(at, free) for at, free in found if first <= at.hour * 60 + at.minute <= last]

    def language(self, request: Request, tour: Tour) -> int | None:
        """The language asked for, which matters only where it limits the start times."""
        wanted = wire.number(request, "language_id", 0)
        return wanted or None if tour.languages_limited else None

    def told(self, request: Request, tour: Tour) -> bool:
        """Without a key only tours tell their times that are released for the open shop."""
        return tour.public or wire.account(request) != "public"

    async def calendar(self, request: Request) -> Json:
        tour = find(self.state, request)
        first, last = wire.month(request, self.state.clock.today())
        people = max(1, wire.number(request, "participants", tour.min_people))
        whole = request.query_params.get("depth") == "all"
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        found: Json = {}
        for day in days if self.told(request, tour) else []:
            times = [key(at) for at, free in self.starts(request, tour, day) if free >= people]
            found[day.isoformat()] = times if whole else bool(times)
        return {"data": found}

    async def of_day(self, request: Request) -> Json:
        tour = find(self.state, request)
        day = wire.as_day(request.path_params["date"], "date", self.state.clock.today())
        rows = self.starts(request, tour, day) if self.told(request, tour) else []
        limits = {"min": tour.min_people, "max": tour.max_people}
        return {
            "data": [
                {"start_time": key(at), "participants": limits | {"bookable": free}} for at, free in rows
            ]
        }

    # --- equipment --------------------------------------------------------------------------------------

    def pieces(self, tour: Tour, equipment: int, times: list[datetime]) -> dict[str, int]:
        return {key(at): self.state.stock.equipment_left(tour, equipment, at) for at in times}

    def grid(self, request: Request, tour: Tour) -> list[datetime]:
        return self.state.stock.tour_grid(tour, wire.day(request, "date", self.state.clock.today()))

    def borrowed(self, request: Request, tour: Tour) -> int:
        number: int = request.path_params["equipment"]
        if number not in tour.equipment:
            raise not_found()
        return number

    async def all_equipment(self, request: Request) -> Json:
        tour = find(self.state, request)
        times = self.grid(request, tour)
        return {"data": {str(number): self.pieces(tour, number, times) for number in tour.equipment}}

    async def one_equipment(self, request: Request) -> Json:
        tour = find(self.state, request)
        return {"data": self.pieces(tour, self.borrowed(request, tour), self.grid(request, tour))}

    async def equipment_at(self, request: Request) -> Json:
        tour = find(self.state, request)
        number, at = self.borrowed(request, tour), _instant(request.path_params["timestamp"])
        grid = self.state.stock.tour_grid(tour, at.astimezone(ZONE).date()) if at else []
        return {"data": self.pieces(tour, number, [one for one in grid if one == at])}


def _instant(text: str) -> datetime | None:
    """A timestamp of an address; None for anything else, also for one without offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo and at.year in wire.YEARS else None


def routes(state: State) -> list[Route]:
    starts = Starts(state)
    return [
        Route("/tours/{id:int}/start_times", starts.calendar),
        Route("/tours/{id:int}/start_times/{date}", starts.of_day),
        Route("/tours/{id:int}/equipments", starts.all_equipment),
        Route("/tours/{id:int}/equipments/{equipment:int}", starts.one_equipment),
        Route("/tours/{id:int}/equipments/{equipment:int}/{timestamp}", starts.equipment_at),
    ]
