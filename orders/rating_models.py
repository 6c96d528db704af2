"""What buyers thought of their visit."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Rating(models.Model):
    """One to five stars for an order, given once, passed on to the museum."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to be passed on to the museum")
        SENT = "sent", _("passed on to the museum")
        REFUSED = "refused", _("refused by the museum’s system")

    order = models.OneToOneField("orders.Order", on_delete=models.CASCADE, related_name="rating")
    stars = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    given_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.stars}"
