"""What was chosen of an event's date: read from a form, kept as JSON, told in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from catalog.models.base import pick
from checkout.fields import an_id, counted, counts, ids
from checkout.limits import at_most
from checkout.problems import Refused

MOST_SEATS = 100


@dataclass(frozen=True, slots=True)
class ChosenSeat:
    """A seat, the scale price it is sold at (None: not chosen, or the date has one price), and how it is called."""

    id: int
    scale: int | None = None
    row: Mapping[str, str] | None = None
    name: Mapping[str, str] | None = None

    @property
    def called(self) -> str:
        """In the active language."""
        name = pick(dict(self.name or {})) or str(self.id)
        if row := pick(dict(self.row or {})):
            return _("Row %(row)s, seat %(seat)s") % {"row": row, "seat": name}
        return _("Seat %(seat)s") % {"seat": name}

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "scale": self.scale, "row": self.row, "name": self.name}


@dataclass(frozen=True, slots=True)
class EventChoice:
    """Exactly one of the three is filled."""

    people: int = 0
    scales: Mapping[int, int] | None = None
    seats: tuple[ChosenSeat, ...] = ()

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        """The choice of a form. Raises Refused for what is none."""
        seats = _seats(data)
        scales = {} if seats else counts(data, "scale-")
        people = 0 if seats or scales else counted(data.get("number"))
        if not (seats or scales or people):
            raise Refused(_("Please choose how many people are coming."))
        return cls(people, scales or None, seats)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The choice as `as_json` told it."""
        scales = {int(key): number for key, number in kept.get("scales", {}).items()}
        seats = tuple(ChosenSeat(**seat) for seat in kept.get("seats", ()))
        return cls(kept.get("people", 0), scales or None, seats)

    def as_json(self) -> dict[str, Any]:
        """The choice as it is kept."""
        if self.seats:
            return {"seats": [seat.as_json() for seat in self.seats]}
        if self.scales:
            return {"scales": {str(key): number for key, number in self.scales.items()}}
        return {"people": self.people}

    @property
    def number(self) -> int:
        return len(self.seats) or sum((self.scales or {}).values()) or self.people

    def joined(self, there: EventChoice) -> EventChoice:
        """Both together where they are of one kind; otherwise this one alone."""
        if self.seats and there.seats:
            new = {seat.id: seat for seat in (*there.seats, *self.seats)}
            return EventChoice(seats=tuple(new.values()))
        if self.scales and there.scales:
            return EventChoice(scales=dict(Counter(there.scales) + Counter(self.scales)))
        if self.people and there.people:
            return EventChoice(self.people + there.people)
        return self

    def words(self) -> Iterator[tuple[str, object]]:
        """The fields of a form that chooses the same."""
        if self.people:
            yield "number", self.people
        for key, number in (self.scales or {}).items():
            yield f"scale-{key}", number
        for seat in self.seats:
            yield "seat", seat.id
        for seat in self.seats:
            if seat.scale:
                yield f"seat-{seat.id}-scale", seat.scale


def _seats(data: QueryDict) -> tuple[ChosenSeat, ...]:
    """`seat` repeated, each with `seat-<id>-scale` where there is a price to choose."""
    chosen = list(dict.fromkeys(pk for text in data.getlist("seat") for pk in ids(text)))
    if len(chosen) > MOST_SEATS:
        raise Refused(at_most(_("Seats"), MOST_SEATS))
    return tuple(ChosenSeat(pk, an_id(data.get(f"seat-{pk}-scale")) or None) for pk in chosen)
