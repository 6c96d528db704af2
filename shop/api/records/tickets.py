"""Records of tickets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shop.api.records.availability import QuotaDay, Slot
from shop.api.records.shared import NO_TEXT, Location, Text


class TicketType(StrEnum):
    """How a ticket is used: at a slot, on a day, or for a year."""

    TIME_SLOT = "time_slot"
    NORMAL = "normal"
    ANNUAL = "annual"


@dataclass(frozen=True, slots=True)
class SubTicket:
    """A part of a mantle ticket; `max_persons` None means no limit of its own."""

    id: int
    title: Text
    description: Text = NO_TEXT
    min_persons: int = 0
    max_persons: int | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as sold to this account.

    `price_cents` is the unit price before `discount` (per cent off the item's total); VAT is on top unless
    `tax_included`. `first_entry`, `last_entry` are minutes of the day, wall clock. `max_persons` None means
    no limit of its own. A product whose price cannot be trusted is never `bookable`.
    `sub_ticket_ids`: a combined ticket, each part has a time of its own, `sub_ticket_min_gap_minutes` apart if
    that is known. `is_mantle`: the visitor composes it of `sub_tickets`. The two are separate features.
    """

    id: int
    title: Text
    ticket_type: TicketType
    bookable: bool
    price_cents: int
    sub_title: Text = NO_TEXT
    description: Text = NO_TEXT
    museum_ids: tuple[int, ...] = ()
    exhibition_ids: tuple[int, ...] = ()
    quota_ids: tuple[int, ...] = ()
    dynamic_prices: Mapping[str, int] = field(default_factory=dict)
    discount: int = 0
    vat_bp: int = 0
    tax_included: bool = True
    first_entry: int | None = None
    last_entry: int | None = None
    entry_duration: int | None = None
    min_persons: int = 0
    max_persons: int | None = None
    personalizeable: bool = False
    attendees_required: bool = False
    identification: bool = False
    after_sale_information: Text = NO_TEXT
    location: Location | None = None
    content: Mapping[str, Text] = field(default_factory=dict)
    sub_ticket_ids: tuple[int, ...] = ()
    is_sub_ticket: bool = False
    sub_ticket_min_gap_minutes: int | None = None
    is_mantle: bool = False
    sub_tickets: tuple[SubTicket, ...] = ()
    shop_order: int = 0


@dataclass(frozen=True, slots=True)
class TicketContent:
    """The free texts of one ticket by their key."""

    id: int
    content: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TicketsAndQuotas:
    """Tickets of a day with the places of all their quotas.

    `totals`: per ticket the size of its smallest quota at each time, as `left`. Upstream may count sales in:
    tell sold out from unavailable by the quotas only.
    """

    tickets: tuple[Ticket, ...] = ()
    quotas: tuple[QuotaDay, ...] = ()
    totals: Mapping[int, tuple[Slot, ...]] = field(default_factory=dict)
