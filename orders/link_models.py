"""Wishes to be sent the links of one's orders by e-mail."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class LinkRequest(models.Model):
    """Somebody gave an address on a page; a worker looks whether it has orders. Forgotten after a day."""

    email = models.EmailField()
    language = models.CharField(max_length=10)
    client = models.CharField(max_length=64)  # a keyed hash of where it came from, only to be counted
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
