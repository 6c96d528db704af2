"""Where visitors go and what lets them in: museums, exhibitions, tickets."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from catalog.models.base import Mirrored, MirrorQuerySet, Place, ProductQuerySet, pick
from catalog.prices import gross
from catalog.visitors import VisitorKind


class TicketQuerySet(ProductQuerySet["Ticket"]):
    def with_page(self) -> MirrorQuerySet[Ticket]:
        """Tickets for a day, ordinary and combined ones: neither annual tickets nor parts of combined ones."""
        return self.live().filter(is_sub_ticket=False).exclude(ticket_type=Ticket.Type.ANNUAL)

    def sellable(self) -> MirrorQuerySet[Ticket]:
        """Ordinary tickets on sale: neither annual nor combined ones, no parts, nothing the visitor composes."""
        return self.with_page().filter(bookable=True, is_mantle=False, sub_ticket_ids=[])

    def combined(self) -> MirrorQuerySet[Ticket]:
        """Combined tickets on sale: each of their parts is entered at a time of its own."""
        return self.with_page().filter(bookable=True, is_mantle=False).exclude(sub_ticket_ids=[])

    def annual(self) -> MirrorQuerySet[Ticket]:
        """Annual tickets on sale: no day, no time, no places to run out of."""
        return self.live().filter(ticket_type=Ticket.Type.ANNUAL, bookable=True, is_sub_ticket=False)


class Museum(Mirrored, Place):
    objects = ProductQuerySet["Museum"].as_manager()

    class Meta:
        ordering = ["shop_order", "-featured", "id"]
        verbose_name = _("museum")
        verbose_name_plural = _("museums")


class OpeningHours(models.Model):
    """One day of one museum; both times null: closed."""

    museum = models.ForeignKey(Museum, on_delete=models.CASCADE, related_name="opening_hours")
    day = models.DateField()
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("opening hours")
        constraints = [models.UniqueConstraint(fields=["museum", "day"], name="one_row_per_museum_and_day")]

    def __str__(self) -> str:
        return f"{self.museum_id} {self.day}"


class Exhibition(Mirrored, Place):
    museum = models.ForeignKey(Museum, null=True, on_delete=models.SET_NULL, related_name="exhibitions")
    teasers = models.JSONField(default=dict)
    time_frames = models.JSONField(default=list)  # [{"start": ISO, "end": ISO}], empty: permanent
    starts_on = models.DateField(null=True, db_index=True)
    ends_on = models.DateField(null=True, db_index=True)

    objects = ProductQuerySet["Exhibition"].as_manager()

    class Meta:
        ordering = ["shop_order", "-featured", "id"]
        verbose_name = _("exhibition")
        verbose_name_plural = _("exhibitions")

    @property
    def teaser(self) -> str:
        return pick(self.teasers)

    @property
    def permanent(self) -> bool:
        return not self.time_frames

    def runs_on(self, day: date) -> bool:
        """Whether it is open to visitors on `day`: permanent, or inside one of its time frames."""
        return self.permanent or any(_covers(frame, day) for frame in self.time_frames)


def _covers(frame: dict[str, str | None], day: date) -> bool:
    start, end = (parse_datetime(frame[side] or "") for side in ("start", "end"))
    return (start is None or localtime(start).date() <= day) and (end is None or day <= localtime(end).date())


class Ticket(Mirrored, Place):
    class Type(models.TextChoices):
        TIME_SLOT = "time_slot"
        NORMAL = "normal"
        ANNUAL = "annual"

    class Visitor(models.TextChoices):
        ADULT = VisitorKind.ADULT, _("adult")
        REDUCED = VisitorKind.REDUCED, _("reduced")
        CHILD = VisitorKind.CHILD, _("child")
        FAMILY = VisitorKind.FAMILY, _("family")
        GROUP = VisitorKind.GROUP, _("group")
        OTHER = VisitorKind.OTHER, _("other")

    ticket_type = models.CharField(max_length=20, choices=Type.choices)
    bookable = models.BooleanField()
    museums = models.ManyToManyField(Museum, related_name="tickets", blank=True)
    exhibitions = models.ManyToManyField(Exhibition, related_name="tickets", blank=True)
    quota_ids = models.JSONField(default=list)
    price_cents = models.PositiveBigIntegerField()
    dynamic_prices = models.JSONField(default=dict)  # slot key -> cents
    discount = models.PositiveSmallIntegerField(default=0)  # per cent
    vat_bp = models.PositiveIntegerField(default=0)  # basis points: 700 is 7 %
    tax_included = models.BooleanField(default=True)
    first_entry = models.PositiveSmallIntegerField(null=True)  # minutes of the day, wall clock
    last_entry = models.PositiveSmallIntegerField(null=True)
    entry_duration = models.PositiveSmallIntegerField(null=True)
    min_persons = models.PositiveIntegerField(default=0)
    max_persons = models.PositiveIntegerField(null=True)  # null: no limit of its own
    attendees_required = models.BooleanField(default=False)
    personalizeable = models.BooleanField(default=False)
    identification = models.BooleanField(default=False)
    after_sale = models.JSONField(default=dict)
    sub_ticket_ids = models.JSONField(default=list)
    is_sub_ticket = models.BooleanField(default=False)
    min_gap_minutes = models.PositiveIntegerField(null=True)  # between two parts of a combined ticket
    is_mantle = models.BooleanField(default=False)  # the visitor composes it of `parts`
    parts = models.JSONField(default=list)  # [{"id", "titles", "descriptions", "min_persons", "max_persons"}]
    contents = models.JSONField(default=dict)  # key -> language -> sanitised HTML
    visitor_kind = models.CharField(_("visitor kind"), max_length=10, choices=Visitor, default=Visitor.OTHER)
    visitor_kind_by_staff = models.CharField(
        _("visitor kind, corrected"),
        max_length=10,
        choices=Visitor,
        blank=True,
        default="",
        help_text=_("Blank: as the titles tell. A correction is kept whatever the ticket system says."),
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["shop_order", "id"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")

    @property
    def visitor(self) -> VisitorKind:
        """Whom it is for: as staff say, else as its titles tell."""
        return VisitorKind(self.visitor_kind_by_staff or self.visitor_kind)

    @property
    def whole_day(self) -> bool:
        """Whether one entry is good for the whole day."""
        return self.ticket_type != self.Type.TIME_SLOT

    @property
    def gross_cents(self) -> int:
        """What a visitor pays for one, discount taken off and VAT added."""
        return self.gross_at("")

    def gross_at(self, key: str, number: int = 1) -> int:
        """What visitors pay for so many at the slot `key`."""
        cents = self.dynamic_prices.get(key, self.price_cents)
        return gross(
            cents, number, discount=self.discount, vat_bp=self.vat_bp, tax_included=self.tax_included
        )

    @property
    def about(self) -> SafeString:
        """What it includes, in the words meant for shops, else in its description."""
        words = pick(self.contents.get("shop_description", {})) or pick(self.descriptions)
        return mark_safe(words)  # noqa: S308 - sanitised before it was stored

    @property
    def after_sale_information(self) -> SafeString:
        return mark_safe(pick(self.after_sale))  # noqa: S308 - sanitised before it was stored
