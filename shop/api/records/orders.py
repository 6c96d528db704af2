"""Records of orders as the ticket system answers them."""

from dataclasses import dataclass, field
from datetime import datetime

from shop.api.records.order_items import OrderItem

FINAL_WORDS = frozenset({"finalized", "completed"})
OPEN_WORDS = frozenset({"created", "draft", "open", "expired", "cancelled"})
CANCELLED_WORDS = frozenset({"cancelled", "canceled"})


@dataclass(frozen=True, slots=True)
class OrderCustomer:
    """Whom the ticket system has written down as the buyer."""

    id: int | None
    foreign_id: str | None = None
    name: str = field(default="", repr=False)
    surname: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Order:
    """An order. `token` is a secret like a password; `id` is None while it is a draft."""

    id: int | None
    token: str = field(repr=False)
    status: str
    is_valid: bool
    completed: bool | None
    total_cents: int
    reference: str | None = None
    invoice: bool = False
    created_at: datetime | None = None
    expires_at: datetime | None = None
    canceled_at: datetime | None = None
    payment_id: str | None = None
    comment: str | None = None
    rating: int | None = None
    source: str | None = None
    customer: OrderCustomer | None = None
    payment_status: int | None = None
    billing_address_id: int | None = None
    items: tuple[OrderItem, ...] = ()

    def is_finalized(self) -> bool:
        """Was this order closed for good? Says nothing about whether it was cancelled later."""
        if self.completed is not None:
            return self.completed
        if self.status in FINAL_WORDS | OPEN_WORDS:
            return self.status in FINAL_WORDS
        tickets = [item for item in self.items if item.type == "Ticket" and item.canceled_at is None]
        if tickets:
            return all(item.barcodes for item in tickets)
        return self.id is not None and self.is_valid

    def is_cancelled(self) -> bool:
        """Is the whole order cancelled?"""
        if self.canceled_at is not None or self.status in CANCELLED_WORDS:
            return True
        all_gone = bool(self.items) and all(item.canceled_at for item in self.items)
        return all_gone and not self.is_valid

    def is_expired(self) -> bool:
        """Did the draft run out before it was finalized?"""
        return self.status == "expired"


@dataclass(frozen=True, slots=True)
class OrderMeta:
    """What upstream adds to a created order. A payment address is unexpected for a reseller."""

    status: str = ""
    payment_url: str | None = None
    has_payment_data: bool = False

    def is_unexpected(self) -> bool:
        """Did upstream refuse in words, or ask for a payment of its own? Then the draft must be cancelled."""
        return self.status == "fail" or self.payment_url is not None or self.has_payment_data


@dataclass(frozen=True, slots=True)
class OrderCreated:
    """Answer to the creation of an order."""

    order: Order
    meta: OrderMeta


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice of an order. `url` may open it without a key: treat it like the order's token."""

    id: int
    number: str = ""
    created_at: datetime | None = None
    total_cents: int | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Hold:
    """Places kept back for a short while. No guarantee; `token` is needed to prolong it, to use it or to let go."""

    token: str = field(repr=False)
    quantity: int
    valid_until: datetime
    ticket_id: int | None = None
    start_at: datetime | None = None
