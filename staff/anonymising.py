"""Takes people out of an order and leaves the sale. Nothing is touched while anybody may still need it.

What goes with a visit: names of visitors and of those annual tickets are made out to, printed tickets and links. What
goes with everything: the buyer, the museum's key to the order, the invoice, and what staff noted about money.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from orders.lifecycle import DRIVEN, State, Step
from orders.models import (
    Admission,
    Cancellation,
    Card,
    Delivery,
    Document,
    Finding,
    LedgerLine,
    Order,
    OrderItem,
    Payment,
    PaymentEvent,
    Refund,
    TicketShare,
    Withdrawal,
    new_secret,
)
from orders.payments.promises import AT_COUNTER
from staff.models import Erasure

# A voucher is good until the end of the third year after its own, by the German law; nothing undated longer.
UNDATED_GOOD = timedelta(days=4 * 365)
P, Extent = Payment.State, Erasure.Extent
NOBODY = dict.fromkeys(
    (
        *("given_name", "family_name", "email", "company", "street", "zip_code", "city"),
        *("region", "vat_id", "upstream_token", "attention"),
    ),
    "",
)
NO_HOLDER = dict.fromkeys(
    ("given_name", "family_name", "email", "street", "zip_code", "city", "photo", "photo_type"), ""
)


def needed(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Of these, the orders nobody may touch: money, a withdrawal, a mail or a question about them is still open."""
    mine = {"order": OuterRef("pk")}
    money = Payment.objects.filter(**mine).filter(
        Q(state__in=(P.OPEN, P.AUTHORISED, P.RETURNING))
        | Q(pending=True)
        | Q(look_at__isnull=False)
        | Q(state=P.PROMISED, provider__in=AT_COUNTER)
        | (Q(settled=False) & ~Q(trouble=""))
    )
    calls = PaymentEvent.objects.filter(payment__order=OuterRef("pk"), handled_at=None)
    return orders.filter(
        Q(state__in=(*DRIVEN, State.FINALIZED))
        | ~Q(attention="")
        | Q(surplus_due_at__isnull=False)
        | Q(claimed_until__gt=timezone.now())
        | Exists(money)
        | Exists(calls)
        | Exists(Refund.objects.filter(**mine).exclude(state=Refund.State.DONE))
        | Exists(Cancellation.objects.filter(**mine, state__in=Cancellation.OPEN))
        | Exists(Card.objects.filter(item__order=OuterRef("pk"), state__in=Card.UNDER_WAY))
        | Exists(Withdrawal.objects.filter(**mine, settled_at=None))
        | Exists(Finding.objects.filter(**mine, settled_at=None, gone_at=None))
        | Exists(Delivery.objects.filter(**mine, state=Delivery.State.WAITING))
        | Exists(Document.objects.filter(**mine, state=Document.State.WAITING))
    )


def last_visit(order: Order) -> datetime:
    """When the last thing in the order begins; what has no day, or is good for a year, is good for `UNDATED_GOOD`."""
    times = [order.created_at]
    for item in order.items.all():
        undated = item.slot_at is None or item.kind == OrderItem.Kind.ANNUAL
        times += [order.created_at + UNDATED_GOOD] if undated else []
        times += [item.slot_at] if item.slot_at else []
        times += [part["at"] for part in item.entries if part["at"]]
    return max(times)


def anonymise(order_id: int, extent: Erasure.Extent, reason: Erasure.Reason) -> bool:
    """Take the person out of one order; False when it is needed (again). Safe to repeat.

    Files go first: a death in the middle leaves rows without files, and the next run finds the order again.
    """
    with transaction.atomic():
        locked = Order.objects.select_for_update().filter(pk=order_id)
        order = locked.first()
        if order is None or needed(Order.objects.filter(pk=order_id)).exists():
            return False
        _forget_visit(order)
        if extent == Extent.ALL:
            _forget_buyer(order)
        Erasure.objects.update_or_create(
            order=order, defaults={"extent": extent, "reason": reason, "at": timezone.now()}
        )
    return True


def _forget_visit(order: Order) -> None:
    _drop_documents(order, (Document.Kind.SHEETS, Document.Kind.OFFICIAL))
    Admission.objects.filter(item__order=order).exclude(name="").update(name="")
    TicketShare.objects.filter(item__order=order).delete()
    _forget_cards(order)
    for item in order.items.all():
        item.attendees, item.choice, item.payload = [], {}, _nameless(item.payload)
        item.save(update_fields=["attendees", "choice", "payload"])


def _forget_cards(order: Order) -> None:
    found = Card.objects.filter(item__order=order)
    for photo in found.exclude(photo="").values_list("photo", flat=True):
        storages["documents"].delete(photo)
    found.update(**NO_HOLDER, salutation_id=None, country_id=None, said=[])


def _forget_buyer(order: Order) -> None:
    _drop_documents(order, Document.Kind.values)
    LedgerLine.objects.filter(payment__order=order).exclude(note="").update(note="")
    for entry in order.journal.filter(step=Step.RECEIVE):
        entry.answer.pop("note", None)  # a line of a bank statement names who paid
        entry.save(update_fields=["answer"])
    Order.objects.filter(pk=order.pk).update(
        **NOBODY, refusal={}, secret=new_secret(), updated_at=timezone.now()
    )


def _drop_documents(order: Order, kinds: Collection[str]) -> None:
    documents = order.documents.filter(kind__in=kinds)
    for document in documents.exclude(file=""):
        storages["documents"].delete(document.file)
    documents.delete()


def _nameless(payload: dict[str, object]) -> dict[str, object]:
    attributes = payload.get("attributes")
    if not isinstance(attributes, dict):
        return payload
    return {**payload, "attributes": {k: v for k, v in attributes.items() if k != "attendees"}}
