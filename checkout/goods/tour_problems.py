"""What stands against a chosen tour, by what the ticket system offers now. Asks nobody."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Tour
from catalog.models.base import pick
from checkout import price_lists
from checkout.goods.tour_choice import TourChoice, piece_name
from checkout.limits import MOST_OF_A_KIND, at_least, at_most
from checkout.problems import Problem
from shop.api import records


def of_prices(chosen: TourChoice, prices: records.TourPrices) -> list[Problem]:
    """Do the chosen prices and surcharges stand in the price list?"""
    return _scales(chosen, prices) + _surcharges(chosen, prices)


def of_people(tour: Tour, people: int, start: records.StartTime) -> list[Problem]:
    """Is there room for so many, and are they enough?"""
    most = start.max_participants if start.max_participants is not None else MOST_OF_A_KIND
    left = start.bookable_participants
    if people > min(most, MOST_OF_A_KIND):
        return [Problem("quantity_above_maximum", at_most(tour.title, most))]
    if people < start.min_participants:
        return [Problem("quantity_below_minimum", at_least(tour.title, start.min_participants))]
    if left is not None and people > left:
        text = ngettext(
            "Only %(left)s place is left on this tour.", "Only %(left)s places are left on this tour.", left
        )
        return [Problem("sold_out", text % {"left": left})]
    return []


def of_equipment(tour: Tour, chosen: TourChoice, there: Mapping[int, int]) -> list[Problem]:
    """Is everything that was to be borrowed still there? `there`: how many are left, by id."""
    return [
        Problem(
            "equipment_unavailable",
            _("%(name)s: only %(left)s left at this time.")
            % {"name": piece_name(tour, key), "left": there.get(key, 0)},
        )
        for key, number in chosen.equipment.items()
        if number > there.get(key, 0)
    ]


def _scales(chosen: TourChoice, prices: records.TourPrices) -> list[Problem]:
    known, wanted = price_lists.scales(prices.prices), chosen.scales or {}
    if set(wanted) - set(known):
        return [Problem("unknown_scale_price", _("This price is no longer offered. Please choose again."))]
    if known and sum(wanted.values()) != chosen.number:
        return [Problem("scale_price_required", _("Please choose how many people come at which price."))]
    return []


def _surcharges(chosen: TourChoice, prices: records.TourPrices) -> list[Problem]:
    known = price_lists.surcharges(prices.prices)
    found = []
    for key, number in (chosen.surcharges or {}).items():
        price = known.get(key)
        if price is None:
            text = _("A surcharge you chose is no longer offered. Please choose again.")
            found.append(Problem("unknown_surcharge", text))
        elif number > (most := price_lists.times(price, chosen.number)):
            found.append(Problem("surcharge_quantity", at_most(pick(price.title.as_dict()), most)))
    return found
