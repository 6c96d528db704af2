"""The row of a basket: who changes what is in it takes it first, by one conditional UPDATE."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from checkout.models import Basket

KEPT = timedelta(days=settings.RETENTION_DAYS["baskets"])


def locked(basket: Basket | None) -> Basket | None:
    """The basket, its row ours until the transaction ends; None while its order is under way or done.

    Who takes it still wants it: it is kept for another week.
    """
    if basket is None:
        return None
    mine = Basket.objects.filter(pk=basket.pk, order=None)
    return basket if mine.update(touched_at=timezone.now()) else None
