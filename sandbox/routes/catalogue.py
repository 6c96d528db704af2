"""Museums and exhibitions."""

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.clock import stamp, wall
from sandbox.data.houses import House
from sandbox.data.shows import Show
from sandbox.errors import not_found
from sandbox.routes.shapes import Json, base, content, location, picture
from sandbox.state import State
from sandbox.wire import Speech


class Catalogue:
    """The catalogue routes over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    def show_house(self, house: House, said: Speech, request: Request, detail: bool = False) -> Json:
        row: Json = {
            "id": house.id,
            "title": said.say(house.title),
            "sub_title": said.say(house.sub_title),
            "picture": picture(house.picture, house.alt, house.credit, said, base(request)),
        }
        if detail:
            row["description"] = said.say(house.description)
            row["content"] = content(house.title, said)
            row["location"] = location(house)
        return row

    def show_show(self, show: Show, said: Speech, request: Request, detail: bool = False) -> Json:
        run = self.state.world.on_show(show, self.state.clock.today())
        house = self.state.world.houses[show.house]
        frames = [] if run is None else [
            {"start_at": stamp(wall(run[0], house.opens)), "end_at": stamp(wall(run[1], house.closes))}
        ]  # fmt: skip
        row: Json = {
            "id": show.id,
            "museum_id": show.house,
            "title": said.say(show.title),
            "sub_title": said.say(show.sub_title),
            "slider_description": said.say(show.teaser),
            "featured": show.featured,
            "picture": picture(show.picture, show.alt, show.credit, said, base(request)),
            "time_frames": frames,
        }
        if detail:
            html = {code: f"<p>{text}</p>" for code, text in show.teaser.items()}
            row["description"] = said.say(html)
            row["content"] = {}
            row["location"] = location(house)
        return row

    async def museums(self, request: Request) -> Json:
        said = wire.speech(request)
        rows = wire.matching(
            self.state.world.houses.values(),
            request.query_params.get("q"),
            lambda house: [*house.title.values(), *house.sub_title.values()],
        )
        return wire.page(request, "museums", rows, lambda house: self.show_house(house, said, request))

    async def museum(self, request: Request) -> Json:
        house = self.state.world.houses.get(request.path_params["id"])
        if house is None:
            raise not_found()
        return {"museum": self.show_house(house, wire.speech(request), request, detail=True)}

    async def opening_hours(self, request: Request) -> Json:
        house = self.state.world.houses.get(request.path_params["id"])
        if house is None:
            raise not_found()
        day = wire.day(request, "date", self.state.clock.today())
        if not self.state.world.open_on(house.id, day):
            return {"opening_hours": {"begin": None, "end": None}}
        end = house.closes_on(day.weekday())
        return {"opening_hours": {"begin": stamp(wall(day, house.opens)), "end": stamp(wall(day, end))}}

    async def exhibitions(self, request: Request) -> Json:
        said = wire.speech(request)
        houses, featured = wire.ids(request, "by_museum_ids"), wire.flag(request, "by_featured")
        rows = [
            show
            for show in self.state.world.shows.values()
            if (houses is None or show.house in houses) and (featured is None or show.featured == featured)
        ]
        rows = wire.matching(
            rows, request.query_params.get("q"), lambda show: [*show.title.values(), *show.sub_title.values()]
        )
        return wire.page(request, "exhibitions", rows, lambda show: self.show_show(show, said, request))

    async def exhibition(self, request: Request) -> Json:
        show = self.state.world.shows.get(request.path_params["id"])
        if show is None:
            raise not_found()
        return {"exhibition": self.show_show(show, wire.speech(request), request, detail=True)}


def routes(state: State) -> list[Route]:
    catalogue = Catalogue(state)
    return [
        Route("/museums", catalogue.museums),
        Route("/museums/{id:int}", catalogue.museum),
        Route("/museums/{id:int}/opening_hours", catalogue.opening_hours),
        Route("/exhibitions", catalogue.exhibitions),
        Route("/exhibitions/{id:int}", catalogue.exhibition),
    ]
