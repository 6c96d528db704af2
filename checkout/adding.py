"""Puts visits into a basket: what is known is looked up, the places are held, then the basket is locked and written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from checkout import choices, holding, holds, pledging
from checkout.baskets import locked
from checkout.choices import Offer, Wanted, look_up, problems_of
from checkout.models import Basket, BasketLine, Hold
from checkout.pledging import NotHad, Pledge
from checkout.problems import Refused

KNOWN_SECONDS = 300  # what was told of a day so lately will do where a hold says the last word


def lines_of(basket: Basket | None, *, without: Collection[int] = ()) -> list[BasketLine]:
    """Return the lines with their tickets, but for those with these ids."""
    return list(basket.lines.select_related("ticket").exclude(pk__in=without)) if basket else []


def add_visit(*, basket: Basket | None, wanted: Wanted, instead: Collection[int] = ()) -> Basket:
    """Put a choice into the basket (a new one if need be), all kinds or none, in place of the lines `instead`.

    Its places are held first, where places can be held. Raises Refused; nothing is changed then.
    """
    held = holding.is_on()
    lines, own = lines_of(basket), holds.of(basket) if held else []
    offer = _offer(wanted, [line for line in lines if line.pk not in instead], own, held=held)
    if not held:
        return _write_visit(basket, wanted, offer, instead, Pledge())
    mine = basket or Basket.objects.create()  # the rows of the holds need it before anything is asked
    new = _new_lines(wanted, offer, [line for line in lines if line.pk not in instead])
    try:
        made = pledging.pledge(mine, pledging.wishes(new, own))
    except NotHad as error:
        raise Refused(*choices.had_by_others(wanted, offer.slot, error)) from error
    with pledging.unless_refused(made):
        mine = _write_visit(mine, wanted, offer, instead, made, is_new=basket is None)
    if instead:
        holding.let_go_loose(mine)
    return mine


def _offer(wanted: Wanted, lines: Sequence[BasketLine], own: Sequence[Hold], *, held: bool) -> Offer:
    """What is offered at the chosen time, and that the choice fits beside these lines. Raises Refused.

    Where places are held, the hold is the proof that they are there, and what is known will do: the ticket system is
    asked before a choice is refused, not before it is taken.
    """
    if held:
        try:
            return _checked(wanted, lines, own, fresh=KNOWN_SECONDS)
        except Refused:
            pass
    return _checked(wanted, lines, own)


def _checked(
    wanted: Wanted, lines: Sequence[BasketLine], own: Sequence[Hold], *, fresh: float | None = None
) -> Offer:
    offer = look_up(wanted, lines, own, fresh=fresh)
    if problems := problems_of(wanted, offer, lines):
        raise Refused(*problems)
    return offer


def _write_visit(
    basket: Basket | None,
    wanted: Wanted,
    offer: Offer,
    instead: Collection[int],
    made: Pledge,
    *,
    is_new: bool = False,
) -> Basket:
    """Write the choice into the basket as it is now. Raises Refused if it does not fit beside that any more.

    `is_new`: nobody else knows the basket yet.
    """
    with transaction.atomic():
        mine = basket if basket and (is_new or locked(basket)) else Basket.objects.create()
        lines = lines_of(mine, without=instead) if mine is basket and not is_new else []
        if problems := problems_of(wanted, offer, lines):
            raise Refused(*problems)
        if instead:
            mine.lines.filter(pk__in=instead).delete()
        made.keep(_put(mine, _new_lines(wanted, offer, lines)))
    return mine


def _new_lines(wanted: Wanted, offer: Offer, lines: Iterable[BasketLine]) -> list[BasketLine]:
    """The lines a choice becomes beside these: new ones, or those of the same kind and time with more people."""
    slot, there = offer.slot, {(line.ticket_id, line.slot_key): line for line in lines}
    found = []
    for ticket_id, number in wanted.party.items():
        before = there.get((ticket_id, slot.key))
        found.append(
            BasketLine(
                pk=before.pk if before else None,
                ticket_id=ticket_id,
                slot_key=slot.key,
                slot_at=slot.at,
                slot_ends_at=slot.ends_at,
                quantity=number + (before.quantity if before else 0),
            )
        )
    return found


def _put(basket: Basket, lines: Sequence[BasketLine]) -> Sequence[BasketLine]:
    """Write lines into the basket, which is locked."""
    new, grown = [line for line in lines if line.pk is None], [line for line in lines if line.pk]
    for line in lines:
        line.basket = basket
    BasketLine.objects.bulk_create(new)
    if grown:
        BasketLine.objects.bulk_update(grown, ["quantity"])
    return lines
