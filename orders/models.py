"""Orders: a snapshot of what was sold, the journal of every step, money, barcodes, documents and mails."""

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
    "LinkRequest",
    "Order",
    "OrderItem",
    "Payment",
    "Rating",
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


class Payment(models.Model):
    """One attempt to pay an order. `reference` is ours, unique, and sent upstream as payment_id."""

    class State(models.TextChoices):
        OPEN = "open"  # the customer is with the provider
        AUTHORISED = "authorised"  # the provider holds the money for us
        CAPTURED = "captured"
        PROMISED = "promised"  # invoice: to be paid later
        FAILED = "failed"  # declined or given up by the customer
        VOIDED = "voided"  # authorisation released, nothing charged
        RETURNING = "returning"  # collected, and all of it is to go back
        REFUNDED = "refunded"

    class Trouble(models.TextChoices):
        LATE = "late", _("came after the order had ended")
        DOUBLE = "double", _("came although the order was paid already")
        AMOUNT = "amount", _("is another amount than agreed")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=64, unique=True)
    provider_reference = models.CharField(max_length=200, blank=True)
    amount_cents = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    collected_cents = models.PositiveBigIntegerField(default=0)
    returned_cents = models.PositiveBigIntegerField(default=0)  # gone back or promised to go back
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    pending = models.BooleanField(default=False)  # the customer paid, the provider still waits for the money
    trouble = models.CharField(max_length=20, choices=Trouble.choices, blank=True)
    settled = models.BooleanField(default=False)  # staff have seen to the trouble
    # A page we closed may have been paid at that very moment: the provider is asked again at this time.
    look_at = models.DateTimeField(null=True, blank=True, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    # Money is under way or with us: of these an order has at most one.
    LIVE = (State.OPEN, State.AUTHORISED, State.CAPTURED, State.PROMISED)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["authorised", "captured", "open", "promised"]),
                name="one_live_payment_per_order",
            ),
            models.CheckConstraint(
                condition=Q(returned_cents__lte=models.F("collected_cents")),
                name="never_returned_more_than_collected",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class LedgerLine(models.Model):
    """One line of our book of money. Written once, with the change it tells of, and never altered."""

    class Kind(models.TextChoices):
        STARTED = "started", _("started")
        AUTHORISED = "authorised", _("held for us")
        RECEIVED = "received", _("received by bank transfer")
        CAPTURED = "captured", _("collected")
        PROMISED = "promised", _("to be paid later")
        FAILED = "failed", _("not paid")
        VOIDED = "voided", _("released")
        RETURNING = "returning", _("to be returned")
        REFUNDED = "refunded", _("returned")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    cents = models.PositiveBigIntegerField()
    key = models.CharField(max_length=100, unique=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.key


class Refund(models.Model):
    """Money that is to go back: written before the provider is asked, so that no refund is lost or made twice."""

    class State(models.TextChoices):
        DUE = "due", _("to be returned")
        REFUSED = "refused", _("refused by the provider, to be returned by hand")
        DONE = "done", _("returned")

    class Reason(models.TextChoices):
        UNBOOKED = "unbooked", _("the museum did not book")
        NOT_NEEDED = "not_needed", _("came too late, too often or as another amount")
        CANCELLED = "cancelled", _("cancelled after the sale")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    serial = models.PositiveSmallIntegerField()  # counts within the order
    key = models.CharField(max_length=100, unique=True)  # the provider's idempotency key
    cents = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    by_hand = models.BooleanField(default=False)  # staff transfer it and say so
    state = models.CharField(max_length=20, choices=State.choices, default=State.DUE)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "serial"], name="one_refund_per_serial_of_an_order")
        ]

    def __str__(self) -> str:
        return self.key


class PaymentEvent(models.Model):
    """What a provider called to say. Only a bell with a name: what is true is asked of the provider."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=100, blank=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="events")
    received_at = models.DateTimeField(default=timezone.now)
    times = models.PositiveIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="one_row_per_event_of_a_provider")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"


class DemoCharge(models.Model):
    """The ledger of the demo's payment provider: what a provider would remember on its own machines."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for the customer")
        AUTHORISED = "authorised", _("money held")
        DECLINED = "declined", _("declined")
        ABANDONED = "abandoned", _("given up")
        CAPTURED = "captured", _("money collected")
        VOIDED = "voided", _("released")
        REFUNDED = "refunded", _("returned")

    reference = models.CharField(max_length=64, unique=True)  # the shop's idempotency key
    amount_cents = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    return_url = models.CharField(max_length=500)
    refunds = models.JSONField(default=dict, blank=True)  # cents by the shop's key
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class Document(models.Model):
    """A file of an order, stored once in the `documents` storage. What is for one admission also names its item."""

    class Kind(models.TextChoices):
        SHEETS = "sheets"  # our print-at-home tickets, all of the order in one file
        OFFICIAL = "official"  # the museum's own PDF of one item
        INVOICE = "invoice"
        PASSBOOK = "passbook"  # of one admission, for the wallet of a phone
        SINGLE = "single"  # our sheet of one ticket alone, for whoever has its link

    class State(models.TextChoices):
        WAITING = "waiting"
        STORED = "stored"
        REFUSED = "refused"  # cannot be made; `note` says why

    # Missing ones are told to buyer and staff; nobody misses the others before they are there.
    PAPERS = (Kind.SHEETS, Kind.OFFICIAL, Kind.INVOICE)

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="documents")
    item = models.ForeignKey(
        OrderItem, null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
    )
    admission = models.ForeignKey(
        Admission, null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    file = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    stored_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                condition=Q(item__isnull=True),
                name="one_document_per_kind_of_an_order",
            ),
            models.UniqueConstraint(
                fields=["item", "kind"],
                condition=Q(item__isnull=False, admission__isnull=True),
                name="one_document_per_kind_of_an_item",
            ),
            models.UniqueConstraint(
                fields=["admission", "kind"],
                condition=Q(admission__isnull=False),
                name="one_document_per_kind_of_an_admission",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Delivery(models.Model):
    """A mail to be sent once. `message_id` is fixed beforehand, so a doubtful repeat is recognised as the same mail."""

    class Kind(models.TextChoices):
        RECEIVED = "received"
        READY = "ready"
        CANCELLED = "cancelled"  # items the customer gave back; `serial` is that of the Cancellation
        CALLED_OFF = "called_off"  # items the museum cancelled; `serial` is that of the Cancellation
        CARDS = "cards"  # annual tickets can be made out to somebody; `serial` counts reasons to say so
        DELAYED = "delayed"  # booked, but the tickets take longer to make than usual
        REFUNDED = "refunded"
        TRANSFER = "transfer"  # where to transfer the money to
        REMINDER = "reminder"
        EXPIRED = "expired"  # the awaited transfer did not come
        RETURNED = "returned"  # a payment we had no use for went back; `serial` is that of its Refund

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    serial = models.PositiveSmallIntegerField(default=0)  # counts resends
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["order", "kind", "serial"], name="one_mail_per_kind_and_serial")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
