"""What the shop as a whole keeps: the doctor's findings, the seller's legal texts, and mails that no order sends."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FeatureFinding(models.Model):
    """Whether the ticket system has one optional feature; None: nobody can know yet."""

    name = models.CharField(_("feature"), max_length=40, unique=True)
    found = models.BooleanField(_("found"), null=True)
    why = models.CharField(_("why"), max_length=300)
    checked_at = models.DateTimeField(_("checked at"), default=timezone.now)

    class Meta:
        ordering = ["name"]
        verbose_name = _("feature of the ticket system")
        verbose_name_plural = _("features of the ticket system")

    def __str__(self) -> str:
        return self.name


class LegalText(models.Model):
    """One version of one text in one language. A draft may change; once published it never does, and stays."""

    class Name(models.TextChoices):
        IMPRINT = "imprint", _("Imprint")
        TERMS = "terms", _("Terms")
        PRIVACY = "privacy", _("Privacy")
        WITHDRAWAL = "withdrawal", _("Right of withdrawal")
        ACCESSIBILITY = "accessibility", _("Accessibility")

    name = models.CharField(_("text"), max_length=20, choices=Name)
    language = models.CharField(_("language"), max_length=10)
    body = models.TextField(_("body"))  # sanitised HTML
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        ordering = ["name", "language", "-published_at", "-id"]
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")

    def __str__(self) -> str:
        return f"{self.get_name_display()} ({self.language})"


class Letter(models.Model):
    """A mail that belongs to no order, written at once and sent once. `message_id` is fixed beforehand."""

    class Kind(models.TextChoices):
        WITHDRAWAL = "withdrawal", _("receipt of a withdrawal")
        ORDERS = "orders", _("links of one’s orders")
        NEWSLETTER = "newsletter", _("confirmation of a newsletter")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("refused by the mail server")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    recipient = models.EmailField(_("recipient"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, db_index=True)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
