"""The basket: rows in the database, found by one signed cookie."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone

from catalog.models import Coupon, EventDate, Ticket, Tour
from checkout.hold_models import Hold
from checkout.newsletter_models import Subscription
from checkout.pricing import HIGHEST_COUNT
from orders.models import Order

__all__ = ["Basket", "BasketGood", "BasketLine", "Hold", "Subscription"]


def new_secret() -> str:
    """What the cookie carries."""
    return secrets.token_urlsafe(18)


class Basket(models.Model):
    """What a visitor wants. While `order` is under way the content belongs to it; if it fails, the basket is back."""

    secret = models.CharField(max_length=64, unique=True, default=new_secret)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)
    revision = models.PositiveIntegerField(default=0)  # counts orders tried, so that each try has its own key
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.SET_NULL, related_name="baskets")

    def __str__(self) -> str:
        return f"#{self.pk}"


class BasketLine(models.Model):
    """One ticket kind at one entry time."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    slot_key = models.CharField(max_length=40)  # verbatim from the ticket system
    slot_at = models.DateTimeField()
    slot_ends_at = models.DateTimeField()
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["slot_at", "slot_key", "ticket__shop_order", "-ticket__price_cents", "ticket_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["basket", "ticket", "slot_key"], name="one_line_per_ticket_and_slot"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__range=(1, HIGHEST_COUNT)), name="quantity_from_1_to_1000"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.ticket_id} {self.slot_key}"


class BasketGood(models.Model):
    """Anything that is not tickets at one entry time: a row per thing and time, its choice as its kind keeps it."""

    class Kind(models.TextChoices):
        EVENT = "event"
        TOUR = "tour"
        COMBINED = "combined"
        ANNUAL = "annual"
        COUPON = "coupon"

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="goods")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    place = models.CharField(max_length=200)  # the same thing at the same time, see `goods.Good.place`
    date = models.ForeignKey(EventDate, null=True, on_delete=models.CASCADE, related_name="+")
    tour = models.ForeignKey(Tour, null=True, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="+")
    coupon = models.ForeignKey(Coupon, null=True, on_delete=models.CASCADE, related_name="+")
    choice = models.JSONField()
    quantity = models.PositiveIntegerField()  # people or pieces
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    cents = models.PositiveBigIntegerField()  # gross, as it was put into the basket
    charges = models.JSONField(default=list)  # what `cents` is made of, see `price_lists.Charge`

    class Meta:
        ordering = ["starts_at", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["basket", "place"], name="one_row_per_good_and_time"),
            models.CheckConstraint(
                condition=models.Q(quantity__range=(1, HIGHEST_COUNT)), name="good_from_1_to_1000"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(kind="event", date__isnull=False)
                    | models.Q(kind="tour", tour__isnull=False)
                    | models.Q(kind__in=["combined", "annual"], ticket__isnull=False)
                    | models.Q(kind="coupon", coupon__isnull=False)
                ),
                name="good_names_what_is_sold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.place}"
