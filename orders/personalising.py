"""Learns which annual tickets want a person, and tells the museum whom each card is for. For workers only.

Every call may be repeated: a photo and an assignment replace themselves, and a person made known twice does no harm.
After a lost answer the museum is looked at first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders import cards, deliveries, journal, transitions
from orders.lifecycle import State, Step
from orders.models import Card, Delivery, Order, OrderItem
from shop import gateway
from shop.api import records
from shop.api.errors import GomusError, OutcomeUnknown, Refused, Unavailable

C = Card.State
LATEST = timedelta(hours=1)
TOLD_AFTER = 6  # attempts
BUSY = timedelta(seconds=10)  # somebody else works on the order
# What is no longer needed once the museum knows the person.
FORGOTTEN = {
    **{"email": "", "street": "", "zip_code": "", "city": ""},
    **{"salutation_id": None, "country_id": None},
}


# --- which cards there are ------------------------------------------------------------------------------------


def ask(order_id: int) -> None:
    """Write down the cards of an order's annual tickets; whom none is made out to yet, the customer is asked."""
    order = transitions.claim(order_id)
    if order is None:
        return  # the sweep comes again
    try:
        if order.state == State.READY:
            _ask(order)
    finally:
        transitions.release(order)


def _ask(order: Order) -> None:
    items = list(order.items.filter(kind=OrderItem.Kind.ANNUAL, cancelled_at=None))
    for item in items:
        if not item.cards.exists():
            Card.objects.get_or_create(item=item, position=0)
    now = timezone.now()
    asked = [item for item in items if item.cards.filter(state=C.UNTOLD, due_at__lte=now).exists()]
    if not asked:
        return
    try:
        with journal.step(order, Step.LOOKUP) as entry:
            theirs = gateway.client().annual.order(order.upstream_token)
            entry.note(annual_tickets=len(theirs.sales))
    except GomusError:
        for item in asked:
            _ask_later(item)
        return
    sales = {sale.id: sale for sale in theirs.sales}
    with transaction.atomic():
        wanting = [item for item in asked if _take_over(item, sales.get(item.sale_id or 0))]
        if wanting:
            _tell(order)


def _take_over(item: OrderItem, sale: records.AnnualSale | None) -> bool:
    """Replace the one row by a row per card; True if any wants a person."""
    if sale is None:
        _ask_later(item)  # not told of yet
        return False
    if not sale.is_personalizable or not sale.personalizations:
        item.cards.update(state=C.NONE)
        return False
    item.cards.all().delete()
    rows = [_card(item, sale, place, one) for place, one in enumerate(sale.personalizations, start=1)]
    return any(row.state == C.OPEN for row in Card.objects.bulk_create(rows))


def _card(item: OrderItem, sale: records.AnnualSale, place: int, one: records.Personalization) -> Card:
    made_out = one.customer if one.ready else None
    given, family = _in_our_order(made_out.name, made_out.surname) if made_out else ("", "")
    return Card(
        item=item,
        position=place,
        upstream_id=one.id,
        needs_photo=sale.needs_photo,
        state=C.DONE if made_out else C.OPEN if sale.is_open() else C.NONE,
        given_name=given[:100],
        family_name=family[:100],
    )


def _ask_later(item: OrderItem) -> None:
    for card in item.cards.filter(state=C.UNTOLD):
        wait = min(timedelta(seconds=5 * 2 ** min(card.attempts, 12)), LATEST)
        Card.objects.filter(pk=card.pk).update(attempts=F("attempts") + 1, due_at=timezone.now() + wait)


# --- whom a card is for ---------------------------------------------------------------------------------------


def personalise(card_id: int) -> None:
    """Bring one card forward. Safe to run twice at once and after a death at any point."""
    found = Card.objects.filter(pk=card_id, state__in=Card.UNDER_WAY).select_related("item").first()
    if found is None:
        return
    order = transitions.claim(found.item.order_id)
    if order is None:
        Card.objects.filter(pk=card_id).update(due_at=timezone.now() + BUSY)
        return
    try:
        card = Card.objects.select_related("item").get(pk=card_id)
        if card.state in Card.UNDER_WAY and card.due_at <= timezone.now():
            _work(card, order)
    finally:
        transitions.release(order)


def _work(card: Card, order: Order) -> None:
    if card.item.cancelled_at is not None:
        _close(card, C.NONE, **FORGOTTEN)
        return
    if card.state == C.DOUBT:
        journal.abandon(order, [Step.PERSONALISE])
        found = _is_made_out(card, order)
        if found is None:
            return
        if found:
            _close(card, C.DONE, **FORGOTTEN)
            return
    # Whoever dies from here on leaves a doubt.
    Card.objects.filter(pk=card.pk).update(state=C.DOUBT, attempts=F("attempts") + 1)
    card.refresh_from_db(fields=["state", "attempts"])
    try:
        with journal.step(order, Step.PERSONALISE) as entry:
            entry.note(line=card.item.position + 1, card=card.position)
            _send(card, order)
    except Refused as refusal:
        _refused(card, order, refusal)
    except Unavailable as error:
        _later(card, order, C.WAITING, error)
    except GomusError as error:
        _later(card, order, C.DOUBT, error)
    else:
        _close(card, C.DONE, **FORGOTTEN)


def _send(card: Card, order: Order) -> None:
    annual, token, number = gateway.client().annual, order.upstream_token, card.upstream_id or 0
    if card.photo and not card.photo_sent:
        with storages["documents"].open(card.photo) as file:
            annual.upload(token, number, records.Photo(file.read(), card.photo_type))
        Card.objects.filter(pk=card.pk).update(photo_sent=True)
        _forget_photo(card)
    person = annual.create_customer(token, _holder(card))
    if not person.addresses:
        raise OutcomeUnknown("POST /annual/customers", "the answer names no address to send the card to")
    address = person.addresses[0].id
    wanted = records.Assignment(person.personalization_token, address, card.dispatch_mode_id)
    annual.assign(token, number, wanted)


def _holder(card: Card) -> records.HolderCreate:
    name, surname = _in_our_order(card.given_name, card.family_name)
    return records.HolderCreate(
        name=name,
        surname=surname,
        email=card.email,
        salutation_id=card.salutation_id or 0,
        street=card.street,
        zip=card.zip_code,
        city=card.city,
        country_id=card.country_id or 0,
    )


def _is_made_out(card: Card, order: Order) -> bool | None:
    """Ask the museum whether the card is made out as it was entered; None when nobody knows, and it is asked later."""
    try:
        with journal.step(order, Step.LOOKUP) as entry:
            theirs = gateway.client().annual.order(order.upstream_token)
            mine = [one for one in _cards(theirs.sales) if one.id == card.upstream_id]
            entry.note(card=card.position, ready=any(one.ready for one in mine))
    except GomusError as error:
        Card.objects.filter(pk=card.pk).update(attempts=F("attempts") + 1)
        card.refresh_from_db(fields=["attempts"])
        _later(card, order, C.DOUBT, error)
        return None
    return any(one.ready and one.customer and _is_same(card, one.customer) for one in mine)


def _cards(sales: Iterable[records.AnnualSale]) -> Iterable[records.Personalization]:
    return (one for sale in sales for one in sale.personalizations)


def _is_same(card: Card, theirs: records.AnnualCustomer) -> bool:
    given, family = _in_our_order(theirs.name, theirs.surname)
    ours = (card.given_name, card.family_name, card.email)
    return [word.casefold() for word in ours] == [word.casefold() for word in (given, family, theirs.email)]


def _in_our_order(one: str, other: str) -> tuple[str, str]:
    """Given name and family name; some installations have them the other way round."""
    return (other, one) if settings.SWAP_CUSTOMER_NAMES else (one, other)


def _refused(card: Card, order: Order, refusal: Refused) -> None:
    """The museum may have taken it before this try; anything else is its no, and the customer may change it."""
    found = _is_made_out(card, order)
    if found is None:
        return
    if found:
        _close(card, C.DONE, **FORGOTTEN)
        return
    with transaction.atomic():
        _close(card, C.REFUSED, said=[text[:300] for text in refusal.messages[:3]])
        _tell(order)


def _close(card: Card, state: Card.State, **fields: object) -> None:
    """End the work on a card. What is no longer needed is forgotten, of a photo nothing stays."""
    Card.objects.filter(pk=card.pk).update(state=state, state_since=timezone.now(), **fields)
    _forget_photo(card)


def _forget_photo(card: Card) -> None:
    cards.drop_file(card.photo)
    Card.objects.filter(pk=card.pk).update(photo="", photo_type="")
    card.photo = ""


def _later(card: Card, order: Order, state: Card.State, error: Exception) -> None:
    wait = min(timedelta(seconds=5 * 2 ** min(card.attempts, 12)), LATEST)
    Card.objects.filter(pk=card.pk).update(state=state, due_at=timezone.now() + wait)
    if card.attempts == TOLD_AFTER:
        why = f"an annual ticket cannot be made out at the museum: {error}"
        transitions.update(order, attention=why[:300])


def _tell(order: Order) -> None:
    serial = order.deliveries.filter(kind=Delivery.Kind.CARDS).count()
    deliveries.announce(order, Delivery.Kind.CARDS, serial=serial)
