"""The numbered seats of a date as a visitor chooses them: a list by rows, and the drawing that mirrors it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from catalog import showing
from catalog.fares import Fare, say, suited
from shop.api.records import EventDate, Seat, SeatCategory, Seating


@dataclass(frozen=True, slots=True)
class Place:
    """One seat. `fare` is what it costs as chosen, None without a price of its own; `fares` are all it may cost."""

    seat: Seat
    name: str
    kind: str
    fares: tuple[Fare, ...]
    fare: Fare | None
    free: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Neighbouring seats of one row and one category."""

    name: str
    category: str
    colour: str
    fares: tuple[Fare, ...]
    places: tuple[Place, ...]

    @property
    def free(self) -> int:
        return sum(place.free for place in self.places)


@dataclass(frozen=True, slots=True)
class Hall:
    """One seating plan. `drawing` is safe markup for an svg element with this `view_box`, '' without a drawing."""

    rows: tuple[Row, ...]
    view_box: str
    drawing: SafeString


def halls(date: EventDate, offered: Sequence[Fare], wanted: Mapping[int, int]) -> tuple[Hall, ...]:
    """The plans of a date for a wish (seat id to scale price, 0: none said)."""
    return tuple(_hall(plan, offered, wanted) for plan in date.seatings)


def places(found: Collection[Hall]) -> list[Place]:
    """All seats of all plans."""
    return [place for hall in found for row in hall.rows for place in row.places]


def _hall(plan: Seating, offered: Sequence[Fare], wanted: Mapping[int, int]) -> Hall:
    categories = {category.id: category for category in plan.categories}
    row_names = {row.id: say(row.title) for row in plan.rows}
    order = {row.id: number for number, row in enumerate(plan.rows)}
    kinds = {kind.id: say(kind.title) for kind in plan.types}
    rows = []
    by_row = sorted(plan.seats, key=lambda seat: order.get(seat.row_id or 0, len(order)))
    for (row_id, category_id), group in groupby(by_row, key=lambda seat: (seat.row_id, seat.category_id)):
        category = categories.get(category_id or 0, SeatCategory(0))
        own = tuple(_place(seat, plan, kinds, offered, wanted) for seat in group)
        name = row_names.get(row_id or 0, "")
        rows.append(Row(name, say(category.title), category.color_code, own[0].fares, own))
    return Hall(tuple(rows), *_drawing(plan, rows))


def _place(
    seat: Seat, plan: Seating, kinds: Mapping[int, str], offered: Sequence[Fare], wanted: Mapping[int, int]
) -> Place:
    own = suited(seat, offered)
    priced = tuple(fare for fare in own if fare.scale_id is not None)
    said = next((fare for fare in priced if fare.scale_id == wanted.get(seat.id)), None)
    return Place(
        seat=seat,
        name=say(seat.title) or str(seat.id),
        kind=" ".join(word for word in (kinds.get(seat.type_id or 0, ""), say(seat.description)) if word),
        fares=priced,
        fare=said or (priced[0] if priced else None),
        free=seat.id not in plan.blocked_seats and bool(own),
        chosen=seat.id in wanted,
    )


def _drawing(plan: Seating, rows: Sequence[Row]) -> tuple[str, SafeString]:
    drawn = showing.drawing(plan)
    if drawn is None:
        return "", mark_safe("")
    attributes = {place.seat.id: _attributes(place, row.colour) for row in rows for place in row.places}
    markup = drawn.markup(lambda seat_id: attributes.get(seat_id, ""))
    return drawn.view_box, mark_safe(markup)  # noqa: S308 - written anew from what is harmless


def _attributes(place: Place, colour: str) -> str:
    """What the drawing says of one seat; a script makes it a twin of the box in the list."""
    state = "off" if not place.free else "on" if place.chosen else ""
    paint = format_html(' fill="{}"', colour) if colour else ""
    return format_html(' class="seat {}" data-seat="{}"{}', state, place.seat.id, paint)
