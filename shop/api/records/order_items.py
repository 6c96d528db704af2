"""Records of the items of an order, as the ticket system answers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shop.api.records.attendees import Attendee
from shop.api.records.shared import Location


@dataclass(frozen=True, slots=True)
class Barcode:
    """One admission. `barcode` is opaque text and lets in whoever shows it; `method` names no symbology."""

    id: int | None
    barcode: str = field(repr=False)
    method: str = ""
    passbook_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of an event item are at one scale price (None: upstream does not say which)."""

    scale_price_id: int | None
    quantity: int
    title: str = ""
    price_cents: int | None = None


@dataclass(frozen=True, slots=True)
class BookedSeat:
    """One seat of a seating plan. Its barcode is "" before the order is finalized."""

    seat_id: int
    scale_price_id: int | None = None
    barcode: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of what a tour costs. `total_cents` is `quantity` times `price_cents` as upstream counts it."""

    title: str
    quantity: int
    price_cents: int
    total_cents: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class SubTicketSale:
    """One part of a combined ticket."""

    id: int
    title: str = ""
    quantity: int = 0
    start_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One item of an order. `attributes_id` is the sale (or booking) id that documents need.

    `price_cents` is for display only: never add items up, the order knows its total.
    `quantity` counts units or persons, however upstream spells them. Which of the other fields are filled depends
    on `type`. `raw` is the item as answered (decimal numbers as strings), for kinds this shop does not know.
    """

    id: int | None
    type: str
    price_cents: int
    vat_bp: int | None = None
    canceled_at: datetime | None = None
    attributes_id: int | None = None
    ticket_id: int | None = None
    event_id: int | None = None
    date_id: int | None = None
    tour_id: int | None = None
    title: str = ""
    quantity: int = 0
    start_time: datetime | None = None
    location: Location | None = None
    barcodes: tuple[Barcode, ...] = ()
    after_sale_information: str = ""
    attendees: tuple[Attendee, ...] = ()
    sub_ticket_times: Mapping[int, datetime] = field(default_factory=dict)
    sub_ticket_sales: tuple[SubTicketSale, ...] = ()
    has_passbooks: bool = False
    ical_url: str | None = field(default=None, repr=False)
    shares: tuple[Share, ...] = ()
    seats: tuple[BookedSeat, ...] = ()
    language: str = ""
    age_group: str = ""
    prices: tuple[PriceLine, ...] = ()
    equipment: Mapping[int, int] = field(default_factory=dict)
    codes: tuple[str, ...] = field(default=(), repr=False)
    value_cents: int | None = None
    raw: Mapping[str, object] = field(default_factory=dict, repr=False)
