"""Reservations of ticket places."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import wire
from sandbox.booking.holds import Hold
from sandbox.errors import refuse
from sandbox.routes.orders import SELLERS
from sandbox.state import State

Json = dict[str, Any]
FIELDS = ("token", "quantity", "ticket_id", "start_at", "valid_until")


class HoldRoutes:
    """The reservation routes over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def create(self, request: Request) -> tuple[Json, int]:
        kind = wire.member(request, *SELLERS)
        return _shown(self.state.holds.create(await _wanted(request), kind)), 201

    async def change(self, request: Request) -> Json:
        kind = wire.member(request, *SELLERS)
        token = request.path_params["token"]
        return _shown(self.state.holds.change(token, await _wanted(request), kind))

    async def delete(self, request: Request) -> Response:
        self.state.holds.delete(request.path_params["token"], wire.member(request, *SELLERS))
        return Response(status_code=204)


async def _wanted(request: Request) -> Json:
    wanted = (await wire.json_body(request)).get("reservation")
    if not isinstance(wanted, dict):
        raise refuse("missing_field", "reservation fehlt.", "reservation is missing.", "reservation")
    return wanted


def _shown(hold: Hold) -> Json:
    return {"reservation": {name: getattr(hold, name) for name in FIELDS}}


def routes(state: State) -> list[Route]:
    holds = HoldRoutes(state)
    return [
        Route("/tickets/reservations", holds.create, methods=["POST"]),
        Route("/tickets/reservations/{token}", holds.change, methods=["PUT"]),
        Route("/tickets/reservations/{token}", holds.delete, methods=["DELETE"]),
    ]
