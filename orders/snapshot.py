"""What checkout hands over when an order is placed: a copy that outlives every sync of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Attendee:
    given_name: str
    family_name: str


@dataclass(frozen=True, slots=True)
class Buyer:
    given_name: str
    family_name: str
    email: str
    company: str = ""
    street: str = ""
    zip_code: str = ""
    city: str = ""
    country: str = ""
    region: str = ""
    vat_id: str = ""


@dataclass(frozen=True, slots=True)
class LineSnapshot:
    """One order item. Money in gross integer cents; `payload` is the item exactly as sent to the ticket system.

    `kind` is one of `OrderItem.Kind`, `product_id` what is sold upstream (of an event, its date). `slot_at` None: it
    has no time. `vat_bp` None: several rates, told by `charges` as rows of {"title", "number", "unit_cents", "vat_bp",
    "cents"} whose cents add up to `total_cents`. `details` are plain words: language, equipment, and last
    the seats in the order of the payload. `parts`: the
    entries of a combined ticket, {"title", "museum", "address", "at", "minutes"}. `choice` is the checkout's own, for
    ordering the same again.
    """

    product_id: int
    title: str
    visitor: str
    museum: str
    address: str
    slot_key: str
    slot_at: datetime | None
    slot_minutes: int | None
    whole_day: bool
    quantity: int
    unit_cents: int
    total_cents: int
    vat_bp: int | None
    discount: int
    after_sale: str
    attendees: tuple[Attendee, ...]
    payload: Mapping[str, Any]
    kind: str = "ticket"
    details: tuple[str, ...] = ()
    parts: tuple[Mapping[str, Any], ...] = ()
    charges: tuple[Mapping[str, Any], ...] = ()
    choice: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextSnapshot:
    """A text the order is placed under. `version` is the seller's, None for what has none; `body` is sanitised HTML."""

    name: str
    title: str
    version: int | None
    sha256: str
    body: str


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """`key` names the agreed basket content: placing the same key twice gives the same order, never a second one."""

    key: str
    language: str
    buyer: Buyer
    payment_method: str
    currency: str
    total_cents: int
    lines: tuple[LineSnapshot, ...]
    consent: str
    texts: tuple[TextSnapshot, ...] = ()
