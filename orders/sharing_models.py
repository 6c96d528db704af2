"""Links that show one ticket of an order and nothing else of it."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone


def new_secret() -> str:
    """192 random bits: the key in the link."""
    return secrets.token_urlsafe(24)


class TicketShare(models.Model):
    """A link given away for one ticket; once revoked it shows nothing, and never works again."""

    item = models.ForeignKey("orders.OrderItem", on_delete=models.CASCADE, related_name="shares")
    admission = models.ForeignKey(
        "orders.Admission", null=True, on_delete=models.CASCADE, related_name="shares"
    )  # None: a booking without a barcode
    secret = models.CharField(max_length=64, unique=True, default=new_secret)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["admission"],
                condition=Q(revoked_at=None, admission__isnull=False),
                name="one_live_link_per_admission",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(revoked_at=None, admission__isnull=True),
                name="one_live_link_per_booking",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.admission_id or ''}".strip()
