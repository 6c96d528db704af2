"""Finding orders for staff by what they hold in their hands: a barcode, a number, a day."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from orders.models import Order, OrderItem
from shop import gateway
from shop.api import Patience
from shop.api.errors import Refused

# Up to the length our sheets can print; at least a digit, as every code has and hardly any name.
BARCODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z.$/+%-]{6,64}")
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y")


@dataclass(frozen=True, slots=True)
class AtMuseum:
    """An order the museum has under a barcode. `order` is None if this shop did not sell it."""

    order: Order | None
    reference: str
    cancelled: bool


def scanned(text: str) -> str:
    """What a scanner sent, without spaces and the start and stop signs of CODE 39."""
    return text.strip().strip("*").strip()


def exact(text: str) -> Order | None:
    """The one order with this number, barcode or payment; None when there is none or more than one."""
    sought = scanned(text)
    if not sought:
        return None
    named = Q(number__iexact=sought) | Q(payments__reference__iexact=sought)
    found = Order.objects.filter(named | Q(items__admissions__barcode__iexact=sought)).distinct()[:2]
    return found[0] if len(found) == 1 else None


def looks_scanned(text: str) -> bool:
    """Can this be a barcode that the museum should be asked about? Names, days and our own numbers are not."""
    sought = scanned(text)
    ours = sought.upper().startswith(f"{settings.ORDER_PREFIX}-")
    return bool(BARCODE.fullmatch(sought)) and day(sought) is None and not ours


def at_museum(text: str) -> AtMuseum | None:
    """Ask the museum whose barcode this is; None if it knows none, or not for us. Raises GomusError."""
    try:
        theirs = gateway.client().orders.by_barcode(scanned(text), patience=Patience.WEB)
    except Refused:
        return None
    ours = Order.objects.filter(upstream_token=theirs.token).exclude(upstream_token="").first()
    return AtMuseum(ours, theirs.reference or str(theirs.id or ""), theirs.is_cancelled())


def day(text: str) -> date | None:
    """The day somebody typed (2026-11-30 or 30.11.2026), None if it is not one."""
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def visiting(orders: QuerySet[Order], on: date) -> QuerySet[Order]:
    """Orders with an entry time on this day at the museums; of a combined ticket its first one counts."""
    begin = timezone.make_aware(datetime.combine(on, time.min))
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    items = OrderItem.objects.filter(slot_at__gte=begin, slot_at__lt=end)
    return orders.filter(pk__in=items.values("order"))
