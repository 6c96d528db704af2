"""Cancellations after the sale, as customers asked for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Cancellation(models.Model):
    """Items a customer gives back. Money moves only once the museum has said that they are cancelled.

    `by_museum`: nobody asked, the museum has cancelled them by itself. Then staff see to the money.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to be cancelled at the museum")
        DOUBT = "doubt", _("sent to the museum, outcome not known yet")
        DONE = "done", _("cancelled")
        REFUSED = "refused", _("refused by the museum")

    OPEN = (State.WAITING, State.DOUBT)

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="cancellations")
    serial = models.PositiveSmallIntegerField()  # counts within the order
    item_ids = models.JSONField()  # of our items
    whole = models.BooleanField()  # everything that was left of the order
    by_museum = models.BooleanField(default=False)
    fee_cents = models.PositiveBigIntegerField()
    refund_cents = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "serial"], name="one_cancellation_per_serial"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["doubt", "waiting"]),
                name="one_open_cancellation_per_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}-{self.serial} {self.state}"
