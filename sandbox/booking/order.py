"""The records of an order and its items, as they are stored."""

from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.catalogue.model import Words

CREATED, FINALIZED, CANCELLED, EXPIRED = "created", "finalized", "cancelled", "expired"
Json = dict[str, Any]


@dataclass(slots=True)
class Item:
    """A sold item. `sale_id` is the ticket sale or booking; `facts` is what is told by its type."""

    id: int
    sale_id: int
    type: str
    product: int
    title: Words
    quantity: int
    time: str | None
    cents: int
    vat: str
    facts: Json
    draws: list[tuple[int, str, int]]
    seats: list[int] = field(default_factory=list)
    barcodes: list[Json] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    redeemed: list[str] = field(default_factory=list)
    canceled_at: str | None = None

    @property
    def active(self) -> bool:
        return self.canceled_at is None


@dataclass(slots=True)
class Order:
    """An order. `credit` is what redeemed vouchers pay of it, in cents by code."""

    token: str
    account: str
    reference: str | None
    comment: str | None
    created_at: str
    expires_at: str | None
    items: list[Item]
    credit: dict[str, int] = field(default_factory=dict)
    status: str = CREATED
    id: int | None = None
    customer: Json | None = None
    payment: Json | None = None
    completed: bool = False
    rating: int | None = None
    canceled_at: str | None = None
    finalized_at: str | None = None

    @property
    def total(self) -> int:
        """Gross cents of the active items, less what vouchers paid."""
        items = sum(item.cents for item in self.active_items())
        return items - min(items, sum(self.credit.values()))

    @property
    def is_valid(self) -> bool:
        return self.status == FINALIZED

    def active_items(self) -> list[Item]:
        return [item for item in self.items if item.active]


def stored(order: Order) -> Json:
    return asdict(order)


def restored(body: Json) -> Order:
    return Order(**{**body, "items": [Item(**item) for item in body["items"]]})
