"""What goes to the buyer: documents, each stored once, and mails, each sent once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


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

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="documents")
    item = models.ForeignKey(
        "orders.OrderItem", null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
    )
    admission = models.ForeignKey(
        "orders.Admission", null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
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

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="deliveries")
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
