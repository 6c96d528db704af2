"""What stands against chosen places on a date, by what the ticket system offers now. Asks nobody."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout import price_lists
from checkout.goods.event_choice import ChosenSeat, EventChoice
from checkout.limits import MOST_OF_A_KIND, at_least, at_most
from checkout.problems import Problem
from shop.api import records


def of_choice(chosen: EventChoice, facts: records.EventDate) -> list[Problem]:
    """Does the choice fit the price list and the plan?"""
    scales = price_lists.scales(facts.prices)
    if chosen.seats:
        return _of_seats(chosen, facts, scales)
    if facts.seatings:
        return [Problem("seats_required", _("Please choose your seats."))]
    if scales and not chosen.scales:
        return [Problem("scale_price_required", _("Please choose how many people come at which price."))]
    if set(chosen.scales or {}) - set(scales):
        return [Problem("unknown_scale_price", _("This price is no longer offered. Please choose again."))]
    return []


def of_numbers(title: str, number: int, facts: records.EventDate) -> list[Problem]:
    """Are they neither too many nor too few for one order?"""
    seats = facts.seats or records.Seats()
    most = min(seats.max_per_registration or MOST_OF_A_KIND, MOST_OF_A_KIND)
    if number > most:
        return [Problem("quantity_above_maximum", at_most(title, most))]
    if number < seats.min:
        return [Problem("quantity_below_minimum", at_least(title, seats.min))]
    return []


def of_places(chosen: EventChoice, facts: records.EventDate) -> list[Problem]:
    """Are the seats, or so many places, still free?"""
    blocked = {pk for plan in facts.seatings for pk in plan.blocked_seats}
    taken = [seat.called for seat in chosen.seats if seat.id in blocked]
    if taken:
        text = _("Taken meanwhile: %(seats)s. Please choose other seats.") % {"seats": "; ".join(taken)}
        return [Problem("seat_unavailable", text)]
    left = facts.seats.available if facts.seats and not facts.seats.overbook else None
    if left is not None and left < chosen.number:
        return [Problem("sold_out", _too_few(left))]
    return []


def _of_seats(
    chosen: EventChoice, facts: records.EventDate, scales: Mapping[int, records.Price]
) -> list[Problem]:
    categories = {seat.id: seat.category_id for plan in facts.seatings for seat in plan.seats}
    found = [_of_seat(seat, categories, scales) for seat in chosen.seats]
    return [problem for problem in found if problem]


def _of_seat(
    seat: ChosenSeat, categories: Mapping[int, int | None], scales: Mapping[int, records.Price]
) -> Problem | None:
    name = {"seat": seat.called}
    price = scales.get(seat.scale or 0)
    if seat.id not in categories:
        return Problem("seat_unavailable", _("%(seat)s: there is no such seat.") % name)
    if price is None and (scales or seat.scale is not None):
        code = "scale_price_required" if seat.scale is None else "unknown_scale_price"
        return Problem(code, _("%(seat)s: please choose a price.") % name)
    if price and price.seat_category_id not in (None, categories[seat.id]):
        return Problem("seat_category_mismatch", _("%(seat)s: this price is for other seats.") % name)
    return None


def _too_few(left: int) -> str:
    if not left:
        return _("This date is sold out.")
    text = ngettext(
        "Only %(left)s place is left on this date.", "Only %(left)s places are left on this date.", left
    )
    return text % {"left": left}
