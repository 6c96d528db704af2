"""What a buyer thought of the visit: asked after it where the museum takes it, given once, passed on by a worker."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders import journal, visits
from orders.lifecycle import State, Step
from orders.models import Order, Rating
from shop import gateway
from shop.api import records
from shop.api.errors import GomusError, Refused
from shop.jobs import Job
from shop.queue import ring

LATEST = timedelta(hours=6)
GIVEN_UP = 20  # attempts, some days


def may_rate(order: Order) -> bool:
    """Is the visit over, and does anybody at the museum want to know? Once it is rated, no longer."""
    if not settings.GOMUS_CUSTOMER_TOKEN or order.state != State.READY or not order.upstream_token:
        return False
    return visits.all_over(order) and not Rating.objects.filter(order=order).exists()


def rate(order: Order, stars: int) -> bool:
    """Take one to five stars; False when they may not be given (any more). Of two at once the first counts."""
    if not may_rate(order):
        return False
    with transaction.atomic():
        row, new = Rating.objects.get_or_create(order=order, defaults={"stars": stars})
        if new:
            ring(Job.FORWARD_RATING, row.pk)
    return new


def due() -> list[int]:
    """Return the ids of ratings to pass on now."""
    waiting = Rating.objects.filter(state=Rating.State.WAITING, due_at__lte=timezone.now())
    return list(waiting.order_by("due_at").values_list("pk", flat=True))


def pass_on(rating_id: int) -> None:
    """Tell the museum. A repeat after a lost answer says the same again, so nothing is doubled. For workers."""
    row = Rating.objects.filter(pk=rating_id, state=Rating.State.WAITING).select_related("order").first()
    if row is None or not settings.GOMUS_CUSTOMER_TOKEN:
        return
    wait = min(timedelta(seconds=30 * 2 ** min(row.attempts, 12)), LATEST)
    mine = Rating.objects.filter(pk=row.pk, state=Rating.State.WAITING, attempts=row.attempts)
    if not mine.update(attempts=F("attempts") + 1, due_at=timezone.now() + wait):
        return
    state = Rating.State.SENT
    try:
        with journal.step(row.order, Step.RATE) as entry:
            entry.note(stars=row.stars)
            key = records.CustomerKey(settings.GOMUS_CUSTOMER_TOKEN)
            gateway.client().orders.rate(row.order.upstream_token, records.Rating(row.stars), key)
    except Refused:
        state = Rating.State.REFUSED
    except GomusError:
        state = Rating.State.WAITING if row.attempts < GIVEN_UP else Rating.State.REFUSED
    Rating.objects.filter(pk=row.pk).update(state=state)
