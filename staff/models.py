"""What the desk writes down itself: whose data has gone, that the rules of keeping were followed, figures to fetch."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderItem


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


class Commission(models.Model):
    """What the shop keeps of what it sold for a museum, in per cent of the gross price; the most exact rule counts."""

    museum = models.CharField(
        _("museum"),
        max_length=300,
        blank=True,
        help_text=_("Written as on the tickets. Blank: every museum."),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=OrderItem.Kind, blank=True, help_text=_("Blank: every kind.")
    )
    percent = models.DecimalField(
        _("per cent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )

    class Meta:
        ordering = ["museum", "kind"]
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        constraints = [
            models.UniqueConstraint(fields=["museum", "kind"], name="one_rule_per_museum_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.museum or '*'} {self.kind or '*'}: {self.percent} %"


class Export(models.Model):
    """One file of figures: asked for, made by a worker, kept for some days. `key` makes the monthly ones unique."""

    class Content(models.TextChoices):
        ORDERS = "orders", _("orders")
        LINES = "lines", _("lines: every item sold or given back")
        VAT = "vat", _("VAT per month and rate")
        SETTLEMENT = "settlement", _("settlement per museum and month")

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", _("Excel (XLSX)")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        EXPIRED = "expired", _("expired, its file is gone")

    content = models.CharField(_("content"), max_length=20, choices=Content)
    form = models.CharField(_("format"), max_length=10, choices=Form, default=Form.XLSX)
    since = models.DateField(_("from"))
    until = models.DateField(_("up to and including"))
    key = models.CharField(max_length=60, unique=True, null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    orders_done = models.PositiveIntegerField(_("orders read"), default=0)
    orders_total = models.PositiveIntegerField(_("orders in all"), default=0)
    file = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    asked_by = models.CharField(_("asked for by"), max_length=150, blank=True)  # blank: the schedule
    created_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(_("made at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="export_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.content}-{self.since}-{self.until}.{self.form}"
