"""What could be read of an order request, and what is wrong with it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.catalogue.model import Words
from sandbox.catalogue.stock import Place, Stock
from sandbox.errors import Fault
from sandbox.switches import Switches

Json = dict[str, Any]


@dataclass(slots=True)
class Line:
    """One understood item. `facts` is what an order tells of it later, by its type."""

    index: int
    type: str
    product: int
    title: Words
    quantity: int
    cents: int
    vat: str
    at: datetime | None = None
    draws: Counter[Place] = field(default_factory=Counter)
    facts: Json = field(default_factory=dict)
    holds: list[str] = field(default_factory=list)
    seats: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Basket:
    """Lines and faults of one request."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, code: str, de: str, en: str, index: int, name: str, **meta: Any) -> None:
        """Note a fault of an attribute."""
        self.faults.append(Fault(code, de, en, f"items[{index}].attributes.{name}", index, meta))

    def spoilt(self, index: int) -> bool:
        return any(fault.item_index == index for fault in self.faults)

    def in_order(self) -> list[Fault]:
        """Faults by item; those of the whole order last."""
        return sorted(self.faults, key=lambda fault: (fault.item_index is None, fault.item_index or 0))


@dataclass(frozen=True, slots=True)
class Ask:
    """One item of a request while it is read: what it says, and what it is held against."""

    basket: Basket
    index: int
    given: Json
    stock: Stock
    switches: Switches

    def wrong(self, code: str, de: str, en: str, name: str, **meta: Any) -> None:
        """Note a fault of an attribute."""
        self.basket.wrong(code, de, en, self.index, name, **meta)

    def path(self, name: str) -> str:
        return f"items[{self.index}].attributes.{name}"

    def faulty(self, fault: Fault) -> None:
        self.basket.faults.append(fault)

    @property
    def spoilt(self) -> bool:
        return self.basket.spoilt(self.index)

    def discount(self, per_cent: int) -> int:
        """The discount that still has to be taken off."""
        return per_cent if self.switches.discount_mode == "applied" else 0
