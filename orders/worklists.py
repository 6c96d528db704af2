"""Which orders wait for staff, and why. Each list empties by what is done to the orders, never by being read."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from orders.lifecycle import IN_DOUBT, State
from orders.models import Cancellation, Card, Delivery, Document, Order, Payment, Refund

BOOKING_TAKES = timedelta(minutes=5)  # a paid order that is not booked by then has met trouble
DOCUMENTS_TAKE = timedelta(minutes=15)
CANCELLING_TAKES = timedelta(minutes=15)
CARDS_TAKE = timedelta(minutes=15)

Orders = QuerySet[Order]


def attention(orders: Orders) -> Orders:
    """Orders the engine cannot finish alone, or with money somebody must see to."""
    troubled = Payment.objects.filter(order=OuterRef("pk"), settled=False).exclude(trouble="")
    owed = Refund.objects.filter(order=OuterRef("pk"), by_hand=True).exclude(state=Refund.State.DONE)
    return orders.filter(~Q(attention="") | Exists(troubled) | Exists(owed))


def unbooked(orders: Orders) -> Orders:
    """Paid, or about to be collected, and still not booked at the museum."""
    late = timezone.now() - BOOKING_TAKES
    return orders.filter(state__in=[State.AUTHORISED, State.PAID], state_since__lte=late)


def doubt(orders: Orders) -> Orders:
    """A call was sent and its outcome is not known."""
    return orders.filter(state__in=sorted(IN_DOUBT))


def documents(orders: Orders) -> Orders:
    """Booked for a while, and tickets or an invoice are still missing."""
    needed = Document.objects.filter(order=OuterRef("pk"), kind__in=Document.PAPERS)
    missing = needed.exclude(state=Document.State.STORED)
    late = timezone.now() - DOCUMENTS_TAKE
    booked = orders.filter(state__in=[State.FINALIZED, State.READY], state_since__lte=late)
    return booked.filter(Q(state=State.FINALIZED) | Exists(missing.filter(state=Document.State.WAITING)))


def mails(orders: Orders) -> Orders:
    """The newest mail of its kind was refused for good."""
    later = Delivery.objects.filter(
        order=OuterRef("order"), kind=OuterRef("kind"), serial__gt=OuterRef("serial")
    )
    failed = Delivery.objects.filter(order=OuterRef("pk"), state=Delivery.State.FAILED)
    return orders.filter(Exists(failed.filter(~Exists(later))))


def cancellations(orders: Orders) -> Orders:
    """A customer has given something back, and the museum has not said yet that it is cancelled."""
    late = timezone.now() - CANCELLING_TAKES
    stuck = Cancellation.objects.filter(state__in=Cancellation.OPEN, asked_at__lte=late)
    return orders.filter(Exists(stuck.filter(order=OuterRef("pk"))))


def cards(orders: Orders) -> Orders:
    """Somebody was named for an annual ticket, and whether the museum knows is in doubt, or it refused."""
    late = timezone.now() - CARDS_TAKE
    mine = Card.objects.filter(item__order=OuterRef("pk"), item__cancelled_at=None)
    stuck = mine.filter(Q(state__in=Card.UNDER_WAY, state_since__lte=late) | Q(state=Card.State.REFUSED))
    return orders.filter(Exists(stuck))


LISTS: dict[str, Callable[[Orders], Orders]] = {
    "yes": attention,
    "unbooked": unbooked,
    "doubt": doubt,
    "documents": documents,
    "mails": mails,
    "cancellations": cancellations,
    "cards": cards,
}
