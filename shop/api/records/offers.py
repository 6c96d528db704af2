"""Records of what is led by somebody: events with fixed dates, tours at the visitor's choice, their prices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shop.api.records.shared import NO_TEXT, Location, Named, Picture, Text


@dataclass(frozen=True, slots=True)
class Offer:
    """What events and tours have in common. `description` and `content` come with the single record only.

    `registration_url`: where accounts that may do so register people instead of booking.
    """

    id: int
    title: Text
    sub_title: Text = NO_TEXT
    description: Text = NO_TEXT
    exhibition_id: int | None = None
    museum_id: int | None = None
    featured: bool = False
    bookable: bool = False
    registerable: bool = False
    registration_url: str | None = None
    category: Named | None = None
    picture: Picture | None = None
    location: Location | None = None
    languages: tuple[Named, ...] = ()
    age_groups: tuple[Named, ...] = ()
    audiences: tuple[Named, ...] = ()
    catch_words: tuple[Named, ...] = ()
    disablements: tuple[Named, ...] = ()
    grades: tuple[Named, ...] = ()
    proposal_categories: tuple[Named, ...] = ()
    content: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event(Offer):
    """An event; what is sold are its dates. `ticket_ids`: admission tickets that go with it."""

    ticket_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Equipment:
    """Something that can be booked with a tour."""

    id: int
    title: Text = NO_TEXT
    description: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Tour(Offer):
    """A tour. A list tells only whether there is equipment, the single record also which.

    `depends_on_language`: start times are other ones in another language. `duration` is in minutes.
    """

    has_equipment: bool = False
    equipment: tuple[Equipment, ...] = ()
    depends_on_language: bool = False
    duration: int | None = None
    min_participants: int | None = None
    max_participants: int | None = None


class PriceKind(StrEnum):
    """What a price is told by: FLAT has no id (default or by type of customer), the others have one."""

    FLAT = "flat"
    SCALE = "scale"
    SURCHARGE = "surcharge"


@dataclass(frozen=True, slots=True)
class Price:
    """A price of an event date or a tour, before discount.

    `group`: once for the whole group, else per participant. `vat_bp` None means that of the product.
    """

    price_cents: int
    group: bool = False
    optional: bool = False
    scale_price_id: int | None = None
    price_surcharge_id: int | None = None
    vat_bp: int | None = None
    title: Text = NO_TEXT
    description: Text = NO_TEXT
    seat_category_id: int | None = None
    seat_category_title: Text = NO_TEXT

    @property
    def kind(self) -> PriceKind:
        """What this price is, by the id it carries."""
        if self.price_surcharge_id is not None:
            return PriceKind.SURCHARGE
        return PriceKind.FLAT if self.scale_price_id is None else PriceKind.SCALE


@dataclass(frozen=True, slots=True)
class TourPrices:
    """Prices of a tour for one date, time, language and number of participants; they hold for nothing else.

    A tour whose prices cannot be trusted is never `bookable`.
    """

    bookable: bool
    prices: tuple[Price, ...] = ()
    discount: int = 0
    vat_bp: int = 0
    tax_included: bool = True


@dataclass(frozen=True, slots=True)
class StartTime:
    """When a tour may start. `key` is upstream's own spelling, to be sent back unchanged; compare by `at`.

    Participants are told for a single day only.
    """

    key: str
    at: datetime
    min_participants: int = 0
    max_participants: int | None = None
    bookable_participants: int | None = None
