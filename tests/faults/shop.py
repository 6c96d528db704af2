"""A whole running shop with eyes: places orders, reads its database, the museum's ledger and the mail it sent."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx

from tests.stack import Stack

RUN = "import json\nfrom tests.faults import inside\nprint(json.dumps(inside.{call}))"


@dataclass(frozen=True, slots=True)
class Placed:
    pk: int
    number: str
    secret: str


class Shop:
    """What a test sees of a running shop, from outside."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.visitor = httpx.Client(base_url=stack.base_url, follow_redirects=True, timeout=20)
        self._museum = httpx.Client(base_url=f"{stack.sandbox_url}/_sandbox")

    def close(self) -> None:
        self.visitor.close()
        self._museum.close()

    def place(self, method: str) -> Placed:
        """Place an order of two tickets."""
        return Placed(**self._inside(f"place({method!r})"))

    def look(self, order: Placed) -> dict[str, Any]:
        """Return everything worth knowing of an order; costs a process, so do not poll with it."""
        return self._inside(f"look({order.pk})")

    def _inside(self, call: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.stack.shell(RUN.format(call=call)))
        return told

    def page(self, order: Placed) -> str:
        """Return the order's page as a visitor sees it."""
        return re.sub(r"\s+", " ", self.visitor.get(f"/en/order/{order.secret}/").text)

    def is_ready(self, order: Placed) -> bool:
        return "Your tickets are ready" in self.page(order)

    def submit(self, page: httpx.Response, action: str, **fields: str) -> httpx.Response:
        """Send the form of a page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text
        return self.visitor.post(action, data={"csrfmiddlewaretoken": token[1], **fields})

    # --- the museum ---------------------------------------------------------------------------------------

    def trap(self, route: str, kind: str, seconds: float) -> None:
        """Hold the next request to this route."""
        fault = {"route": route, "kind": kind, "times": 1, "seconds": seconds}
        self._museum.post("/faults", json=fault).raise_for_status()

    def trapped(self) -> bool:
        """Has a request walked into the trap?"""
        return not self._museum.get("/faults").json()["faults"]

    def ledger(self, order: Placed) -> list[dict[str, Any]]:
        """Return the museum's live orders under this number."""
        told = self._museum.get("/ledger").json()
        assert told["broken"] == []
        mine = [theirs for theirs in told["orders"] if theirs["reference"] == order.number]
        return [theirs for theirs in mine if theirs["status"] in ("created", "finalized")]
