"""The items of an order to be created, one record per type: strict, checked when built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shop.api.records.attendees import Attendee
from shop.api.records.checking import (
    by_text,
    require,
    require_count,
    require_counts,
    require_id,
    require_one_of,
    require_words,
)

NO_COUNTS: Mapping[int, int] = {}
NO_TIMES: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class TicketItem:
    """`quantity` units of one ticket. `time` is the slot key as upstream spelled it; None for annual tickets.

    `reservations`: tokens of own holds to be used up. `sub_ticket_times`: slot key by sub ticket id, one for
    each sub ticket of a combined ticket.
    """

    id: int
    quantity: int
    time: str | None = None
    attendees: tuple[Attendee, ...] = ()
    reservations: tuple[str, ...] = field(default=(), repr=False)
    sub_ticket_times: Mapping[int, str] = field(default_factory=lambda: NO_TIMES)

    def __post_init__(self) -> None:
        require_id(self.id, "a ticket")
        require_count(self.quantity)
        require(len(self.attendees) in {0, self.quantity}, "a ticket has one attendee per unit, or none")
        _require_names(self.attendees)
        require_words(self.reservations, "a token of a hold is not empty")
        for sub_ticket_id in self.sub_ticket_times:
            require_id(sub_ticket_id, "a sub ticket")
        require_words(self.sub_ticket_times.values(), "a time of a sub ticket is not empty")

    def as_json(self) -> dict[str, object]:
        """The item as upstream wants it."""
        attributes: dict[str, object] = {"id": self.id, "quantity": self.quantity}
        if self.time is not None:
            attributes["time"] = self.time
        if self.reservations:
            attributes["reservations"] = list(self.reservations)
        attributes |= _attendees(self.attendees)
        if self.sub_ticket_times:
            attributes["sub_ticket_times"] = by_text(self.sub_ticket_times)
        return {"type": "Ticket", "attributes": attributes}


@dataclass(frozen=True, slots=True)
class ChosenSeat:
    """One seat of a seating plan and the scale price it is sold at; None where the date has a single price."""

    seat_id: int
    scale_price_id: int | None = None

    def __post_init__(self) -> None:
        require_id(self.seat_id, "a seat")
        if self.scale_price_id is not None:
            require_id(self.scale_price_id, "a scale price")

    def as_json(self) -> dict[str, int]:
        """The seat as upstream wants it."""
        if self.scale_price_id is None:
            return {"seat_id": self.seat_id}
        return {"seat_id": self.seat_id, "scale_price_id": self.scale_price_id}


@dataclass(frozen=True, slots=True)
class EventItem:
    """Places on one event date. `id` is the id of the *date*, never that of the event.

    Exactly one of `quantity` (single price), `quantities` (persons by scale price id) and `seats`.
    """

    id: int
    quantity: int | None = None
    quantities: Mapping[int, int] = field(default_factory=lambda: NO_COUNTS)
    seats: tuple[ChosenSeat, ...] = ()
    attendees: tuple[Attendee, ...] = ()

    def __post_init__(self) -> None:
        require_id(self.id, "an event date")
        given = [self.quantity is not None, bool(self.quantities), bool(self.seats)]
        require_one_of(given, "an event item has either a quantity, quantities or seats")
        _require_participants(self.quantity, self.quantities)
        chosen = {seat.seat_id for seat in self.seats}
        require(len(chosen) == len(self.seats), "a seat is chosen only once")
        _require_names(self.attendees)

    def as_json(self) -> dict[str, object]:
        """The item as upstream wants it."""
        attributes: dict[str, object] = {"id": self.id}
        if self.seats:
            attributes["seats"] = [seat.as_json() for seat in self.seats]
        else:
            attributes |= _participants(self.quantity, self.quantities)
        return {"type": "Event", "attributes": attributes | _attendees(self.attendees)}


@dataclass(frozen=True, slots=True)
class TourItem:
    """A guided tour for one group, starting at `start_time` as upstream spelled it.

    Exactly one of `quantity` (participants) and `quantities` (participants by scale price id). `surcharges`:
    quantity by surcharge id; None if the tour has none at all, an empty map if none of them was chosen.
    `equipment`: quantity by equipment id.
    """

    id: int
    start_time: str
    language_id: int
    age_group_id: int | None = None
    quantity: int | None = None
    quantities: Mapping[int, int] = field(default_factory=lambda: NO_COUNTS)
    surcharges: Mapping[int, int] | None = None
    equipment: Mapping[int, int] = field(default_factory=lambda: NO_COUNTS)
    grade_id: int | None = None
    attendees: tuple[Attendee, ...] = ()

    def __post_init__(self) -> None:
        require_id(self.id, "a tour")
        require_id(self.language_id, "a language")
        require_words([self.start_time], "a tour has a start time")
        for value, what in ((self.age_group_id, "an age group"), (self.grade_id, "a grade")):
            if value is not None:
                require_id(value, what)
        given = [self.quantity is not None, bool(self.quantities)]
        require_one_of(given, "a tour item has either a quantity or quantities")
        _require_participants(self.quantity, self.quantities)
        require_counts(self.surcharges or {}, "a surcharge")
        require_counts(self.equipment, "an equipment")
        _require_names(self.attendees)

    def as_json(self) -> dict[str, object]:
        """The item as upstream wants it."""
        attributes: dict[str, object] = {
            "id": self.id,
            "start_time": self.start_time,
            "language_id": self.language_id,
        }
        if self.age_group_id is not None:
            attributes["age_group_id"] = self.age_group_id
        attributes |= _participants(self.quantity, self.quantities)
        if self.surcharges is not None:
            attributes["surcharges"] = by_text(self.surcharges)
        if self.equipment:
            attributes["equipment"] = [{"id": key, "quantity": n} for key, n in self.equipment.items()]
        if self.grade_id is not None:
            attributes["grade_id"] = self.grade_id
        return {"type": "Tour", "attributes": attributes | _attendees(self.attendees)}


@dataclass(frozen=True, slots=True)
class CouponItem:
    """`quantity` vouchers of one kind."""

    id: int
    quantity: int

    def __post_init__(self) -> None:
        require_id(self.id, "a coupon")
        require_count(self.quantity)

    def as_json(self) -> dict[str, object]:
        """The item as upstream wants it."""
        return {"type": "Coupon", "attributes": {"id": self.id, "quantity": self.quantity}}


AnyItem = TicketItem | EventItem | TourItem | CouponItem


def _attendees(people: Sequence[Attendee]) -> dict[str, object]:
    return {"attendees": [person.as_json() for person in people]} if people else {}


def _require_names(people: Sequence[Attendee]) -> None:
    for person in people:
        require_words([person.name, person.surname], "an attendee has both names")


def _require_participants(quantity: int | None, quantities: Mapping[int, int]) -> None:
    if quantity is not None:
        require_count(quantity)
    require_counts(quantities, "a scale price")


def _participants(quantity: int | None, quantities: Mapping[int, int]) -> dict[str, object]:
    return {"quantities": by_text(quantities)} if quantity is None else {"quantity": quantity}
