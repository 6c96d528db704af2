"""Annual tickets are made out to persons: what a customer enters for a card, written once, for a worker to pass on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from orders.lifecycle import State
from orders.models import Card, Order, OrderItem
from shop.jobs import Job
from shop.queue import ring

C = Card.State


class NotOpen(Exception):
    """The card is made out already, or being made out, or gone."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a card is for: salutation, country and way of sending by their ids at the museum."""

    given_name: str
    family_name: str
    email: str
    salutation_id: int
    street: str
    zip_code: str
    city: str
    country_id: int
    dispatch_mode_id: int | None = None


@dataclass(frozen=True, slots=True)
class Portrait:
    """A photo for a card: JPEG or PNG."""

    content: bytes
    media_type: str


def of_order(order: Order) -> list[Card]:
    """Return the cards of an order that are made out to persons, in the order of its items."""
    told = Card.objects.filter(item__order=order, item__cancelled_at=None).select_related("item")
    return list(told.exclude(state__in=(C.UNTOLD, C.NONE)))


def enter(card: Card, person: Person, portrait: Portrait | None = None) -> None:
    """Take what a customer entered for a card. Raises NotOpen; of two at once one is taken."""
    fields = {name: getattr(person, name) for name in Person.__slots__}
    photo = _keep(portrait) if portrait else {}
    now = timezone.now()
    with transaction.atomic():
        mine = Card.objects.filter(pk=card.pk, state__in=Card.TO_FILL_IN, item__cancelled_at=None)
        moved = mine.update(
            **fields, **photo, state=C.WAITING, said=[], attempts=0, due_at=now, state_since=now
        )
        if moved:
            ring(Job.PERSONALISE_CARD, card.pk)
    if not moved:
        drop_file(str(photo.get("photo", "")))
        raise NotOpen(str(card))


def drop_file(name: str) -> None:
    """Remove a photo; nothing for an empty name or one that is gone."""
    if name:
        storages["documents"].delete(name)


def orders_to_ask() -> list[int]:
    """Return the ids of orders whose annual tickets the museum should be asked about now."""
    known = Card.objects.filter(item=OuterRef("pk"))
    annual = OrderItem.objects.filter(kind=OrderItem.Kind.ANNUAL, cancelled_at=None, order__state=State.READY)
    new = annual.filter(~Exists(known)).exclude(order__upstream_token="")
    waiting = annual.filter(Exists(known.filter(state=C.UNTOLD, due_at__lte=timezone.now())))
    return sorted({*new.values_list("order", flat=True), *waiting.values_list("order", flat=True)})


def due() -> list[int]:
    """Return the ids of cards to pass on now."""
    waiting = Card.objects.filter(state__in=Card.UNDER_WAY, due_at__lte=timezone.now())
    return list(waiting.order_by("due_at").values_list("pk", flat=True))


def _keep(portrait: Portrait) -> dict[str, object]:
    """Store a photo under a name nobody can guess, until the museum has it."""
    ending = portrait.media_type.removeprefix("image/")
    name = storages["documents"].save(f"{secrets.token_hex(24)}.{ending}", ContentFile(portrait.content))
    return {"photo": name, "photo_type": portrait.media_type, "photo_sent": False}
