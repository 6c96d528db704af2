"""Everything one running sandbox knows."""

from datetime import datetime
from typing import Any

from sandbox.booking.annual import Annual
from sandbox.booking.holds import Holds
from sandbox.booking.orders import Orders
from sandbox.booking.withdrawals import Withdrawals
from sandbox.catalogue.stock import Stock
from sandbox.catalogue.world import World
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.limits import Limits
from sandbox.requests import RequestLog
from sandbox.store import Store
from sandbox.switches import Switches


class State:
    """The world, its stock, orders and holds. One event loop works on it, so nothing needs a lock."""

    def __init__(self, path: str) -> None:
        self.store = Store(path)
        self.log = RequestLog()
        self._build()

    def _build(self) -> None:
        self.switches, self.clock, self.faults = Switches(), Clock(), Faults()
        self.limits = Limits(self.switches)
        self.broken: list[str] = []  # requests that were refused and changed something all the same
        self.world = World()
        self.stock = Stock(self.world, self.clock)
        changes = self.store.all("operator")
        if "scale" in changes:
            self._apply("scale", changes.pop("scale"))
        for name, body in changes.items():
            self._apply(name, body)
        self.holds = Holds(self.store, self.stock, self.clock)
        self.orders = Orders(self.store, self.stock, self.clock, self.switches, self.holds)
        self.annual, self.withdrawals = Annual(self.orders), Withdrawals(self.store)

    def operate(self, name: str, body: Any) -> None:
        """Change something as the museum's staff would, for good."""
        self._apply(name, body)
        with self.store.saving():
            self.store.put("operator", name, body)

    def _apply(self, name: str, body: Any) -> None:
        match name.split(" "):
            case ["switches"]:
                self.switches.merge(body)
                self.clock.shift = self.switches.clock_shift_s
                self.clock.frozen = self.switches.frozen_at()
                self.stock.late_entry_minutes = self.switches.late_entry_minutes
            case ["price", ticket]:
                self.world.tickets[int(ticket)] = self.world.tickets[int(ticket)].with_price(body)
            case ["hidden"]:
                self.world.hidden = set(body)
            case ["scale"] if body == "large":
                self.world.scale_large()
            case ["scale"]:
                self.world.scale(body)
            case ["left", number, start]:
                self.stock.fixed[int(number), datetime.fromisoformat(start)] = body

    def reset(self) -> None:
        """Forget every order, hold and change."""
        with self.store.saving():
            self.store.clear()
        self._build()

    def tidy(self) -> None:
        """Let expire what is past its time."""
        now = self.clock.now()
        self.holds.expire(now)
        self.orders.expire(now)
