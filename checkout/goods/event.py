"""Places on a date of an event: a number, numbers by scale price, or seats of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import showing
from catalog.mirror import plain_texts
from catalog.models import EventDate, Museum
from checkout import price_lists
from checkout.fields import an_id
from checkout.goods.base import Beside, Good
from checkout.goods.event_choice import ChosenSeat, EventChoice
from checkout.goods.event_problems import of_choice, of_numbers, of_places
from checkout.items import event_item
from checkout.models import BasketGood
from checkout.places import Days
from checkout.price_lists import Charge, Row
from checkout.problems import Problem, Refused
from orders.snapshot import Attendee
from shop.api import records


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
        return [cls(date, EventChoice.read(data))]

    @classmethod
    def restore(cls, row: BasketGood) -> Self:
        assert row.date is not None, "held by a constraint"
        return cls(row.date, EventChoice.from_json(row.choice))

    def choice(self) -> dict[str, Any]:
        return self.chosen.as_json()

    def product(self) -> dict[str, int]:
        return {"date_id": self.date.pk}

    @property
    def place(self) -> str:
        return f"event {self.date.pk}"

    def joined(self, there: Self) -> Self:
        """More people of the same kind of choice; one order has one item per date. Another kind takes its place."""
        return self._with(self.chosen.joined(there.chosen))

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
        words = urlencode([("date", self.date.pk), *self.chosen.words()])
        return f"{reverse('catalog:event', args=[self.date.event_id])}?{words}"

    def details(self) -> list[str]:
        language = self.date.language
        told = [_("Language: %(language)s") % {"language": language.title}] if language else []
        return told + [seat.called for seat in self.chosen.seats]

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
        return (
            of_choice(self.chosen, facts)
            or of_numbers(self.title, self.number, facts)
            or of_places(self.chosen, facts)
        )

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

    def _rows(self, facts: records.EventDate) -> list[Row]:
        scales, chosen = price_lists.scales(facts.prices), self.chosen
        if not scales:
            return price_lists.flat_rows(facts.prices, chosen.number)
        numbers = (
            Counter(seat.scale for seat in chosen.seats if seat.scale) if chosen.seats else chosen.scales
        )
        return price_lists.chosen_rows(scales, numbers or {})


def _prices_for(facts: records.EventDate, category: int | None) -> list[int]:
    """Scale prices at which a seat of this category may be sold."""
    scales = price_lists.scales(facts.prices)
    return [key for key, price in scales.items() if price.seat_category_id in (None, category)]
