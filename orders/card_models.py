"""Annual tickets are cards made out to persons, after the sale."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Card(models.Model):
    """One card of an annual ticket: who it is for, and how far the museum knows it.

    What a customer entered is kept until the museum has it; after that only the name is left, and of a photo nothing.
    Before the museum has told of its cards, an item has one row in the state UNTOLD, with position 0.
    """

    class State(models.TextChoices):
        UNTOLD = "untold", _("the museum is asked for its cards")
        NONE = "none", _("needs no name")
        OPEN = "open", _("nobody named yet")
        WAITING = "waiting", _("to be told to the museum")
        DOUBT = "doubt", _("sent to the museum, outcome not known yet")
        DONE = "done", _("made out")
        REFUSED = "refused", _("refused by the museum")

    UNDER_WAY = (State.WAITING, State.DOUBT)
    TO_FILL_IN = (State.OPEN, State.REFUSED)

    item = models.ForeignKey("orders.OrderItem", on_delete=models.CASCADE, related_name="cards")
    position = models.PositiveSmallIntegerField()
    upstream_id = models.PositiveBigIntegerField(null=True)  # of the personalisation
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNTOLD)
    needs_photo = models.BooleanField(default=False)

    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    salutation_id = models.PositiveBigIntegerField(null=True)
    street = models.CharField(max_length=200, blank=True)
    zip_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=200, blank=True)
    country_id = models.PositiveBigIntegerField(null=True)
    dispatch_mode_id = models.PositiveBigIntegerField(null=True)
    photo = models.CharField(
        max_length=200, blank=True
    )  # in the `documents` storage, until the museum has it
    photo_type = models.CharField(max_length=20, blank=True)
    photo_sent = models.BooleanField(default=False)

    said = models.JSONField(default=list)  # the museum's words when it refused
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    state_since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["item__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="one_card_per_position_of_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.item_id}-{self.position} {self.state}"

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()
