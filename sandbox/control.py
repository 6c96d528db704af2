"""The operator's side, under /_sandbox/: switches, faults, what was asked, what was sold."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sandbox import ledger
from sandbox.catalogue.stock import Place
from sandbox.clock import moment, stamp
from sandbox.page import overview
from sandbox.state import State

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"


class Control:
    """The control routes over one state. A form is sent back to the page; everybody else gets JSON."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def home(self, request: Request) -> Response:
        self.state.tidy()
        return HTMLResponse(overview(self.state))

    async def switches(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                self.state.switches.merge(await _body(request))
            except (TypeError, ValueError) as error:
                return _refused(error)
            self.state.operate("switches", self.state.switches.as_dict())
        return _done(request, self.state.switches.as_dict())

    async def faults(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                self.state.faults.add(await _body(request))
            except (TypeError, ValueError) as error:
                return _refused(error)
        elif request.method == "DELETE":
            self.state.faults.clear()
        return _done(request, {"faults": [asdict(fault) for fault in self.state.faults.pending]})

    async def requests(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.state.log.clear()
        return JSONResponse(self.state.log.as_dict())

    async def ledger(self, request: Request) -> Response:
        self.state.tidy()
        told = {
            "orders": [ledger.summary(order) for order in self.state.orders.listed()],
            "holds": [asdict(hold) for hold in self.state.holds.live.values()],
            "withdrawals": [asdict(asked) for asked in self.state.withdrawals.all],
            "holders": list(self.state.annual.holders.values()),
            "used": ledger.used(self.state),
            "broken": ledger.broken_invariants(self.state),
        }
        return JSONResponse(told)

    async def left(self, request: Request) -> Response:
        """Set how many places are left: of a ticket, quota, date or tour. 0 sells it out."""
        body = await _body(request)
        try:
            places, seats = self._places(body), int(body.get("left", 0))
        except (KeyError, TypeError, ValueError) as error:
            return _refused(error)
        for number, start in places:
            already = self.state.stock.used[number, start]
            self.state.operate(f"left {number} {stamp(start)}", seats + already)
        return _done(request, {"left": seats, "times": [stamp(start) for _, start in places]})

    def _places(self, body: Json) -> list[Place]:
        world, stock = self.state.world, self.state.stock
        if "date_id" in body:
            found = world.date(int(body["date_id"]))
            return list(stock.draws_of_date(found, 1)) if found else []
        at = moment(body.get("time"))
        if "tour_id" in body:
            return list(
                stock.draws_of_tour(world.tours[int(body["tour_id"])], at or stock.clock.now(), 1, {})
            )
        if "quota_id" in body:
            place = stock.place(world.quotas[int(body["quota_id"])], at or stock.clock.now())
            return [place] if place else []
        ticket = world.tickets[int(body["ticket_id"])]
        times = [at] if at else stock.times(ticket, date.fromisoformat(str(body["date"])))
        return [place for time in times for place in stock.draws(ticket, time, 1)]

    async def price(self, request: Request) -> Response:
        body = await _body(request)
        self.state.operate(f"price {int(body['ticket_id'])}", int(body["price_cents"]))
        return _done(request, body)

    async def tickets(self, request: Request) -> Response:
        hidden = (await _body(request)).get("hidden", [])
        self.state.operate("hidden", hidden)
        return _done(request, {"hidden": hidden})

    async def scale(self, request: Request) -> Response:
        self.state.operate("scale", (await _body(request))["tickets"])
        return _done(request, {"tickets": len(self.state.world.tickets)})

    async def redeem(self, request: Request) -> Response:
        """A ticket is used at the entrance: its item can no longer be cancelled."""
        code = str((await _body(request)).get("barcode"))
        order = self.state.orders.by_barcode.get(code)
        if order is None:
            return _refused(ValueError("no such barcode"))
        for item in order.items:
            if code in [row["barcode"] for row in item.barcodes]:
                item.redeemed.append(code)
        self.state.orders.save(order)
        return _done(request, {"redeemed": code})

    async def send(self, request: Request) -> Response:
        """The annual tickets of an order go into the post: nothing about them can be changed any more."""
        order = self.state.orders.find(str((await _body(request)).get("token")))
        for item in self.state.annual.items(order):
            self.state.annual.send(item)
        self.state.orders.save(order)
        return _done(request, {"sent": order.token})

    async def reset(self, request: Request) -> Response:
        self.state.reset()
        self.state.log.clear()
        return _done(request, {"reset": True})


async def _body(request: Request) -> Json:
    raw = await request.body()
    if request.headers.get("content-type", "").startswith(FORM):
        return dict(parse_qsl(raw.decode(), keep_blank_values=True))
    return dict(json.loads(raw or b"{}"))


def _done(request: Request, told: Json) -> Response:
    if request.headers.get("content-type", "").startswith(FORM):
        return Response(status_code=303, headers={"location": "/_sandbox/"})
    return JSONResponse(told)


def _refused(error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 422)


def routes(state: State) -> list[Route]:
    control = Control(state)
    posts = {
        "left": control.left,
        "price": control.price,
        "tickets": control.tickets,
        "scale": control.scale,
        "redeem": control.redeem,
        "send": control.send,
        "reset": control.reset,
    }
    return [
        Route("/_sandbox/", control.home),
        Route("/_sandbox/switches", control.switches, methods=["GET", "POST"]),
        Route("/_sandbox/faults", control.faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/requests", control.requests, methods=["GET", "DELETE"]),
        Route("/_sandbox/ledger", control.ledger),
        *(Route(f"/_sandbox/{name}", endpoint, methods=["POST"]) for name, endpoint in posts.items()),
    ]
