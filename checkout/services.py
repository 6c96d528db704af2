"""What visitors do with a basket. Prices come from the mirror and places from the ticket system, never from a form.

The ticket system is asked first; then the basket's row is locked, the decision made once more and written. A basket
whose order is under way takes nothing: what a visitor adds meanwhile starts a new one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone

from catalog.models import Ticket
from catalog.refresh import refresh
from checkout import goods_services, holding, holds, limits, places, pledging
from checkout.adding import add_visit, lines_of
from checkout.baskets import KEPT, locked
from checkout.choices import Wanted
from checkout.models import Basket, BasketLine, Hold
from checkout.pledging import NotHad, Pledge
from orders.lifecycle import FAILED, State
from orders.models import Order, OrderItem
from shop.api.errors import GomusError


@dataclass(frozen=True, slots=True)
class Removed:
    """A line taken out, enough to put it back. Times as ISO text; `number` is that of its row, which names go by."""

    ticket_id: int
    slot_key: str
    slot_at: str
    slot_ends_at: str
    quantity: int
    number: int | None = None


def move_visit(*, basket: Basket, line_ids: Collection[int], key: str) -> None:
    """Give all lines of a visit another time. Raises Refused; the visit stays as it is then."""
    lines = [line for line in lines_of(basket) if line.pk in line_ids]
    family = places.families(line.ticket_id for line in lines[:1])
    party = limits.totals((line.ticket_id, line.quantity) for line in lines)
    members = next(iter(family.values()), ())
    if not lines or not {ticket.pk for ticket in members}.issuperset(party):
        members = ()  # not sold any more, in part at least
    add_visit(basket=basket, wanted=Wanted(members, key, party), instead=line_ids)


def change_numbers(*, basket: Basket, numbers: Mapping[int, int]) -> list[str]:
    """Set new numbers above zero by line id; returns sentences on those that cannot be had and were left alone.

    Fewer people first, so that places one kind gives up are there for another. A silent ticket system is no reason
    to refuse: the numbers are checked when ordering.
    """
    lines, own = lines_of(basket), holds.of(basket)
    known = places.days(lines, places.families(line.ticket_id for line in lines))
    days = {on: day and holds.with_own(day, own) for on, day in known.items()}
    wanted = [
        (line, number) for line in lines if (number := numbers.get(line.pk, 0)) not in {0, line.quantity}
    ]
    told: list[str] = []
    for line, number in sorted(wanted, key=lambda change: change[1] - change[0].quantity):
        others = [other for other in lines if other.pk != line.pk]
        if problem := _number_problem(line, number, others, days) or _change(basket, line, number, own):
            told.append(problem)
    return told


def _change(basket: Basket, line: BasketLine, number: int, own: Sequence[Hold]) -> str:
    """Give a line another number, and hold that many places where any are held; why not, if it cannot be."""
    before, line.quantity = line.quantity, number
    try:
        made = pledging.pledge(basket, pledging.wishes([line], own)) if holding.is_on() else Pledge()
    except NotHad as error:
        line.quantity = before
        return pledging.refusal(error, line.ticket.title)
    with transaction.atomic():
        if locked(basket):
            BasketLine.objects.filter(pk=line.pk, basket=basket).update(quantity=number)
            made.keep([line])
            return ""
    made.undo()
    return ""


def remove_lines(*, basket: Basket, line_ids: Collection[int]) -> list[Removed]:
    """Take lines out and return them for the way back."""
    with transaction.atomic():
        if locked(basket) is None:
            return []
        lines = list(basket.lines.filter(pk__in=line_ids))
        BasketLine.objects.filter(pk__in=[line.pk for line in lines]).delete()
    holding.let_go_loose(basket)
    return [
        Removed(
            line.ticket_id,
            line.slot_key,
            line.slot_at.isoformat(),
            line.slot_ends_at.isoformat(),
            line.quantity,
            line.pk,
        )
        for line in lines
    ]


def put_back(*, basket: Basket, removed: Iterable[Removed]) -> None:
    """Undo a removal. A line that is there again already stays as it is."""
    found = [
        BasketLine(
            pk=line.number,
            ticket_id=line.ticket_id,
            slot_key=line.slot_key,
            slot_at=datetime.fromisoformat(line.slot_at),
            slot_ends_at=datetime.fromisoformat(line.slot_ends_at),
            quantity=line.quantity,
        )
        for line in removed
    ]
    with transaction.atomic():
        mine = locked(basket)
        back = _restore(mine, found) if mine else []
    pledging.renew(basket, back)


def hold_again(*, basket: Basket, line_ids: Collection[int]) -> list[str]:
    """Hold the places of lines whose hold is gone; returns sentences on those that are not there any more."""
    return pledging.renew(basket, [line for line in lines_of(basket) if line.pk in line_ids])


def take_back(*, basket: Basket) -> Basket | None:
    """Take the content back from an order that failed: the next try gets a new key and fresh prices.

    None when the basket is not to be had (any more): its order is under way or done.
    """
    order = basket.order
    if order is not None and order.state not in FAILED:
        return None
    if order is not None and order.state in {State.PRICE_CHANGED, State.REFUSED}:
        _read_again(basket)
    if order is not None:
        mine = Basket.objects.filter(pk=basket.pk, order=order)
        mine.update(order=None, revision=basket.revision + 1, touched_at=timezone.now())
    return Basket.objects.filter(pk=basket.pk, order=None).first()


def order_again(*, order: Order, basket: Basket | None) -> Basket:
    """Put what an order was for into the basket (a new one if need be), unless it is in there already.

    ValueError: the order did not fail. Whether the places are still free is seen in the basket.
    """
    if order.state not in FAILED:
        raise ValueError(f"order {order.number} has not failed")
    items = list(order.items.all())
    tickets = [item for item in items if item.kind == OrderItem.Kind.TICKET]
    goods = [goods_services.kept_of(item) for item in items if item.kind != OrderItem.Kind.TICKET]
    known = set(
        Ticket.objects.filter(pk__in=[item.product_id for item in tickets]).values_list("pk", flat=True)
    )
    with transaction.atomic():
        mine = locked(basket) or Basket.objects.create()
        back = _restore(mine, [_line_of(item) for item in tickets if item.product_id in known])
        goods_services.restore(mine, goods)
    pledging.renew(mine, back)
    return mine


def drop_old_baskets() -> int:
    """Delete baskets nobody touched for as long as the rules keep them; returns how many."""
    old = Basket.objects.filter(touched_at__lt=timezone.now() - KEPT)
    return old.delete()[1].get("checkout.Basket", 0)


def forget_ended_sessions() -> None:
    """Delete sessions that have ended: what buyers typed on the way to an order was in them."""
    SessionStore.clear_expired()


def _restore(basket: Basket, lines: Sequence[BasketLine]) -> list[BasketLine]:
    """Put lines back that are not there; returns those."""
    there = set(basket.lines.values_list("ticket_id", "slot_key"))
    missing = [line for line in lines if (line.ticket_id, line.slot_key) not in there]
    back = missing[: max(0, limits.MOST_LINES - len(there))]
    for line in back:
        line.basket = basket
        line.save(force_insert=True)
    return back


def _line_of(item: OrderItem) -> BasketLine:
    assert item.slot_at is not None, "tickets have a time"
    midnight = datetime.combine(timezone.localtime(item.slot_at).date() + timedelta(days=1), time())
    ends_at = timezone.make_aware(midnight) if item.whole_day else item.enter_until or item.slot_at
    return BasketLine(
        ticket_id=item.product_id,
        slot_key=item.slot_key,
        slot_at=item.slot_at,
        slot_ends_at=ends_at,
        quantity=item.quantity,
    )


def _number_problem(line: BasketLine, number: int, others: Sequence[BasketLine], days: places.Days) -> str:
    """Why the line cannot have this number; fewer people are only held against the museum's minimum."""
    title = line.ticket.title
    elsewhere = sum(other.quantity for other in others if other.ticket_id == line.ticket_id)
    problem = limits.kind_problem(line.ticket, title, number + elsewhere)
    if problem or number < line.quantity:
        return problem
    people = [(other.ticket, other.quantity) for other in others]
    if problem := limits.names_problem([*people, (line.ticket, number)]):
        return problem
    found = days.get(timezone.localtime(line.slot_at).date())
    left = number if found is None else places.room(found, line, others)
    return limits.too_few_places(number, left) if left < number else ""


def _read_again(basket: Basket) -> None:
    """The museum knows better than the mirror what it asks and sells: read that now. If it is silent the sync will."""
    try:
        kept = [*basket.lines.values_list("ticket_id", flat=True)]
        refresh([*kept, *(pk for pk in basket.goods.values_list("ticket_id", flat=True) if pk)])
    except GomusError:
        return
