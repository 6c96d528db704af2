"""Newsletters ordered, with the proof that they were."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """The key in the link of the confirmation."""
    return secrets.token_urlsafe(24)


class Subscription(models.Model):
    """One wish for newsletters: the words that were ticked, when, and when the link in the mail was used."""

    token = models.CharField(max_length=64, unique=True, default=new_token)
    email = models.EmailField(_("e-mail"), db_index=True)
    groups = models.JSONField(_("newsletters"))  # [{"id": as upstream numbers them, "name": as it was shown}]
    language = models.CharField(_("language"), max_length=10)
    wording = models.TextField(_("wording of the consent"))
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    left_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("newsletter subscription")
        verbose_name_plural = _("newsletter subscriptions")

    def __str__(self) -> str:
        return self.email

    @property
    def names(self) -> str:
        """What was ordered, in words."""
        return ", ".join(group["name"] for group in self.groups)
