"""What the desk writes down itself: whose data has gone, and the proof that the rules of keeping were followed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Order


class Erasure(models.Model):
    """An order without (some of) its personal data. One row per order; its extent only grows."""

    class Extent(models.TextChoices):
        VISIT = "visit", _("names of visitors, printed tickets and links; what an invoice needs is kept")
        ALL = "all", _("everything that names a person")

    class Reason(models.TextChoices):
        RULE = "rule", _("by the rules of keeping")
        WISH = "wish", _("at the wish of the person")

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="erasure")
    extent = models.CharField(_("what has gone"), max_length=10, choices=Extent)
    reason = models.CharField(_("why"), max_length=10, choices=Reason)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        permissions = [
            ("export_person", "Can hand out the data of a person"),
            ("erase_person", "Can erase the data of a person"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.extent}"


class RetentionRun(models.Model):
    """One night's run. `counts` by rule: {"days", "done", "held"}; held is due but still needed, see `anonymising`."""

    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)  # None: it died, or runs
    counts = models.JSONField(_("counts"), default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("run of the rules of keeping")
        verbose_name_plural = _("runs of the rules of keeping")

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M}"
