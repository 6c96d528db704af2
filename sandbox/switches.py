"""What can be changed while the sandbox runs, and how it behaves by default."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sandbox.clock import moment

WORDS: dict[str, tuple[str, ...]] = {
    "order_mode": ("two_phase", "direct"),
    "discount_mode": ("applied", "already_in_price"),
    "item_price_mode": ("item", "unit"),
    "ticket_type_words": ("normal", "day_ticket"),
    "error_shape": ("full", "error_only", "errors_only", "array", "field_map", "html", "empty"),
    "maintenance": ("off", "json", "html"),
    "rate_limit": ("off", "on"),
}
PARTS = ("tickets", "events", "tours", "coupons", "invoices")


@dataclass
class Switches:
    """Every switch with its default. `WORDS` says which words one may take."""

    order_mode: str = "two_phase"
    draft_ttl_s: int = 1800
    discount_mode: str = "applied"
    item_price_mode: str = "item"
    ticket_type_words: str = "normal"
    error_shape: str = "full"
    barcode_delay_s: float = 0
    clock_shift_s: float = 0
    clock_frozen: str = ""  # an instant at which time stands still; the shift is not added to it
    latency_ms: float = 0
    rate_limit: str = "off"  # unlimited, so that demos and tests are not slowed down
    rate_per_minute: int = 300
    rate_burst: int = 60
    maintenance: str = "off"
    list_permission: str = "all"  # "none", or the parts of an order that may be listed: "tickets,tours"
    subticket_gap_minutes: int = -1  # below zero: as each combined ticket says
    late_entry_minutes: int = 0

    def merge(self, values: dict[str, Any]) -> None:
        """Set the named switches. ValueError for a name, a type or a word that is not one; then nothing is set."""
        known = {item.name: type(getattr(self, item.name)) for item in fields(self)}
        understood = {name: _understood(name, value, known.get(name)) for name, value in values.items()}
        for name, value in understood.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def frozen_at(self) -> datetime | None:
        return moment(self.clock_frozen)

    def may_list(self, part: str) -> bool:
        return self.list_permission == "all" or part in self.list_permission.split(",")


def _understood(name: str, value: Any, kind: type | None) -> Any:
    if kind is None:
        raise ValueError(f"no switch is called {name}")
    if kind is str and not isinstance(value, str):
        raise ValueError(f"{name} is a word")
    if name in WORDS and value not in WORDS[name]:
        raise ValueError(f"{name} is one of {', '.join(WORDS[name])}")
    if name == "clock_frozen" and value and moment(value) is None:
        raise ValueError(f"{name} is an instant with an offset")
    if name == "list_permission" and not set(value.split(",")) <= {"all", "none", *PARTS}:
        raise ValueError(f"{name} is all, none, or some of {', '.join(PARTS)}")
    return kind(value)
