"""Places on a date of an event: a number, numbers by scale price, or seats of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import showing
from catalog.mirror import plain_texts
from catalog.models import EventDate, Museum
from catalog.models.base import pick
from checkout import price_lists
from checkout.fields import an_id, counted, counts, ids
from checkout.goods.base import Beside, Good
from checkout.items import event_item
from checkout.limits import MOST_OF_A_KIND, at_least, at_most
from checkout.models import BasketGood
from checkout.places import Days
from checkout.price_lists import Charge, Row
from checkout.problems import Problem, Refused
from orders.snapshot import Attendee
from shop.api import records

MOST_SEATS = 100


@dataclass(frozen=True, slots=True)
class ChosenSeat:
    """A seat, the scale price it is sold at (None: not chosen, or the date has one price), and how it is called."""

    id: int
    scale: int | None = None
    row: Mapping[str, str] | None = None
    name: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class EventChoice:
    """Exactly one of the three is filled."""

    people: int = 0
    scales: Mapping[int, int] | None = None
    seats: tuple[ChosenSeat, ...] = ()

    @property
    def number(self) -> int:
        return len(self.seats) or sum((self.scales or {}).values()) or self.people


class EventGood(Good):
    kind = BasketGood.Kind.EVENT.value

    def __init__(self, date: EventDate, chosen: EventChoice) -> None:
        self.date = date
        self.chosen = chosen
        self.facts: records.EventDate | None = None

    # --- where it comes from --------------------------------------------------------------------------------

    @classmethod
    def read(cls, data: QueryDict) -> list[Self]:
        date = (
            EventDate.objects.live()
            .select_related("event", "museum", "language")
            .filter(pk=an_id(data.get("date")))
            .first()
        )
        if date is None:
            raise Refused(_("This date is no longer on sale."))
        seats = _seats(data)
        scales = {} if seats else counts(data, "scale-")
        people = 0 if seats or scales else counted(data.get("number"))
        if not (seats or scales or people):
            raise Refused(_("Please choose how many people are coming."))
        return [cls(date, EventChoice(people, scales or None, seats))]

    @classmethod
    def restore(cls, row: BasketGood) -> Self:
        assert row.date is not None, "held by a constraint"
        kept = row.choice
        scales = {int(key): number for key, number in kept.get("scales", {}).items()}
        seats = tuple(ChosenSeat(**seat) for seat in kept.get("seats", ()))
        return cls(row.date, EventChoice(kept.get("people", 0), scales or None, seats))

    def choice(self) -> dict[str, Any]:
        chosen = self.chosen
        if chosen.seats:
            return {
                "seats": [
                    {"id": seat.id, "scale": seat.scale, "row": seat.row, "name": seat.name}
                    for seat in chosen.seats
                ]
            }
        if chosen.scales:
            return {"scales": {str(key): number for key, number in chosen.scales.items()}}
        return {"people": chosen.people}

    def product(self) -> dict[str, int]:
        return {"date_id": self.date.pk}

    @property
    def place(self) -> str:
        return f"event {self.date.pk}"

    def joined(self, there: Self) -> Self:
        """More people of the same kind of choice; one order has one item per date. Another kind takes its place."""
        mine, theirs = self.chosen, there.chosen
        if mine.seats and theirs.seats:
            new = {seat.id: seat for seat in (*theirs.seats, *mine.seats)}
            return self._with(EventChoice(seats=tuple(new.values())))
        if mine.scales and theirs.scales:
            return self._with(EventChoice(scales=dict(Counter(theirs.scales) + Counter(mine.scales))))
        if mine.people and theirs.people:
            return self._with(EventChoice(mine.people + theirs.people))
        return self

    def numbered(self, number: int) -> Self | None:
        return self._with(EventChoice(number)) if self.chosen.people else None

    # --- words and numbers ----------------------------------------------------------------------------------

    @property
    def number(self) -> int:
        return self.chosen.number

    @property
    def title(self) -> str:
        return self.date.title or self.date.event.title

    @property
    def museum(self) -> Museum | None:
        return self.date.museum

    @property
    def starts_at(self) -> datetime | None:
        return self.facts.start_time if self.facts else self.date.start_time

    @property
    def ends_at(self) -> datetime | None:
        minutes = self.facts.duration if self.facts else self.date.duration
        return self.starts_at + timedelta(minutes=minutes) if self.starts_at and minutes else None

    @property
    def page(self) -> str:
        chosen = self.chosen
        words: list[tuple[str, object]] = [("date", self.date.pk)]
        if chosen.people:
            words.append(("number", chosen.people))
        words += [(f"scale-{key}", number) for key, number in (chosen.scales or {}).items()]
        words += [("seat", seat.id) for seat in chosen.seats]
        words += [(f"seat-{seat.id}-scale", seat.scale) for seat in chosen.seats if seat.scale]
        return f"{reverse('catalog:event', args=[self.date.event_id])}?{urlencode(words)}"

    def details(self) -> list[str]:
        language = self.date.language
        told = [_("Language: %(language)s") % {"language": language.title}] if language else []
        return told + [_seat_name(seat) for seat in self.chosen.seats]

    # --- live facts -----------------------------------------------------------------------------------------

    def look(self, days: Days) -> None:  # noqa: ARG002
        try:
            told = showing.showing(self.date.event_id, self.date.pk)
        except showing.Gone:
            self.facts, self.known, self.stale = None, True, False
        else:
            self.facts, self.known, self.stale = told.date, True, told.stale

    def settle(self) -> None:
        """Give each seat its name, and its price where only one can be meant."""
        if self.facts is None or not self.chosen.seats:
            return
        self.chosen = replace(self.chosen, seats=tuple(self._named(seat) for seat in self.chosen.seats))

    def problems(self, beside: Beside) -> list[Problem]:  # noqa: ARG002
        facts = self.facts
        if facts is None:
            return [Problem("unknown_product", _("This date is no longer on sale."))]
        if not facts.bookable or not price_lists.is_sound(facts.prices, facts.discount):
            return [Problem("not_bookable", _("This date cannot be booked any more."))]
        if facts.start_time <= timezone.now():
            return [Problem("time_in_past", _("This date has passed."))]
        return self._unclear(facts) or self._limits(facts) or self._crowded(facts)

    def charges(self) -> tuple[Charge, ...]:
        assert self.facts is not None, "priced without facts"
        return price_lists.charges(self._rows(self.facts), price_lists.terms_of(self.facts))

    @property
    def discount(self) -> int:
        return self.facts.discount if self.facts else 0

    def payload(self, people: Sequence[Attendee]) -> dict[str, Any]:  # noqa: ARG002
        chosen = self.chosen
        if chosen.seats:
            return event_item(self.date.pk, seats=[(seat.id, seat.scale) for seat in chosen.seats])
        if chosen.scales:
            return event_item(self.date.pk, scales=chosen.scales)
        return event_item(self.date.pk, number=chosen.people)

    # --- inside ---------------------------------------------------------------------------------------------

    def _with(self, chosen: EventChoice) -> Self:
        found = type(self)(self.date, chosen)
        found.facts, found.known, found.stale = self.facts, self.known, self.stale
        return found

    def _named(self, seat: ChosenSeat) -> ChosenSeat:
        assert self.facts is not None
        for plan in self.facts.seatings:
            there = next((one for one in plan.seats if one.id == seat.id), None)
            if there:
                row = next((one for one in plan.rows if one.id == there.row_id), None)
                fits = _prices_for(self.facts, there.category_id)
                scale = seat.scale or (fits[0] if len(fits) == 1 else None)
                return ChosenSeat(
                    seat.id, scale, plain_texts(row.title) if row else {}, plain_texts(there.title)
                )
        return seat

    def _unclear(self, facts: records.EventDate) -> list[Problem]:
        """Does the choice fit the price list and the plan?"""
        scales = price_lists.scales(facts.prices)
        chosen = self.chosen
        if chosen.seats:
            return self._unclear_seats(facts, scales)
        if facts.seatings:
            return [Problem("seats_required", _("Please choose your seats."))]
        if scales and not chosen.scales:
            return [Problem("scale_price_required", _("Please choose how many people come at which price."))]
        if set(chosen.scales or {}) - set(scales):
            return [
                Problem("unknown_scale_price", _("This price is no longer offered. Please choose again."))
            ]
        return []

    def _unclear_seats(self, facts: records.EventDate, scales: Mapping[int, records.Price]) -> list[Problem]:
        categories = {seat.id: seat.category_id for plan in facts.seatings for seat in plan.seats}
        found = []
        for seat in self.chosen.seats:
            name = {"seat": _seat_name(seat)}
            price = scales.get(seat.scale or 0)
            if seat.id not in categories:
                found.append(Problem("seat_unavailable", _("%(seat)s: there is no such seat.") % name))
            elif price is None and (scales or seat.scale is not None):
                code = "scale_price_required" if seat.scale is None else "unknown_scale_price"
                found.append(Problem(code, _("%(seat)s: please choose a price.") % name))
            elif price and price.seat_category_id not in (None, categories[seat.id]):
                text = _("%(seat)s: this price is for other seats.") % name
                found.append(Problem("seat_category_mismatch", text))
        return found

    def _limits(self, facts: records.EventDate) -> list[Problem]:
        number, seats = self.number, facts.seats or records.Seats()
        most = min(seats.max_per_registration or MOST_OF_A_KIND, MOST_OF_A_KIND)
        if number > most:
            return [Problem("quantity_above_maximum", at_most(self.title, most))]
        if number < seats.min:
            return [Problem("quantity_below_minimum", at_least(self.title, seats.min))]
        return []

    def _crowded(self, facts: records.EventDate) -> list[Problem]:
        blocked = {pk for plan in facts.seatings for pk in plan.blocked_seats}
        taken = [_seat_name(seat) for seat in self.chosen.seats if seat.id in blocked]
        if taken:
            text = _("Taken meanwhile: %(seats)s. Please choose other seats.") % {"seats": "; ".join(taken)}
            return [Problem("seat_unavailable", text)]
        left = facts.seats.available if facts.seats and not facts.seats.overbook else None
        if left is not None and left < self.number:
            return [Problem("sold_out", _too_few(left))]
        return []

    def _rows(self, facts: records.EventDate) -> list[Row]:
        scales, chosen = price_lists.scales(facts.prices), self.chosen
        if not scales:
            return price_lists.flat_rows(facts.prices, chosen.number)
        numbers = (
            Counter(seat.scale for seat in chosen.seats if seat.scale) if chosen.seats else chosen.scales
        )
        return price_lists.chosen_rows(scales, numbers or {})


def _too_few(left: int) -> str:
    if not left:
        return _("This date is sold out.")
    text = ngettext(
        "Only %(left)s place is left on this date.", "Only %(left)s places are left on this date.", left
    )
    return text % {"left": left}


def _seats(data: QueryDict) -> tuple[ChosenSeat, ...]:
    """`seat` repeated, each with `seat-<id>-scale` where there is a price to choose."""
    chosen = list(dict.fromkeys(pk for text in data.getlist("seat") for pk in ids(text)))
    if len(chosen) > MOST_SEATS:
        raise Refused(at_most(_("Seats"), MOST_SEATS))
    return tuple(ChosenSeat(pk, an_id(data.get(f"seat-{pk}-scale")) or None) for pk in chosen)


def _prices_for(facts: records.EventDate, category: int | None) -> list[int]:
    """Scale prices at which a seat of this category may be sold."""
    scales = price_lists.scales(facts.prices)
    return [key for key, price in scales.items() if price.seat_category_id in (None, category)]


def _seat_name(seat: ChosenSeat) -> str:
    name = pick(dict(seat.name or {})) or str(seat.id)
    row = pick(dict(seat.row or {}))
    return (
        _("Row %(row)s, seat %(seat)s") % {"row": row, "seat": name}
        if row
        else _("Seat %(seat)s") % {"seat": name}
    )
