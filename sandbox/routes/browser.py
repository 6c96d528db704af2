"""What the vendor's browser shop asks for: withdrawals, the price of a cart, codes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import wire
from sandbox.booking import reading
from sandbox.booking.vouchers import FAVOURS
from sandbox.booking.withdrawals import Withdrawal
from sandbox.clock import stamp
from sandbox.errors import ApiError, Fault
from sandbox.state import State

Json = dict[str, Any]
NEEDED = ("order_id", "first_name", "last_name", "email")


class BrowserShop:
    """The browser shop's routes over one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def withdraw(self, request: Request) -> Response:
        """A request to the staff: the order stays as it is, and nobody learns whether it exists."""
        body = await wire.json_body(request)
        faults = [
            Fault("missing_field", f"{name} fehlt.", f"{name} is missing.", name)
            for name in NEEDED
            if reading.text(body.get(name)) is None
        ]
        if not faults and "@" not in str(body["email"]):
            faults = [Fault("invalid_value", "Keine E-Mail-Adresse.", "Not an e-mail address.", "email")]
        if faults:
            raise ApiError(422, *faults)
        texts = {name: reading.text(body.get(name)) or "" for name in (*NEEDED, "note")}
        self.state.withdrawals.add(Withdrawal(**texts, at=stamp(self.state.clock.now())))
        return Response(status_code=201)

    async def code(self, request: Request) -> Json:
        return {"coupon_sale": self.state.orders.vouchers.told(request.path_params["code"].upper())}

    async def cart(self, request: Request) -> Json:
        """Unit prices after codes, line by line; tours are not priced here."""
        body = await wire.json_body(request)
        codes = [code.upper() for code in _list(body, "coupons") if isinstance(code, str)]
        found: list[Json] = []
        for row in (row for row in _list(body, "items") if isinstance(row, dict)):
            attributes = row.get("attributes")
            found += self._priced(row.get("type"), attributes if isinstance(attributes, dict) else {}, codes)
        return {"items": found}

    def _priced(self, kind: Any, given: Json, codes: list[str]) -> list[Json]:
        """A line, in parts when a free ticket is taken out of it."""
        ticket = (
            self.state.world.tickets.get(reading.whole(given.get("id")) or 0) if kind == "Ticket" else None
        )
        told = {name: given[name] for name in ("uuid", "id", "quantity", "quantities") if name in given}
        if ticket is None:
            return [{"type": kind, "attributes": told}]
        count, cents = reading.whole(given.get("quantity")) or 0, ticket.price_cents
        free = [code for code in codes if code in FAVOURS and FAVOURS[code].ticket == ticket.id][
            : max(0, count)
        ]
        cut = [code for code in codes if code in FAVOURS and FAVOURS[code].per_cent][:1]
        rest = told | {"quantity": count - len(free), "price_cents": cents, "coupon": None}
        for code in cut:
            rest |= {"price_cents": (cents * (100 - FAVOURS[code].per_cent) + 50) // 100, "coupon": code}
        gifts = [told | {"quantity": 1, "price_cents": 0, "coupon": code} for code in free]
        parts = [part for part in (*gifts, rest) if part["quantity"] > 0]
        return [{"type": kind, "attributes": part} for part in parts]


def _list(body: Json, name: str) -> list[Any]:
    value = body.get(name)
    return value if isinstance(value, list) else []


def routes(state: State) -> list[Route]:
    shop = BrowserShop(state)
    return [
        Route("/orders/withdrawals", shop.withdraw, methods=["POST"]),
        Route("/coupon_sales/barcode/{code}", shop.code),
        Route("/cart", shop.cart, methods=["POST"]),
    ]
