"""What was sold and given back, as rows for accountants: amounts in exact Decimals, days of the shop's time zone.

A sale counts on the day it was booked at the museum, a cancellation on the day the museum cancelled it, as the same
sums with a minus. VAT is that of the order, per rate and rounded once, as the buyer saw it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import attrgetter

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from checkout.pricing import taxes
from orders.lifecycle import Outcome, State, Step
from orders.models import JournalEntry, Order, OrderItem
from staff.models import Commission, Export

SOLD = (State.FINALIZED, State.READY)
CHUNK = 200  # orders read at once
Cell = str | int | Decimal
Row = Sequence[Cell]
Table = Callable[[Iterator["Movement"]], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Movement:
    """Items sold (`sign` 1) or given back (-1) at one moment. `vat`: rate in basis points to (gross, VAT) in cents."""

    order: Order
    at: datetime
    items: Sequence[OrderItem]
    sign: int
    vat: dict[int, tuple[int, int]]

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)

    @property
    def month(self) -> str:
        return f"{self.day:%Y-%m}"


def orders_of(since: date, until: date) -> QuerySet[Order]:
    """Return the orders with a movement in these days, each with the moment it was `booked_at`."""
    begin, end = _midnight(since), _midnight(until + timedelta(days=1))
    booked = Order.objects.filter(state__in=SOLD).annotate(booked_at=_booked_at())
    cancelled = OrderItem.objects.filter(cancelled_at__gte=begin, cancelled_at__lt=end).values("order")
    moved = Q(booked_at__gte=begin, booked_at__lt=end) | Q(pk__in=cancelled)
    return booked.filter(moved).order_by("pk")


def movements(orders: QuerySet[Order], since: date, until: date) -> Iterator[Movement]:
    """Yield what happened to these orders in these days, order by order; they are read in chunks."""
    for order in orders.prefetch_related("items", "cancellations", "payments").iterator(CHUNK):
        yield from (move for move in _story(order) if since <= move.day <= until)


def _story(order: Order) -> Iterator[Movement]:
    items = list(order.items.all())
    yield Movement(order, order.booked_at, items, 1, _vat(items))  # type: ignore[attr-defined] # annotated
    left = items
    gone = sorted((item for item in items if item.cancelled_at), key=attrgetter("cancelled_at"))
    for at, group in groupby(gone, attrgetter("cancelled_at")):
        given_back = list(group)
        rest = [item for item in left if item not in given_back]
        before, after = _vat(left), _vat(rest)
        # The difference, so that an order given back bit by bit comes to nothing, to the cent.
        vat = {
            rate: (gross - after.get(rate, (0, 0))[0], part - after.get(rate, (0, 0))[1])
            for rate, (gross, part) in before.items()
        }
        yield Movement(order, at, given_back, -1, vat)
        left = rest


def _vat(items: Sequence[OrderItem]) -> dict[int, tuple[int, int]]:
    taxed = [part for item in items for part in item.taxed]
    found = {tax.vat_bp: (tax.gross_cents, tax.vat_cents) for tax in taxes(taxed)}
    free = sum(cents for cents, rate in taxed if not rate)
    return {**found, 0: (free, 0)} if free else found


def orders_table(moves: Iterator[Movement]) -> Iterator[Row]:
    """A row per order sold: sums, what was collected and returned, the fee of cancellations."""
    yield [
        "number",
        "booked_on",
        "state",
        "language",
        "country",
        "paid_by",
        "currency",
        "items",
        "total",
        "collected",
        "returned",
        "cancelled",
        "cancellation_fee",
    ]
    for move in moves:
        if move.sign < 0:
            continue
        order, payments = move.order, list(move.order.payments.all())
        done = [row for row in order.cancellations.all() if row.state == row.State.DONE]
        yield [
            *(order.number, move.day.isoformat(), order.state, order.language, order.country),
            *(order.payment_method, order.currency, len(move.items), money(order.total_cents)),
            money(sum(payment.collected_cents for payment in payments)),
            money(sum(payment.returned_cents for payment in payments)),
            money(sum(item.total_cents for item in move.items if item.cancelled_at)),
            money(sum(row.fee_cents for row in done)),
        ]


def lines_table(moves: Iterator[Movement]) -> Iterator[Row]:
    """A row per item sold or given back."""
    yield [
        "day",
        "what",
        "number",
        "kind",
        "title",
        "visitor",
        "museum",
        "visit",
        "quantity",
        "gross",
        "vat_rates",
    ]
    for move in moves:
        what = "sale" if move.sign > 0 else "cancellation"
        for item in move.items:
            visit = timezone.localtime(item.slot_at).strftime("%Y-%m-%d %H:%M") if item.slot_at else ""
            rates = sorted({rate for _cents, rate in item.taxed})
            yield [
                *(move.day.isoformat(), what, move.order.number, item.kind, item.title, item.visitor),
                *(item.museum, visit, move.sign * item.quantity, money(move.sign * item.total_cents)),
                ", ".join(percent(rate) for rate in rates),
            ]


def vat_table(moves: Iterator[Movement]) -> Iterator[Row]:
    """A row per month and VAT rate."""
    yield ["month", "vat_rate", "gross", "net", "vat"]
    sums: dict[tuple[str, int], tuple[int, int]] = {}
    for move in moves:
        for rate, (gross, part) in move.vat.items():
            gross_sum, vat_sum = sums.get((move.month, rate), (0, 0))
            sums[move.month, rate] = gross_sum + move.sign * gross, vat_sum + move.sign * part
    for (month, rate), (gross, part) in sorted(sums.items()):
        yield [month, percent(rate), money(gross), money(gross - part), money(part)]


def settlement_table(moves: Iterator[Movement]) -> Iterator[Row]:
    """A row per month, museum and kind: what was sold, what the shop keeps of it, what is the museum's."""
    yield ["month", "museum", "kind", "quantity", "gross", "commission_percent", "commission", "museum_gets"]
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    for move in moves:
        for item in move.items:
            group = (move.month, item.museum, item.kind)
            pieces, gross = sums.get(group, (0, 0))
            sums[group] = pieces + move.sign * item.quantity, gross + move.sign * item.total_cents
    rules = {(rule.museum, rule.kind): rule.percent for rule in Commission.objects.all()}
    for (month, museum, kind), (pieces, gross) in sorted(sums.items()):
        rate = commission_percent(rules, museum, kind)
        kept = commission_cents(gross, rate)
        yield [month, museum, kind, pieces, money(gross), rate, money(kept), money(gross - kept)]


def commission_percent(rules: dict[tuple[str, str], Decimal], museum: str, kind: str) -> Decimal:
    """Return the most exact rule: of this museum and kind, of the museum, of the kind, of everything, else nothing."""
    keys = ((museum, kind), (museum, ""), ("", kind), ("", ""))
    return next((rules[key] for key in keys if key in rules), Decimal(0))


def commission_cents(gross_cents: int, rate: Decimal) -> int:
    """Return so many per cent in cents, rounded half away from zero."""
    return int((gross_cents * rate / 100).quantize(Decimal(1), ROUND_HALF_UP))


def money(cents: int) -> Decimal:
    """Return cents as an exact amount with two digits."""
    return Decimal(cents).scaleb(-2).quantize(Decimal("0.01"))


def percent(basis_points: int) -> str:
    return f"{Decimal(basis_points).scaleb(-2).normalize():f} %"


def _booked_at() -> Coalesce:
    """When the museum said yes; of orders whose answer was found out later, when they were reserved."""

    def ended(step: Step) -> Subquery:
        done = JournalEntry.objects.filter(order=OuterRef("pk"), step=step, outcome=Outcome.OK)
        return Subquery(done.order_by("id").values("ended_at")[:1], output_field=DateTimeField())

    return Coalesce(ended(Step.FINALIZE), ended(Step.CREATE), "created_at")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


C = Export.Content
TABLES: dict[str, Table] = {
    C.ORDERS: orders_table,
    C.LINES: lines_table,
    C.VAT: vat_table,
    C.SETTLEMENT: settlement_table,
}
