"""The last step of choosing a tour: its price for the final values, and what can be had besides."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import tour_times
from catalog.models import Tour
from catalog.models.base import pick
from catalog.tour_bill import Bill, Option, bill, divide, reduced_options, surcharge_options
from catalog.tour_times import NotKnown
from catalog.tour_wish import TourWish
from shop.api.records import StartTime, TourPrices


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of equipment. `left`: how many the visitor may borrow, None while nobody knows."""

    id: int
    title: str
    description: SafeString
    left: int | None
    on: int


@dataclass(frozen=True, slots=True)
class Priced:
    """The price and the choices beside it.

    `bill` is None without price: nobody knows it now (`unknown`), there is none, or the numbers do not add up.
    `problems` are sentences that stand against booking it like this. `checked_seconds_ago` is the age of the price.
    """

    problems: tuple[str, ...] = ()
    bill: Bill | None = None
    reduced: tuple[Option, ...] = ()
    surcharges: tuple[Option, ...] = ()
    pieces: tuple[Piece, ...] = ()
    unknown: bool = False
    stale: bool = False
    checked_seconds_ago: int = 0


def price(tour: Tour, start: StartTime, wish: TourWish) -> Priced:
    """The price of this very wish, its people and language included, and whether everything wanted is there."""
    pieces = _pieces(tour, start, wish)
    problems = [*_garbled(wish), *_too_few(pieces)]
    people = wish.people or 0
    try:
        told = tour_times.prices(tour, start, people=people, language=wish.language)
    except NotKnown:
        return Priced(tuple(problems), pieces=pieces, unknown=True)
    prices = told.value
    scales = divide(prices, people, wish.scales)
    if not prices.bookable:
        problems.append(_("The museum tells no price for this, so it cannot be booked here."))
    elif scales is None:
        problems.append(_too_many(people, prices, wish))
    return Priced(
        problems=tuple(problems),
        bill=bill(prices, people, scales, wish.surcharges)
        if prices.bookable and scales is not None
        else None,
        reduced=reduced_options(prices, people, wish.scales),
        surcharges=surcharge_options(prices, people, wish.surcharges),
        pieces=pieces,
        stale=told.stale,
        checked_seconds_ago=round(told.age_seconds),
    )


def _pieces(tour: Tour, start: StartTime, wish: TourWish) -> tuple[Piece, ...]:
    """The equipment the mirror knows of, with what is left of it."""
    if not tour.equipment:
        return ()
    try:
        left = tour_times.equipment(tour, start).value
    except NotKnown:
        left = None
    return tuple(
        Piece(
            id=row["id"],
            title=pick(row["titles"]) or _("Equipment"),
            description=mark_safe(pick(row["descriptions"])),  # noqa: S308 - sanitised before it was stored
            left=None if left is None else left.get(row["id"], 0),
            on=wish.equipment.get(row["id"], 0),
        )
        for row in tour.equipment
    )


def _garbled(wish: TourWish) -> list[str]:
    return [_("Please enter numbers as whole numbers.")] if wish.garbled else []


def _too_few(pieces: tuple[Piece, ...]) -> list[str]:
    return [
        ngettext(
            "%(piece)s: only %(left)s is left at this time.",
            "%(piece)s: only %(left)s are left at this time.",
            piece.left,
        )
        % {"piece": piece.title, "left": piece.left}
        for piece in pieces
        if piece.left is not None and piece.on > piece.left
    ]


def _too_many(people: int, told: TourPrices, wish: TourWish) -> str:
    chosen = sum(option.on for option in reduced_options(told, people, wish.scales))
    return _("You are %(people)s people, but chose other prices for %(chosen)s.") % {
        "people": people,
        "chosen": chosen,
    }
