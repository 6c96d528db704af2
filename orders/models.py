"""Orders: a snapshot of what was sold, its barcodes, and the journal of every step. Names what else belongs to one."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from orders.cancelling_models import Cancellation
from orders.card_models import Card
from orders.finding_models import Comparison, Finding
from orders.law_models import AgreedText, TextCopy, Withdrawal
from orders.lifecycle import FAILED, Outcome, State, Step
from orders.link_models import LinkRequest
from orders.money_models import DemoCharge, LedgerLine, Payment, PaymentEvent, Refund
from orders.paper_models import Delivery, Document
from orders.rating_models import Rating
from orders.sharing_models import TicketShare

__all__ = [
    "Admission",
    "AgreedText",
    "Cancellation",
    "Card",
    "Comparison",
    "Delivery",
    "DemoCharge",
    "Document",
    "Finding",
    "JournalEntry",
    "LedgerLine",
    "LinkRequest",
    "Order",
    "OrderItem",
    "Payment",
    "PaymentEvent",
    "Rating",
    "Refund",
    "TextCopy",
    "TicketShare",
    "Withdrawal",
]


def new_secret() -> str:
    """192 random bits: the key in an order's link."""
    return secrets.token_urlsafe(24)


class Order(models.Model):
    number = models.CharField(max_length=64, unique=True)  # also the `reference` upstream, printed there
    secret = models.CharField(max_length=64, unique=True, default=new_secret)
    key = models.CharField(max_length=100)  # see OrderSnapshot.key and the constraint below
    state = models.CharField(max_length=20, choices=State.choices, default=State.PLACED, db_index=True)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)
    state_since = models.DateTimeField(default=timezone.now)

    given_name = models.CharField(max_length=200)
    family_name = models.CharField(max_length=200)
    email = models.EmailField()
    company = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=200, blank=True)
    zip_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=100, blank=True)
    region = models.CharField(
        max_length=100, blank=True
    )  # a part of the country, where its addresses have one
    vat_id = models.CharField(max_length=20, blank=True)

    payment_method = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    total_cents = models.PositiveBigIntegerField()
    consent = models.TextField(blank=True)  # the texts agreed to and their version

    upstream_token = models.CharField(max_length=200, blank=True)
    upstream_id = models.PositiveBigIntegerField(null=True, blank=True)
    upstream_has_invoice = models.BooleanField(default=False)
    upstream_binding = models.BooleanField(default=False)  # booked by creating it: this account has no drafts
    pay_until = models.DateTimeField(null=True, blank=True)  # the draft is given back after this
    refusal = models.JSONField(default=dict, blank=True)  # code, messages and, of a price, the new totals
    # After a reservation in doubt was made again, a late first one may turn up: looked for at this time.
    surplus_due_at = models.DateTimeField(null=True, blank=True)
    surplus_last = models.BooleanField(default=False)
    # When the museum was last asked whether it has cancelled anything; see `orders.vigil`.
    watched_at = models.DateTimeField(null=True, blank=True)

    # Claimed by a conditional UPDATE; a worker that died frees the order when the lease ends.
    claimed_until = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)  # when a worker should look next
    attempts = models.PositiveIntegerField(default=0)  # of the current state
    attention = models.CharField(max_length=300, blank=True)  # why staff must look

    held = (
        ""  # the claim this object's owner holds; set by `transitions.claim`, never stored or read from a row
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # An order that came to nothing frees its key: the same basket may be ordered again.
            models.UniqueConstraint(
                fields=["key"], condition=~Q(state__in=sorted(FAILED)), name="one_live_order_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.number


class OrderItem(models.Model):
    """One item as it was sold; see `snapshot.LineSnapshot` for what its columns hold."""

    class Kind(models.TextChoices):
        TICKET = "ticket", _("ticket")  # at an entry time or for a day
        COMBINED = "combined", _("combined ticket")
        ANNUAL = "annual", _("annual ticket")
        EVENT = "event", _("event")
        TOUR = "tour", _("tour")
        COUPON = "coupon", _("voucher")

    ADMITTING = (Kind.TICKET, Kind.COMBINED, Kind.ANNUAL)  # a barcode for every unit

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TICKET)
    product_id = models.PositiveBigIntegerField()  # id upstream; the mirror row may be gone
    title = models.CharField(max_length=500)
    visitor = models.CharField(max_length=300, blank=True)
    museum = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=500, blank=True)
    slot_key = models.CharField(max_length=40, blank=True)
    slot_at = models.DateTimeField(null=True)
    slot_minutes = models.PositiveIntegerField(null=True, blank=True)
    whole_day = models.BooleanField(default=False)
    quantity = models.PositiveIntegerField()
    unit_cents = models.PositiveBigIntegerField()  # of a ticket; of anything else a rounded part of the total
    total_cents = models.PositiveBigIntegerField()
    vat_bp = models.PositiveIntegerField(null=True)  # null: several rates, see `charges`
    discount = models.PositiveSmallIntegerField(default=0)
    details = models.JSONField(default=list, blank=True)
    parts = models.JSONField(default=list, blank=True)
    charges = models.JSONField(default=list, blank=True)
    after_sale = models.TextField(blank=True)  # sanitised HTML
    attendees = models.JSONField(default=list, blank=True)  # [{"given_name", "family_name"}]
    payload = models.JSONField()  # the item as sent upstream
    choice = models.JSONField(default=dict, blank=True)
    upstream_item_id = models.PositiveBigIntegerField(null=True, blank=True)
    sale_id = models.PositiveBigIntegerField(null=True, blank=True)  # names the official PDF upstream
    cancelled_at = models.DateTimeField(null=True, blank=True)  # given back after the sale
    codes = models.JSONField(default=list, blank=True)  # of vouchers, once they are paid: worth money

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="one_item_per_position")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def enter_until(self) -> datetime | None:
        """The end of the entry window, if it has one."""
        window = (
            None if self.whole_day or self.kind in (self.Kind.EVENT, self.Kind.TOUR) else self.slot_minutes
        )
        return self.slot_at + timedelta(minutes=window) if window and self.slot_at else None

    @property
    def begins(self) -> bool:
        """Does it begin at its time, rather than let people in from then on?"""
        return self.kind in (self.Kind.EVENT, self.Kind.TOUR)

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The parts of a combined ticket with their times: title, museum, address, `at`, `until` (None: no end)."""
        return [_entry(part) for part in self.parts]

    @property
    def seats(self) -> list[int]:
        """The seats that were ordered, by their ids upstream."""
        return [seat["seat_id"] for seat in self.payload["attributes"].get("seats", ())]

    @property
    def taxed(self) -> list[tuple[int, int]]:
        """What of its total is of which VAT: gross cents and basis points."""
        if self.charges:
            return [(charge["cents"], charge["vat_bp"]) for charge in self.charges]
        return [(self.total_cents, self.vat_bp or 0)]


def _entry(part: dict[str, Any]) -> dict[str, Any]:
    at = parse_datetime(part["at"] or "")
    window = timedelta(minutes=part["minutes"])
    return {**part, "at": at, "until": at + window if at and window else None}


class Admission(models.Model):
    """One barcode: one person at the door."""

    item = models.ForeignKey(OrderItem, on_delete=models.CASCADE, related_name="admissions")
    position = models.PositiveSmallIntegerField()
    upstream_id = models.PositiveBigIntegerField(null=True, blank=True)
    barcode = models.CharField(max_length=200, db_index=True)
    name = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["item__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="one_admission_per_position")
        ]

    def __str__(self) -> str:
        return self.barcode


class JournalEntry(models.Model):
    """One step: written before the call, completed after it. Still open means: begun, outcome unknown."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="journal")
    step = models.CharField(max_length=20, choices=Step.choices)
    begun_at = models.DateTimeField(default=timezone.now)
    payload_hash = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.JSONField(default=dict)  # a summary without tokens or personal data

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "journal entries"

    def __str__(self) -> str:
        return f"{self.step} {self.outcome}"
