"""Records of the dates of events: seats, seating plans, prices."""

from dataclasses import dataclass
from datetime import datetime

from shop.api.records.offers import Price
from shop.api.records.shared import NO_TEXT, Location, Named, Text


@dataclass(frozen=True, slots=True)
class Seats:
    """Seats of a date: smallest booking, size of the room, free for us now, most per order.

    None where upstream tells no number. With `overbook` the date may be sold beyond `available`.
    """

    min: int = 0
    max: int | None = None
    booked: int | None = None
    available: int | None = None
    max_per_registration: int | None = None
    overbook: bool = False


@dataclass(frozen=True, slots=True)
class SeatCategory:
    """Seats of one price. `color_code` is #rgb or #rrggbb, or empty."""

    id: int
    title: Text = NO_TEXT
    description: Text = NO_TEXT
    color_code: str = ""


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A row of seats."""

    id: int
    title: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class SeatType:
    """A kind of seat, such as a place for a wheelchair."""

    id: int
    title: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat by its row, category and type."""

    id: int
    row_id: int | None = None
    category_id: int | None = None
    type_id: int | None = None
    title: Text = NO_TEXT
    description: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Seating:
    """A seating plan. `blocked_seats` cannot be sold now, whether sold, held or blocked.

    `visual_url` is absolute; `visual_id` is the number in it by which `Events.seating_visual` finds the drawing.
    """

    seats: tuple[Seat, ...] = ()
    blocked_seats: frozenset[int] = frozenset()
    categories: tuple[SeatCategory, ...] = ()
    rows: tuple[SeatRow, ...] = ()
    types: tuple[SeatType, ...] = ()
    visual_url: str | None = None
    visual_id: int | None = None


@dataclass(frozen=True, slots=True)
class EventDate:
    """A date of an event; its own `id` goes into an order. `duration` is in minutes.

    `description`, `location`, `seatings` and the terms of its prices come with the single record only.
    `discount` is per cent off the item's total; VAT is on top unless `tax_included`.
    A date whose prices cannot be trusted is never `bookable`.
    """

    id: int
    event_id: int
    start_time: datetime
    title: Text = NO_TEXT
    sub_title: Text = NO_TEXT
    description: Text = NO_TEXT
    event_title: Text = NO_TEXT
    event_sub_title: Text = NO_TEXT
    exhibition_id: int | None = None
    museum_id: int | None = None
    category: Named | None = None
    language: Named | None = None
    bookable: bool = False
    registerable: bool = False
    registration_url: str | None = None
    duration: int | None = None
    seats: Seats | None = None
    prices: tuple[Price, ...] = ()
    discount: int = 0
    vat_bp: int = 0
    tax_included: bool = True
    location: Location | None = None
    seatings: tuple[Seating, ...] = ()
