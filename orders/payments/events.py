"""Calls of providers: written down once per event, whatever they say. What is true is asked of the provider."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from orders.models import Payment, PaymentEvent
from shop.jobs import Job
from shop.queue import ring

LEASE = timedelta(minutes=2)
LATEST = timedelta(hours=1)


class BadCall(Exception):
    """The call does not come from the provider, or nobody can read it."""


@dataclass(frozen=True, slots=True)
class Call:
    """A provider's call: its name for the event, what kind it is, and our reference of the payment."""

    event_id: str
    kind: str
    reference: str


def record(provider: str, call: Call, *, again: bool) -> PaymentEvent | None:
    """Write the event down and ring; None if it is about no payment of ours.

    The same event is one row. `again`: this provider names events by the payment alone, so the same name may be news.
    """
    payment = Payment.objects.filter(reference=call.reference, provider=provider).first()
    if payment is None:
        return None
    with transaction.atomic():
        event, new = PaymentEvent.objects.get_or_create(
            provider=provider, event_id=call.event_id, defaults={"kind": call.kind, "payment": payment}
        )
        if not new:
            news = {"handled_at": None, "due_at": timezone.now()} if again else {}
            PaymentEvent.objects.filter(pk=event.pk).update(times=F("times") + 1, **news)
        if new or again:
            ring(Job.PAYMENT_EVENT, event.pk)
    return event


def claim(event_id: int) -> PaymentEvent | None:
    """Take an event that waits; None if it is handled or somebody has it."""
    now = timezone.now()
    free = PaymentEvent.objects.filter(pk=event_id).filter(waiting())
    if not free.update(claimed_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    return PaymentEvent.objects.select_related("payment__order").get(pk=event_id)


def waiting() -> Q:
    """The events to be handled now."""
    now = timezone.now()
    return Q(handled_at=None, due_at__lte=now) & (Q(claimed_until=None) | Q(claimed_until__lte=now))


def handled(event: PaymentEvent) -> None:
    """Close the event, unless the provider called again while it was handled."""
    mine = PaymentEvent.objects.filter(pk=event.pk)
    mine.filter(times=event.times).update(handled_at=timezone.now())
    mine.update(claimed_until=None)


def later(event: PaymentEvent) -> None:
    """The provider did not answer: ask again, ever slower."""
    wait = min(timedelta(seconds=10 * 2 ** min(event.attempts, 12)), LATEST)
    PaymentEvent.objects.filter(pk=event.pk).update(due_at=timezone.now() + wait, claimed_until=None)


def due() -> list[int]:
    """Return the ids of the events that wait."""
    return list(PaymentEvent.objects.filter(waiting()).order_by("due_at").values_list("pk", flat=True))
