"""Money: payments, the ledger of what came and went, refunds, and what providers called for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="payments")
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

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="refunds")
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
