"""Where each kind of record is kept: its model, its columns, and how upstream's number becomes the row's id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from django.db.models import QuerySet

from catalog.models import Coupon, Event, EventDate, Exhibition, Kept, Museum, Term, Ticket, Tour
from catalog.programme_values import term_id

TEXTS = ("titles", "sub_titles", "descriptions")
PLACE = ("place_name", "street", "zip_code", "city", "country", "latitude", "longitude")
TICKET = (
    "ticket_type bookable quota_ids price_cents dynamic_prices discount vat_bp tax_included shop_order "
    "first_entry last_entry entry_duration min_persons max_persons attendees_required personalizeable "
    "identification after_sale sub_ticket_ids is_sub_ticket min_gap_minutes is_mantle parts contents "
    "visitor_kind"
)
SALE = ("bookable", "registerable", "registration_url")
OFFER = (*TEXTS, *PLACE, *SALE, "featured", "contents")
TOUR = "has_equipment equipment depends_on_language duration min_participants max_participants"
DATE = "titles sub_titles start_time duration price_from min_seats max_seats seats_per_order overbook"
HOUSES = {"museum": "museum_id", "exhibition": "exhibition_id"}
OFFER_REFERENCES = {**HOUSES, "category": "category_id", "picture": "picture_id"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one kind of record is kept. `links` are many-to-many fields; `references` maps a value to its column.

    A shelf with a `kind` is one of the small lists that share a table.
    """

    model: type[Kept]
    columns: tuple[str, ...]
    references: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    kind: str = ""

    def rows(self) -> QuerySet[Kept]:
        """Everything on this shelf."""
        if self.kind:
            return cast(QuerySet[Kept], Term.objects.filter(kind=self.kind))
        return self.model._default_manager.all()

    def keys(self, numbers: Iterable[int]) -> list[int | str]:
        """The ids of the rows with these numbers upstream."""
        return [term_id(self.kind, number) if self.kind else number for number in numbers]

    def number(self, row: Kept) -> int:
        """Upstream's number of a row."""
        return cast(Term, row).remote_id if self.kind else cast(int, row.pk)

    @property
    def number_column(self) -> str:
        """Where upstream's number is found."""
        return "remote_id" if self.kind else "id"

    def identity(self, number: int) -> dict[str, object]:
        """What makes a new row that of a number."""
        if not self.kind:
            return {"id": number}
        return {"id": term_id(self.kind, number), "kind": self.kind, "remote_id": number}


MUSEUMS = Shelf(Museum, (*TEXTS, *PLACE), {"picture": "picture_id"})
EXHIBITIONS = Shelf(
    Exhibition,
    (*TEXTS, *PLACE, "teasers", "featured", "time_frames", "starts_on", "ends_on"),
    {"picture": "picture_id", "museum": "museum_id"},
)
TICKETS = Shelf(Ticket, (*TEXTS, *PLACE, *TICKET.split()), links=("museums", "exhibitions"))
EVENTS = Shelf(Event, (*OFFER, "ticket_ids"), OFFER_REFERENCES, ("tags",))
TOURS = Shelf(Tour, (*OFFER, *TOUR.split()), OFFER_REFERENCES, ("tags",))
DATES = Shelf(
    EventDate,
    (*SALE, *DATE.split()),
    {**HOUSES, "event": "event_id", "category": "category_id", "language": "language_id"},
)
COUPONS = Shelf(
    Coupon, ("titles", "descriptions", "price_cents", "value_cents", "vat_bp", "shipped_with", "contents")
)
# In the order in which they are written: what others refer to comes first.
SHELVES = {
    "museums": MUSEUMS,
    "exhibitions": EXHIBITIONS,
    "tickets": TICKETS,
    **{kind: Shelf(Term, ("titles", "code", "country_id"), kind=kind) for kind in Term.Kind.values},
    "events": EVENTS,
    "dates": DATES,
    "tours": TOURS,
    "coupons": COUPONS,
}
