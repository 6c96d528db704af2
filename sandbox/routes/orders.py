"""Orders: create, look, finalize, cancel, rate."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox import wire
from sandbox.booking import reading
from sandbox.booking.order import FINALIZED, Item, Order
from sandbox.errors import not_found, refuse
from sandbox.routes.receipts import Receipts
from sandbox.state import State
from sandbox.switches import PARTS
from sandbox.wire import Speech

Json = dict[str, Any]
SELLERS = ("reseller", "cashpoint")
TYPES = {"tickets": "Ticket", "events": "Event", "tours": "Tour", "coupons": "Coupon"}


class OrderRoutes:
    """The order routes over one state."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.receipts = Receipts(state)

    def told(self, request: Request, order: Order) -> Json:
        return {"order": self.receipts.show(order, wire.speech(request), detail=True)}

    async def create(self, request: Request) -> tuple[Json, int]:
        kind = wire.member(request, *SELLERS)
        order = self.state.orders.create(await wire.json_body(request), kind)
        meta = {"status": "success", "payment_url": None, "payment_data": None}
        return self.told(request, order) | {"meta": meta}, 201

    async def index(self, request: Request) -> Json:
        kind = wire.member(request, *SELLERS, "customer")
        today = self.state.clock.today()
        first, last = wire.span(request, today - timedelta(days=30), today, limit=None)
        mine, valid = wire.flag(request, "only_my_orders"), wire.flag(request, "valid")
        said = wire.speech(request)
        rows = [
            order
            for order in self.state.orders.listed(first.isoformat(), last.isoformat())
            if (_owns(kind, order) or not (mine or kind == "customer")) and (not valid or order.is_valid)
        ]
        return wire.page(request, "orders", rows, lambda order: self.receipts.show(order, said))

    def find(self, request: Request, *kinds: str) -> Order:
        """The order of an address; another account's order is not there."""
        kind = wire.member(request, *kinds)
        order = self.state.orders.find(request.path_params["id"])
        if not _owns(kind, order):
            raise not_found()
        return order

    async def detail(self, request: Request) -> Json:
        return self.told(request, self.find(request, *SELLERS, "customer"))

    async def by_barcode(self, request: Request) -> Json:
        kind = wire.member(request, *SELLERS)
        order = self.state.orders.by_barcode.get(request.path_params["barcode"])
        if order is None or not _owns(kind, order) or not self.receipts.coded(order):
            raise not_found()
        return self.told(request, order)

    async def finalize(self, request: Request) -> Json:
        order = self.find(request, *SELLERS)
        return self.told(request, self.state.orders.finalize(order, await wire.json_body(request)))

    async def cancel(self, request: Request) -> Json:
        order = self.find(request, *SELLERS)
        return self.told(request, self.state.orders.cancel(order, await wire.json_body(request)))

    async def rate(self, request: Request) -> Json:
        order = self.find(request, "customer")
        body = await wire.json_body(request)
        inner = body.get("order")
        rating = reading.whole((inner if isinstance(inner, dict) else body).get("rating"))
        if rating is None or not 1 <= rating <= 5:
            raise refuse("invalid_value", "Bitte 1 bis 5 Sterne.", "A rating is 1 to 5.", "rating")
        order.rating = rating
        self.state.orders.save(order)
        return self.told(request, order)

    async def part(self, request: Request) -> Json:
        """Items of one type, for accounts that may list them; others are told that there is no such thing."""
        name = request.path_params["part"]
        if name not in PARTS:
            raise not_found()
        order, said = self.find(request, *SELLERS), wire.speech(request)
        if not self.state.switches.may_list(name):
            raise refuse("not_implemented", "Nicht vorhanden.", "Not implemented/not found.")
        if name == "invoices":
            return wire.page(request, name, [order] if order.is_valid and order.total else [], _invoice)
        rows = [item for item in order.items if item.type == TYPES[name]]

        def show(item: Item, said: Speech = said) -> Json:
            return self.receipts.item(order, item, said)

        return wire.page(request, name, rows, show)


def _owns(kind: str, order: Order) -> bool:
    """Sellers see what they sold; the one customer of the sandbox owns whatever was finalized."""
    return order.status == FINALIZED if kind == "customer" else order.account == kind


def _invoice(order: Order) -> Json:
    return {
        "id": order.id,
        "number": f"RE-{order.id}",
        "created_at": order.finalized_at,
        "total_price_cents": order.total,
        "url": f"/api/v4/orders/{order.id}/invoice.pdf?token={order.token}",
    }


def routes(state: State) -> list[Route]:
    orders = OrderRoutes(state)
    return [
        Route("/orders", orders.index, methods=["GET"]),
        Route("/orders", orders.create, methods=["POST"]),
        Route("/orders/barcode/{barcode}", orders.by_barcode),
        Route("/orders/{id}", orders.detail, methods=["GET"]),
        Route("/orders/{id}/finalize", orders.finalize, methods=["POST"]),
        Route("/orders/{id}/cancellations", orders.cancel, methods=["POST"]),
        Route("/orders/{id}/rate", orders.rate, methods=["PUT"]),
        Route("/orders/{id}/{part:str}", orders.part),
    ]
