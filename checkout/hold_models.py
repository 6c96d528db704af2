"""Places held at the ticket system: a row for each hold that was ever asked for."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone


class Hold(models.Model):
    """Places held for a line of a basket. Written before the ticket system is asked, completed after its answer.

    A hold without a line is nobody's and is let go; one whose line has a newer one as well.
    """

    class State(models.TextChoices):
        ASKED = "asked"  # no answer yet: whoever asks may have died
        HELD = "held"
        RELEASED = "released"  # let go by us
        GONE = "gone"  # ended there, or never came to be
        UNKNOWN = "unknown"  # asked without an answer: if there is one, it ends by itself

    class Why(models.TextChoices):
        """Why there is no hold any more, or none at all."""

        REFUSED = "refused"  # by the ticket system
        SILENT = "silent"  # the ticket system did not answer
        AWAY = "away"  # nobody looked at the basket for a while
        CAP = "cap"  # it cannot be prolonged any further
        LOST = "lost"  # ended at the ticket system before we wanted

    basket = models.ForeignKey("checkout.Basket", on_delete=models.CASCADE, related_name="holds")
    line = models.ForeignKey(
        "checkout.BasketLine", null=True, on_delete=models.SET_NULL, related_name="holds"
    )
    ticket_id = models.PositiveBigIntegerField()
    slot_key = models.CharField(max_length=40)  # verbatim from the ticket system
    slot_at = models.DateTimeField()
    quantity = models.PositiveIntegerField()
    token = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED, db_index=True)
    why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    refreshed_at = models.DateTimeField(null=True)  # last said yes to
    expires_at = models.DateTimeField(null=True)  # as the ticket system told; of one in doubt, at the latest
    cap_at = models.DateTimeField(null=True)  # it cannot be prolonged beyond this

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="held")
                | models.Q(expires_at__isnull=False, cap_at__isnull=False) & ~models.Q(token=""),
                name="held_with_token_and_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.ticket_id} {self.slot_key}: {self.state}"

    def is_live(self, now: datetime) -> bool:
        """Are the places ours at this moment, as far as we were told?"""
        return self.state == self.State.HELD and self.expires_at is not None and self.expires_at > now
