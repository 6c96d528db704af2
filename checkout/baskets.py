"""The row of a basket: who changes what is in it takes it first."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from checkout.models import Basket

KEPT = timedelta(days=7)


def locked(basket: Basket | None) -> Basket | None:
    """The basket's row, ours until the transaction ends; None while its order is under way or done."""
    if basket is None:
        return None
    return Basket.objects.select_for_update().filter(pk=basket.pk, order=None).first()


def claimed(basket: Basket) -> bool:
    """Take the basket's row as `locked` does and say that somebody wants it; False while its order is under way."""
    return bool(Basket.objects.filter(pk=basket.pk, order=None).update(touched_at=timezone.now()))


def touch(basket: Basket) -> None:
    """Somebody still wants it."""
    Basket.objects.filter(pk=basket.pk).update(touched_at=timezone.now())
