"""A visitor's choice on a ticket page: what it costs and whether it can be had. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import availability
from catalog.availability import DayAvailability, NotKnown
from catalog.families import shop_order
from catalog.models import Ticket
from catalog.naming import split_titles
from catalog.slots import Draw, SlotState, free_for
from checkout import holds, limits, places
from checkout.items import ticket_cents
from checkout.models import BasketLine, Hold
from checkout.pledging import NotHad, refusal
from checkout.pricing import HIGHEST_COUNT, Taxed, taxes
from checkout.problems import Refused
from shop.dates import clock, short_day


@dataclass(frozen=True, slots=True)
class Wanted:
    """A choice. `party`: ticket id to number, without zeros; `garbled`: a number could not be read."""

    family: Sequence[Ticket]
    key: str
    party: Mapping[int, int]
    garbled: bool = False

    def named(self) -> list[tuple[Ticket, str, int]]:
        """The kinds somebody is wanted for: ticket, name of the kind, number."""
        names = split_titles([ticket.title for ticket in self.family])[1]
        kinds = zip(self.family, names, strict=True)
        return [(ticket, name, self.party[ticket.pk]) for ticket, name in kinds if ticket.pk in self.party]


@dataclass(frozen=True, slots=True)
class Offer:
    """What the ticket system offers at the chosen time. `room` knows the other lines' tickets of that day too."""

    slot: SlotState
    room: DayAvailability


@dataclass(frozen=True, slots=True)
class QuotedLine:
    name: str
    quantity: int
    cents: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What a choice would cost, and why it cannot be had if it cannot."""

    lines: tuple[QuotedLine, ...]
    total_cents: int
    taxes: tuple[Taxed, ...]
    problems: tuple[str, ...]


def quote(*, lines: Sequence[BasketLine], wanted: Wanted, own: Sequence[Hold] = ()) -> Quote:
    """Say what the choice costs and whether it fits beside what is in the basket, whose holds are `own`."""
    key = wanted.key
    problems: tuple[str, ...] = ()
    if wanted.party or wanted.garbled:
        try:
            offer = look_up(wanted, lines, own)
            key = offer.slot.key
            problems = tuple(problems_of(wanted, offer, lines))
        except Refused as refusal:
            problems = refusal.problems
    costs = [
        (ticket, QuotedLine(name, number, ticket_cents(ticket, key, number)))
        for ticket, name, number in wanted.named()
        if number <= HIGHEST_COUNT
    ]
    return Quote(
        lines=tuple(line for _ticket, line in costs),
        total_cents=sum(line.cents for _ticket, line in costs),
        taxes=taxes((line.cents, ticket.vat_bp) for ticket, line in costs),
        problems=problems,
    )


def look_up(
    wanted: Wanted, lines: Iterable[BasketLine], own: Sequence[Hold] = (), *, fresh: float | None = None
) -> Offer:
    """Ask the ticket system about the chosen time. Raises Refused when there is nothing to choose from.

    Places held by `own` are free to whom they belong. `fresh`: how old the answer may be, see `availability.stock`.
    """
    if not wanted.family:
        raise Refused(_("This ticket is no longer on sale."))
    if wanted.garbled:
        raise Refused(_("Please enter the number of people as a whole number."))
    if not wanted.party:
        raise Refused(_("Please choose how many people are coming."))
    if not wanted.key:
        raise Refused(_("Please choose a day and a time."))
    on = places.day_of(wanted.key)
    if on is None:
        raise Refused(_not_offered())
    try:
        alone = holds.with_own(availability.day(wanted.family, on, fresh=fresh), own)
        slot = alone.slot(wanted.key)
        if slot is None or not slot.bookable:
            raise Refused(_not_offered())
        together = _room(wanted, lines, on, fresh)
        return Offer(slot, holds.with_own(together, own) if together else alone)
    except NotKnown as error:
        raise Refused(
            _(
                "The museums’ ticket system does not answer, so we cannot check the places. Please try again shortly."
            )
        ) from error


def problems_of(wanted: Wanted, offer: Offer, lines: Sequence[BasketLine]) -> list[str]:
    """Return everything that stands against the choice beside these lines, in sentences. Asks nobody."""
    own = {line.ticket_id for line in lines if line.slot_key == offer.slot.key}
    if len(lines) + len(wanted.party.keys() - own) > limits.MOST_LINES:
        return [_("The basket is full. Please order what is in it first.")]
    already = limits.totals((line.ticket_id, line.quantity) for line in lines)
    named = wanted.named()
    found = [
        problem
        for ticket, name, number in named
        if (problem := limits.kind_problem(ticket, name, number + already.get(ticket.pk, 0)))
    ]
    found += [_not_for(name) for ticket, name, _number in named if ticket.pk not in offer.slot.per_ticket]
    people = [(line.ticket, line.quantity) for line in lines]
    if too_many := limits.names_problem([*people, *((ticket, number) for ticket, _name, number in named)]):
        found.append(too_many)
    return found or _crowded(wanted, offer, lines)


def had_by_others(wanted: Wanted, slot: SlotState, error: NotHad) -> list[str]:
    """Why places could not be held that seemed free, and the nearest times with room for everybody."""
    name = next((name for ticket, name, _number in wanted.named() if ticket.pk == error.ticket_id), "")
    told = [refusal(error, name)]
    try:
        availability.day(
            wanted.family, timezone.localtime(slot.at).date(), fresh=0
        )  # others are told the truth
        found = availability.nearest(wanted.family, wanted.party, slot.at)
    except NotKnown:
        return told
    if found:
        language = get_language() or settings.LANGUAGE_CODE
        times = "; ".join(_when(one, language) for one in found)
        told.append(_("There is room for all of you: %(times)s.") % {"times": times})
    return told


def _when(slot: SlotState, language: str) -> str:
    day = short_day(timezone.localtime(slot.at).date(), language)
    return day if slot.whole_day else f"{day}, {clock(slot.at, language)}"


def _crowded(wanted: Wanted, offer: Offer, lines: Sequence[BasketLine]) -> list[str]:
    """The whole party must fit together, beside what the basket already takes."""
    taken = places.draws(lines, offer.slot.at)
    seated = 0
    for ticket_id, number in wanted.party.items():
        left = free_for(offer.room.quota_days, ticket_id, offer.slot.key, taken)
        if left < number:
            return [limits.too_few_places(sum(wanted.party.values()), seated + left)]
        taken.append(Draw(ticket_id, offer.slot.key, number))
        seated += number
    return []


def _room(
    wanted: Wanted, lines: Iterable[BasketLine], on: date, fresh: float | None
) -> DayAvailability | None:
    """Places of the day with the tickets of other visits counted; None when there are none but the family's."""
    own = {ticket.pk: ticket for ticket in wanted.family}
    others = {line.ticket_id for line in lines if places.day_of(line.slot_key) == on} - own.keys()
    beside = {ticket.pk: ticket for kin in places.families(others).values() for ticket in kin}
    if beside.keys() <= own.keys():
        return None
    return availability.day(sorted((own | beside).values(), key=shop_order), on, fresh=fresh)


def _not_offered() -> str:
    return _("This time cannot be booked any more. Please choose another one.")


def _not_for(name: str) -> str:
    return _("%(kind)s: not offered at this time.") % {"kind": name}
