"""What is led by somebody, vouchers, and the words of the ticket system by which people choose."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models.base import Kept, Mirrored, MirrorQuerySet, Place, ProductQuerySet, pick
from catalog.models.catalogue import Exhibition, Museum


class Term(Kept):
    """A word of one of upstream's small lists: a tag, a country, a way of sending. Its id is `kind:number`."""

    class Kind(models.TextChoices):
        CATEGORIES = "categories", _("categories")
        LANGUAGES = "languages", _("languages")
        AGE_GROUPS = "age_groups", _("age groups")
        AUDIENCES = "audiences", _("audiences")
        CATCH_WORDS = "catch_words", _("catch words")
        PROPOSAL_CATEGORIES = "proposal_categories", _("kinds of offers")
        GRADES = "grades", _("grades")
        DISABLEMENTS = "disablements", _("accessibility")
        NEWSLETTER_GROUPS = "newsletter_groups", _("newsletters")
        COUNTRIES = "countries", _("countries")
        STATES = "states", _("states")
        DISPATCH_MODES = "dispatch_modes", _("ways of sending")

    id = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, db_index=True)
    remote_id = models.PositiveBigIntegerField()
    code = models.CharField(max_length=100, blank=True)  # two letters of a country, the filter name of a tag
    country_id = models.PositiveBigIntegerField(null=True)  # of a state, as upstream numbers countries

    objects = MirrorQuerySet["Term"].as_manager()

    class Meta:
        ordering = ["kind", "remote_id"]
        verbose_name = _("list entry")
        verbose_name_plural = _("list entries")


class Offer(Mirrored, Place):
    """What events and tours have in common."""

    museum = models.ForeignKey(Museum, null=True, on_delete=models.SET_NULL, related_name="%(class)ss")
    exhibition = models.ForeignKey(
        Exhibition, null=True, on_delete=models.SET_NULL, related_name="%(class)ss"
    )
    category = models.ForeignKey(Term, null=True, on_delete=models.SET_NULL, related_name="+")
    tags = models.ManyToManyField(Term, related_name="%(class)ss", blank=True)  # all but the category
    bookable = models.BooleanField(default=False)
    registerable = models.BooleanField(default=False)
    registration_url = models.CharField(max_length=1000, blank=True)
    contents = models.JSONField(default=dict)  # key -> language -> sanitised HTML

    class Meta:
        abstract = True


class Event(Offer):
    """What takes place at fixed times; what is sold are its dates."""

    ticket_ids = models.JSONField(default=list)  # admission that goes with it

    objects = ProductQuerySet["Event"].as_manager()

    class Meta:
        ordering = ["shop_order", "-featured", "id"]
        verbose_name = _("event")
        verbose_name_plural = _("events")


class Tour(Offer):
    """What starts when the visitor wants."""

    has_equipment = models.BooleanField(default=False)
    equipment = models.JSONField(default=list)  # [{"id", "titles", "descriptions"}]
    depends_on_language = models.BooleanField(default=False)
    duration = models.PositiveIntegerField(null=True)  # minutes
    min_participants = models.PositiveIntegerField(null=True)
    max_participants = models.PositiveIntegerField(null=True)

    objects = ProductQuerySet["Tour"].as_manager()

    class Meta:
        ordering = ["shop_order", "-featured", "id"]
        verbose_name = _("tour")
        verbose_name_plural = _("tours")


class DateQuerySet(MirrorQuerySet["EventDate"]):
    def live(self) -> DateQuerySet:
        """What upstream still has, of events that staff do not hide."""
        return self.filter(retired_at__isnull=True, event__hidden=False)

    def coming(self) -> MirrorQuerySet[EventDate]:
        """What upstream still has and has not begun, soonest first."""
        return self.live().filter(start_time__gte=timezone.now()).order_by("start_time", "id")


class EventDate(Kept):
    """One date of an event as lists tell it; free seats, prices and seat plans are asked for when it is chosen."""

    id = models.PositiveBigIntegerField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="dates")
    museum = models.ForeignKey(Museum, null=True, on_delete=models.SET_NULL, related_name="+")
    exhibition = models.ForeignKey(Exhibition, null=True, on_delete=models.SET_NULL, related_name="+")
    category = models.ForeignKey(Term, null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.ForeignKey(Term, null=True, on_delete=models.SET_NULL, related_name="+")
    start_time = models.DateTimeField(db_index=True)
    duration = models.PositiveIntegerField(null=True)  # minutes
    sub_titles = models.JSONField(default=dict)
    bookable = models.BooleanField(default=False)
    registerable = models.BooleanField(default=False)
    registration_url = models.CharField(max_length=1000, blank=True)
    price_from = models.PositiveBigIntegerField(null=True)  # gross cents, null: the list tells no price
    min_seats = models.PositiveIntegerField(default=0)  # smallest booking
    max_seats = models.PositiveIntegerField(null=True)  # size of the room
    seats_per_order = models.PositiveIntegerField(null=True)
    overbook = models.BooleanField(default=False)  # may be sold beyond its size

    objects = DateQuerySet.as_manager()

    class Meta:
        ordering = ["start_time", "id"]
        verbose_name = _("event date")
        verbose_name_plural = _("event dates")
        indexes = [models.Index(fields=["event", "start_time"], name="dates_of_event_by_time")]

    @property
    def sub_title(self) -> str:
        return pick(self.sub_titles)

    @property
    def day(self) -> date:
        """The day at the venue."""
        return timezone.localtime(self.start_time).date()

    @property
    def ends_at(self) -> datetime | None:
        return self.start_time + timedelta(minutes=self.duration) if self.duration else None


class Coupon(Mirrored):
    """A voucher for sale."""

    price_cents = models.PositiveBigIntegerField()
    value_cents = models.PositiveBigIntegerField(null=True)  # null: not told
    vat_bp = models.PositiveIntegerField(default=0)
    shipped_with = models.PositiveBigIntegerField(
        null=True
    )  # article that must be ordered too, for its shipping
    contents = models.JSONField(default=dict)

    objects = ProductQuerySet["Coupon"].as_manager()

    class Meta:
        ordering = ["shop_order", "-featured", "price_cents", "id"]
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
