"""What the law wants kept of an order: the texts it was placed under, and declarations to withdraw."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.models import Letter


def new_secret() -> str:
    """The key in the link to a receipt."""
    return secrets.token_urlsafe(24)


class TextCopy(models.Model):
    """The words of a text, kept once however many orders were placed under it; named by their SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()  # sanitised HTML

    def __str__(self) -> str:
        return self.sha256


class AgreedText(models.Model):
    """One text an order was placed under. `version` is the seller's; None for what has none (placeholders, notices)."""

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="texts")
    name = models.CharField(_("text"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    version = models.PositiveBigIntegerField(_("version"), null=True)
    copy = models.ForeignKey(TextCopy, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["order", "name"], name="one_text_per_name_and_order")]

    def __str__(self) -> str:
        return self.title


class Withdrawal(models.Model):
    """A declaration to withdraw, as it came in. It counts as received whether or not an order is found for it."""

    class Forward(models.TextChoices):
        NONE = "none", _("nothing to pass on: no booked order found")
        WAITING = "waiting", _("to be passed on to the museum")
        SENDING = "sending", _("being passed on")
        SENT = "sent", _("passed on to the museum")
        DOUBT = "doubt", _("in doubt: ask the museum before passing it on again")
        REFUSED = "refused", _("refused by the museum’s system")

    secret = models.CharField(max_length=64, unique=True, default=new_secret)
    nonce = models.CharField(
        max_length=64, unique=True
    )  # of the confirmed page: two clicks are one declaration
    received_at = models.DateTimeField(_("received at"), default=timezone.now, db_index=True)
    language = models.CharField(max_length=10)
    number = models.CharField(_("contract as named"), max_length=200)
    given_name = models.CharField(_("first name"), max_length=100)
    family_name = models.CharField(_("last name"), max_length=100)
    email = models.EmailField(_("e-mail"))
    note = models.TextField(_("note"), blank=True)
    order = models.ForeignKey(
        "orders.Order", null=True, blank=True, on_delete=models.SET_NULL, related_name="withdrawals"
    )
    receipt = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    forward = models.CharField(
        _("at the museum"), max_length=10, choices=Forward, default=Forward.NONE, db_index=True
    )
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)  # staff have dealt with it
    settled_by = models.CharField(_("settled by"), max_length=150, blank=True)

    class Meta:
        ordering = ["-received_at"]
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")

    def __str__(self) -> str:
        return self.number
