"""What comparing our orders with the museum's and with the money has found, at night and before visits."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Comparison(models.Model):
    """One run. `whole`: everything the museum has of these days was read, so what was not there is missing."""

    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    since = models.DateField(_("orders since"))
    theirs = models.PositiveIntegerField(_("orders of the museum"), default=0)
    ours = models.PositiveIntegerField(_("orders of the shop"), default=0)
    whole = models.BooleanField(_("everything was read"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M}"


class Finding(models.Model):
    """One thing that does not agree, one row however often it is found. `key` names it; `facts` hold no tokens."""

    class Kind(models.TextChoices):
        WAITING = "waiting", _("paid, but not booked yet: tried again")
        LEFT = "left", _("a reservation nobody needs: given back")
        UNPAID = "unpaid", _("booked at the museum, but not paid here")
        UNBOOKED = "unbooked", _("booked here, but not at the museum")
        CANCELLED = "cancelled", _("cancelled at the museum")
        PARTLY = "partly", _("partly cancelled at the museum")
        MISSING = "missing", _("not found at the museum")
        PRICE = "price", _("another total at the museum")
        UNKNOWN = "unknown", _("an order at the museum that this shop does not know")
        KEPT = "kept", _("money of an order that came to nothing is still here")
        MONEY_GONE = "money_gone", _("the payment provider no longer has the money")

    # The engine or time settles these; everything else is for staff.
    BY_ITSELF = (Kind.WAITING, Kind.LEFT)

    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=200, unique=True)
    order = models.ForeignKey("orders.Order", null=True, on_delete=models.CASCADE, related_name="findings")
    reference = models.CharField(_("number"), max_length=100)
    made_at = models.DateTimeField(null=True)  # when the order it is about was placed
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    gone_at = models.DateTimeField(_("gone by itself"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.CharField(_("settled by"), max_length=150, blank=True)
    facts = models.JSONField(_("facts"), default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.key
