"""The numbers behind the charts: counted in the database, by days of the museums' time zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from checkout.models import Basket
from orders.lifecycle import Outcome, State, Step
from orders.models import JournalEntry, Order, OrderItem

DAYS = 30
SOLD = (State.FINALIZED, State.READY)
AT_THE_MUSEUM = (Step.CREATE, Step.LOOKUP, Step.FINALIZE, Step.CANCEL)
MOST_MUSEUMS = 12


@dataclass(frozen=True, slots=True)
class Day:
    """One day: orders booked and their gross cents; calls to the museum, how many failed, mean milliseconds."""

    day: date
    orders: int = 0
    cents: int = 0
    calls: int = 0
    failed: int = 0
    milliseconds: int | None = None


def days() -> list[Day]:
    """The last `DAYS` days up to today, those without anything too."""
    sold, called = _sold(), _called()
    found = []
    for back in reversed(range(DAYS)):
        day = timezone.localdate() - timedelta(days=back)
        orders, cents = sold.get(day, (0, 0))
        calls, failed, milliseconds = called.get(day, (0, 0, None))
        found.append(Day(day, orders, cents, calls, failed, milliseconds))
    return found


def museums() -> Sequence[tuple[str, int, int]]:
    """Museums by what was sold in these days: name as sold, pieces, gross cents. The largest first."""
    items = OrderItem.objects.filter(order__created_at__gte=_begin(), order__state__in=SOLD)
    sums = items.values("museum").annotate(pieces=Sum("quantity"), cents=Sum("total_cents"))
    return [
        (row["museum"], row["pieces"], row["cents"])
        for row in sums.order_by("-cents", "museum")[:MOST_MUSEUMS]
    ]


def baskets() -> tuple[int, int, int]:
    """What became of the baskets that are still kept: baskets with something in them, ordered, booked."""
    filled = Basket.objects.filter(
        Q(lines__isnull=False) | Q(goods__isnull=False) | Q(order__isnull=False)
    ).distinct()
    return (
        filled.count(),
        filled.filter(order__isnull=False).count(),
        filled.filter(order__state__in=SOLD).count(),
    )


def _begin() -> datetime:
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    return timezone.make_aware(datetime.combine(first, time.min))


def _sold() -> Mapping[date, tuple[int, int]]:
    orders = Order.objects.filter(created_at__gte=_begin(), state__in=SOLD).order_by()
    rows = orders.annotate(day=TruncDate("created_at")).values("day")
    return {
        row["day"]: (row["number"], row["cents"])
        for row in rows.annotate(number=Count("pk"), cents=Sum("total_cents"))
    }


def _called() -> Mapping[date, tuple[int, int, int | None]]:
    entries = JournalEntry.objects.filter(begun_at__gte=_begin(), step__in=AT_THE_MUSEUM).order_by()
    took = ExpressionWrapper(F("ended_at") - F("begun_at"), output_field=DurationField())
    failed = Q(outcome__in=[Outcome.UNAVAILABLE, Outcome.UNKNOWN])
    rows = entries.annotate(day=TruncDate("begun_at")).values("day")
    sums = rows.annotate(number=Count("pk"), failed=Count("pk", filter=failed), took=Avg(took))
    return {row["day"]: (row["number"], row["failed"], _milliseconds(row["took"])) for row in sums}


def _milliseconds(took: timedelta | None) -> int | None:
    return None if took is None else round(took / timedelta(milliseconds=1))
