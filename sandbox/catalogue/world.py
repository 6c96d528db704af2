"""Builds the catalogue from the data of the invented city."""

from sandbox.catalogue.calendar import Calendar
from sandbox.catalogue.model import Coupon, Equipment, Event, Merchandise, Quota, SeatPlan, Tag, Ticket, Tour
from sandbox.data import large
from sandbox.data.events import EVENTS, PLANS
from sandbox.data.goods import COUPONS, MERCHANDISES
from sandbox.data.houses import HOUSES, House
from sandbox.data.offers import AFTER_SALE, FAMILIES, Family, Kind
from sandbox.data.reference import TAGS
from sandbox.data.shows import SHOWS, Show
from sandbox.data.tours import EQUIPMENT, TOURS

LAST_ENTRY_BEFORE_CLOSING = 60


class World(Calendar):
    """Everything that is offered, by id; prices and visibility can be changed by the operator."""

    def __init__(self) -> None:
        self.houses: dict[int, House] = {house.id: house for house in HOUSES}
        self.shows: dict[int, Show] = {show.id: show for show in SHOWS}
        self.tickets: dict[int, Ticket] = {}
        self.quotas: dict[int, Quota] = {}
        self.tags: dict[str, dict[int, Tag]] = {
            kind: {tag.id: tag for tag in found} for kind, found in TAGS.items()
        }
        self.plans: dict[int, SeatPlan] = {plan.id: plan for plan in PLANS}
        self.events: dict[int, Event] = {event.id: event for event in EVENTS}
        self.equipment: dict[int, Equipment] = {piece.id: piece for piece in EQUIPMENT}
        self.tours: dict[int, Tour] = {tour.id: tour for tour in TOURS}
        self.coupons: dict[int, Coupon] = {coupon.id: coupon for coupon in COUPONS}
        self.merchandises: dict[int, Merchandise] = {article.id: article for article in MERCHANDISES}
        self.hidden: set[int] = set()
        self.by_day = {}
        for family in FAMILIES:
            self._add(family)

    def offered(self) -> list[Ticket]:
        """Every ticket that a list may tell without being asked for its id."""
        return [one for one in self.tickets.values() if one.id not in self.hidden and not one.is_sub]

    def named(self, ids: set[int]) -> list[Ticket]:
        """The tickets with these ids that exist, by id."""
        return [self.tickets[number] for number in sorted(ids - self.hidden) if number in self.tickets]

    def languages_of(self, tour: Tour) -> tuple[int, ...]:
        """What a tour may be ordered in; one that lists no language is held in any there is."""
        return tour.tags["languages"] or tuple(self.tags["languages"])

    def houses_of(self, ticket: Ticket) -> tuple[int, ...]:
        """Where a ticket admits to; a combined one to the museums of its parts."""
        if not ticket.subs:
            return (ticket.house,)
        parts = (self.tickets[number].house for number in ticket.subs)
        return tuple(dict.fromkeys((ticket.house, *parts)))

    def scale(self, count: int) -> None:
        """Add `count` synthetic tickets, each with a quota of its own."""
        for family in large.families(count):
            self._add(family)

    def scale_large(self) -> None:
        """Add 5,000 tickets, 2,000 events with some 20,000 dates a year, and 400 exhibitions."""
        self.scale(large.TICKETS)
        self.shows |= {show.id: show for show in large.shows()}
        self.events |= {event.id: event for event in large.events(self.houses)}
        self.by_day.clear()

    def _add(self, family: Family) -> None:
        for order, kind in enumerate(family.kinds):
            self.tickets[kind.id] = self._ticket(family, kind, order)
        self._add_quota(family, family.quota, tuple(kind.id for kind in family.kinds), family.seats)
        self._add_quota(family, family.narrow_quota, family.narrow, family.narrow_seats)

    def _add_quota(self, family: Family, number: int | None, tickets: tuple[int, ...], seats: int) -> None:
        if number is not None:
            house = self.houses[family.house]
            first, last, late = _entry(house)
            self.quotas[number] = Quota(number, family.house, tickets, seats, first, last, family.step, late)

    def _ticket(self, family: Family, kind: Kind, order: int) -> Ticket:
        first, last, late = _entry(self.houses[family.house])
        narrow = (family.narrow_quota,) if family.narrow_quota and kind.id in family.narrow else ()
        wide = () if family.quota is None else (family.quota,)
        usual_type = {"ticket_type": "normal" if family.step is None else "time_slot"}
        extra = {**usual_type, **family.shared, **kind.extra}
        return Ticket(
            id=kind.id,
            title={code: f"{family.title[code]} – {kind.name[code]}" for code in ("de", "en")},
            sub_title=kind.note,
            description={},
            house=family.house,
            shows=family.shows,
            quotas=(*wide, *narrow),
            price_cents=kind.cents,
            vat=family.vat,
            first_entry=first,
            last_entry=last,
            entry_duration=family.step,
            late=late,
            shop_order=order,
            after_sale=AFTER_SALE,
            **extra,  # type: ignore[arg-type]
        )


def _entry(house: House) -> tuple[int, int, tuple[int, int] | None]:
    """First and last entry of a house, and the weekday with a later last entry."""
    late = (house.late[0], house.late[1] - LAST_ENTRY_BEFORE_CLOSING) if house.late else None
    return house.opens, house.closes - LAST_ENTRY_BEFORE_CLOSING, late
