"""What visitors do with the goods of a basket: the ticket system is asked first, then the basket is locked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from catalog.availability import NotKnown
from catalog.models import Coupon, EventDate, Ticket, Tour
from checkout import goods, holds, limits, places, priced
from checkout.baskets import locked
from checkout.goods import Good
from checkout.models import Basket, BasketGood, BasketLine
from checkout.places import Days
from checkout.priced import PricedGood
from checkout.problems import Refused
from orders.models import OrderItem

Kept = Mapping[str, Any]  # a row as JSON, enough to put it back
PRODUCTS: dict[BasketGood.Kind, tuple[str, type[Model]]] = {
    BasketGood.Kind.EVENT: ("date_id", EventDate),
    BasketGood.Kind.TOUR: ("tour_id", Tour),
    BasketGood.Kind.COMBINED: ("ticket_id", Ticket),
    BasketGood.Kind.ANNUAL: ("ticket_id", Ticket),
    BasketGood.Kind.COUPON: ("coupon_id", Coupon),
}
TIMES = ("starts_at", "ends_at")


def add_goods(*, basket: Basket | None, wanted: Sequence[Good], instead: Collection[int] = ()) -> Basket:
    """Put goods into the basket (a new one if need be), all or none, in place of the rows `instead`.

    Raises Refused; nothing is changed then.
    """
    _look(wanted, _days(basket, wanted))
    with transaction.atomic():
        known = locked(basket)
        mine = known or Basket.objects.create()
        there = {row.place: (row, goods.of(row)) for row in priced.rows(known) if row.pk not in instead}
        if instead:
            mine.goods.filter(pk__in=instead).delete()
        lines = _lines(known)
        if len({*there, *(good.place for good in wanted)}) + len(lines) > limits.MOST_LINES:
            raise Refused(_("The basket is full. Please order what is in it first."))
        for good in wanted:
            row, before = there.get(good.place, (None, None))
            new = good if before is None else good.joined(before)
            others = [other for place, (_row, other) in there.items() if place != new.place]
            _refuse_problems(new, others, lines)
            there[new.place] = (_save(mine, new, row), new)
    return mine


def good_of(basket: Basket | None, number: int) -> Good | None:
    """The good of this row of the basket, if it is there."""
    return next((good for row, good in priced.of_basket(basket) if row.pk == number), None)


def change_goods(*, basket: Basket, numbers: Mapping[int, int]) -> list[str]:
    """Set new numbers above zero by row id; returns sentences on those that cannot be had and were left alone.

    A silent ticket system is no reason to refuse fewer or more: the numbers are checked when ordering.
    """
    found = {row.pk: (row, goods.of(row)) for row in priced.rows(basket)}
    changed = {
        pk: new
        for pk, number in numbers.items()
        if number > 0 and pk in found and number != found[pk][1].number
        if (new := found[pk][1].numbered(min(number, limits.MOST_OF_A_KIND + 1))) is not None
    }
    if not changed:
        return []
    days = _days(basket, changed.values())
    silent = {pk for pk, new in changed.items() if not _knows(new, days)}
    told: list[str] = []
    with transaction.atomic():
        if locked(basket) is None:
            return []
        lines = _lines(basket)
        for pk, new in changed.items():
            others = [other for key, (_row, other) in found.items() if key != pk]
            try:
                if pk in silent:
                    _check_unseen(new)
                else:
                    _refuse_problems(new, others, lines)
            except Refused as refusal:
                told += refusal.problems
                continue
            found[pk] = (_save(basket, new, found[pk][0]), new)
    return told


def remove_goods(*, basket: Basket, ids: Collection[int]) -> list[Kept]:
    """Take goods out and return them for the way back."""
    with transaction.atomic():
        if locked(basket) is None:
            return []
        found = list(basket.goods.filter(pk__in=ids))
        BasketGood.objects.filter(pk__in=[row.pk for row in found]).delete()
    return [{**_kept(row), "id": row.pk} for row in found]


def put_back_goods(*, basket: Basket, removed: Iterable[Kept]) -> None:
    """Undo a removal. A good that is there again already stays as it is."""
    with transaction.atomic():
        if (mine := locked(basket)) is not None:
            restore(mine, removed)


def restore(basket: Basket, kept: Iterable[Kept]) -> None:
    """Put rows back that are not there and that the mirror still knows. The basket is locked."""
    there = set(basket.goods.values_list("place", flat=True))
    room = limits.MOST_LINES - len(there) - basket.lines.count()
    for row in [row for row in kept if row["place"] not in there and _is_known(row)][: max(0, room)]:
        times = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in TIMES}
        BasketGood.objects.create(basket=basket, **{**row, **times})


def kept_of(item: OrderItem) -> Kept:
    """The row an order item was made of."""
    return dict(item.choice)


def kept(one: PricedGood) -> Kept:
    """The row as it would be with what is known now; for ordering the same again."""
    stored = _kept(one.row)
    now = {"choice": one.good.choice(), "quantity": one.number, "cents": one.cents}
    return {**stored, **now, "charges": [charge.as_json() for charge in one.charges]}


def row_of(good: Good) -> dict[str, Any]:
    """What is stored of a good; needs facts."""
    return {
        "kind": good.kind,
        "place": good.place,
        **good.product(),
        "choice": good.choice(),
        "quantity": good.number,
        "starts_at": good.starts_at,
        "ends_at": good.ends_at,
        "cents": good.cents,
        "charges": [charge.as_json() for charge in good.charges()],
    }


def as_kept(row: Mapping[str, Any]) -> Kept:
    """A row as JSON."""
    return {**row, **{name: row[name].isoformat() if row[name] else None for name in TIMES}}


def _kept(row: BasketGood) -> Kept:
    column = PRODUCTS[BasketGood.Kind(row.kind)][0]
    names = ("kind", "place", column, "choice", "quantity", *TIMES, "cents", "charges")
    return as_kept({name: getattr(row, name) for name in names})


def _is_known(row: Kept) -> bool:
    column, model = PRODUCTS[BasketGood.Kind(row["kind"])]
    return bool(model._default_manager.filter(pk=row[column]).exists())


def _lines(basket: Basket | None) -> list[BasketLine]:
    return list(basket.lines.select_related("ticket")) if basket else []


def _days(basket: Basket | None, wanted: Iterable[Good]) -> Days:
    """Places of the days the goods need, those of the basket's own lines with them."""
    chosen = list(wanted)
    if not any(good.ticket_ids() for good in chosen):
        return {}
    lines = _lines(basket)
    there = [good for _row, good in priced.of_basket(basket)]
    families = places.families(line.ticket_id for line in lines)
    days = places.days(lines, families, priced.by_day([*there, *chosen]))
    own = holds.of(basket)
    return {on: day and holds.with_own(day, own) for on, day in days.items()}


def _look(wanted: Iterable[Good], days: Days) -> None:
    try:
        for good in wanted:
            good.look(days)
            good.settle()
    except NotKnown as error:
        raise Refused(
            _(
                "The museums’ ticket system does not answer, so we cannot check the places. Please try again shortly."
            )
        ) from error


def _knows(good: Good, days: Days) -> bool:
    try:
        good.look(days)
    except NotKnown:
        return False
    return True


def _refuse_problems(good: Good, others: Sequence[Good], lines: Sequence[BasketLine]) -> None:
    if problems := good.problems(priced.beside_of(others, lines)):
        raise Refused(*(problem.text for problem in problems))
    names = sum(line.quantity for line in lines if line.ticket.attendees_required)
    names += sum(one.number for one in (*others, good) if one.asks_names)
    if good.asks_names and (text := limits.too_many_names(names)):
        raise Refused(text)


def _check_unseen(good: Good) -> None:
    """Without facts only what is never allowed is refused."""
    if good.number > limits.MOST_OF_A_KIND:
        raise Refused(limits.at_most(good.title, limits.MOST_OF_A_KIND))


def _save(basket: Basket, good: Good, row: BasketGood | None) -> BasketGood:
    """Write the good; without facts its price grows with its number."""
    if good.known or row is None:
        values = row_of(good)
    else:
        values = {"choice": good.choice(), "quantity": good.number, **_scaled(row, good.number)}
    if row is None:
        return BasketGood.objects.create(basket=basket, **values)
    BasketGood.objects.filter(pk=row.pk, basket=basket).update(**values)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _scaled(row: BasketGood, number: int) -> dict[str, Any]:
    """What the row would cost in another number, as far as its charges tell; it is checked when ordering."""
    charges = [
        {**charge, "number": number, "cents": charge["cents"] * number // row.quantity}
        for charge in row.charges
    ]
    return {"charges": charges, "cents": sum(charge["cents"] for charge in charges)}
