"""The ticket system of the engine's tests: a real sandbox over real HTTP, with its troubles and its ledger."""

from datetime import datetime, timedelta
from typing import Any

import httpx
from django.conf import settings
from django.utils import timezone

from orders import requests
from orders.engine import advance
from orders.models import Order
from orders.services import place_order
from orders.snapshot import LineSnapshot
from shop.api import Gomus
from tests.orders.given import a_line, a_snapshot
from tests.sandbox_process import Sandbox

ROUTES = {
    "create": "POST /orders",
    "list": "GET /orders",
    "get": "GET /orders/:id",
    "finalize": "POST /orders/:id/finalize",
    "barcode": "GET /orders/barcode/:barcode",
    "cancel": "POST /orders/:id/cancellations",
}
LIVE = ("created", "finalized")
PAID, FREE = 311, 313  # tickets of one quota: fourteen euros, and nothing


class Museum:
    """A sandbox, and the shop's client pointed at it, which does not wait between its tries."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._clients: dict[str, Gomus] = {}
        self._placed = 0

    @property
    def url(self) -> str:
        return self._sandbox.base_url

    def client(self) -> Gomus:
        """What `gateway.client` gives, without pauses."""
        key = settings.GOMUS_TOKEN
        if key not in self._clients:
            self._clients[key] = Gomus(self._sandbox.base_url, key, sleep=lambda _: None)
        return self._clients[key]

    def close(self) -> None:
        """Close the clients and leave a clean sandbox to the next test."""
        for client in self._clients.values():
            client.close()
        self._sandbox.reset()

    # --- what there is to buy -----------------------------------------------------------------------------

    def line(self, ticket_id: int = PAID, quantity: int = 2) -> LineSnapshot:
        """Return a line for a time that is free in a few days."""
        at = self._free_time(ticket_id)
        cents = 0 if ticket_id == FREE else 1400
        return a_line(
            ticket_id=ticket_id,
            quantity=quantity,
            unit_cents=cents,
            slot_at=datetime.fromisoformat(at),
            slot_key=at,
        )

    def order(self, line: LineSnapshot | None = None, **changes: Any) -> Order:
        """Return a freshly placed order."""
        self._placed += 1
        return place_order(snapshot=a_snapshot(line or self.line(), key=f"basket-{self._placed}", **changes))

    def _free_time(self, ticket_id: int) -> str:
        days = (timezone.localdate() + timedelta(days=ahead) for ahead in range(2, 9))
        slots = (slot for day in days for slot in self.client().availability.capacity(ticket_id, day))
        return next(slot.key for slot in slots if slot.left >= 4)

    def sell_out(self, line: LineSnapshot) -> None:
        """Sell every place of the line's time to somebody else."""
        self._sandbox.set_left(line.product_id, line.slot_key, 0)

    # --- troubles -----------------------------------------------------------------------------------------

    def fault(self, call: str, kind: str, *, times: int | None = 1) -> None:
        """Let the next calls of this kind go wrong."""
        self._sandbox.fault(ROUTES[call], kind, times=times)

    def heal(self) -> None:
        """End all troubles."""
        self._sandbox.heal()

    def set(self, **switches: Any) -> None:
        """Change how the museum works."""
        self._sandbox.switch(**switches)

    def start_afresh(self, **switches: Any) -> None:
        """Forget all orders, then work so."""
        self._sandbox.reset()
        self.set(**{"clock_shift_s": 0} | switches)

    def refuse(self, path_end: str) -> None:
        """Let somebody on the way refuse every request to paths that end so."""
        way = Refusing(path_end)
        self.client().close()
        self._clients[settings.GOMUS_TOKEN] = Gomus(
            self._sandbox.base_url, settings.GOMUS_TOKEN, transport=way, sleep=lambda _: None
        )

    def prove_two_phase(self) -> None:
        """Let the shop see that this account creates drafts."""
        advance(self.order().pk)

    # --- the ledger ---------------------------------------------------------------------------------------

    def orders_of(self, order: Order) -> list[dict[str, Any]]:
        """Return everything the museum has under the order's number, oldest first."""
        return [theirs for theirs in reversed(self._sandbox.ledger()) if theirs["reference"] == order.number]

    def live(self, order: Order) -> list[dict[str, Any]]:
        """Return what of it holds places."""
        return [theirs for theirs in self.orders_of(order) if theirs["status"] in LIVE]

    def create_again(self, order: Order) -> None:
        """Let a call that was believed lost come through a little later."""
        self.set(clock_shift_s=5)
        self.client().orders.create(requests.create(order))


class Refusing(httpx.BaseTransport):
    """The way to the museum with somebody who refuses every request to this path."""

    def __init__(self, path_end: str) -> None:
        self._path_end = path_end
        self._way = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(self._path_end):
            return httpx.Response(422, json={"error": "No.", "errors": ["No."], "code": "customer_invalid"})
        return self._way.handle_request(request)

    def close(self) -> None:
        self._way.close()
