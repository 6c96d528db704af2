"""The third phase: the booking that binds, and finding out when its answer was lost."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from orders import admissions, requests
from orders.engine import pace
from orders.journal import Entry
from orders.lifecycle import Outcome, State, Step
from orders.models import Document, Order, OrderItem, Payment
from orders.transitions import go
from shop import gateway
from shop.api import records
from shop.api.errors import OutcomeUnknown, Refused, Unavailable

SILENT = "paid, but it is not known whether it is booked: the museum's system does not answer"
FOREIGN = "paid, but the museum's order was closed with another payment: compare both"
BARRED = "paid, but the museum's system does not book it and gives no reason in the order"


def finalize(order: Order) -> datetime | None:
    """PAID: close the order at the museum. Repeats send the identical body and cannot book twice."""
    if order.upstream_binding:  # this account books at once: look whether the booking stands
        return find_out(order)
    body = requests.finalize(order, _payment(order))
    try:
        with pace.act(order, Step.FINALIZE, body.as_json()) as entry:
            theirs = gateway.client().orders.finalize(order.upstream_token, body)
            if theirs.is_finalized():
                _booked(order, entry, theirs)
                return None
            entry.note(status=theirs.status)
            entry.close(Outcome.UNKNOWN)
    except Unavailable as error:
        return pace.again(order, SILENT, error)
    except (OutcomeUnknown, Refused):
        pass  # the order itself is asked next
    go(order, State.FINALIZE_UNKNOWN, **_patience_so_far(order))
    return None


def find_out(order: Order) -> datetime | None:
    """FINALIZE_UNKNOWN: only what the museum says of the order decides; silence never means a refund."""
    try:
        with pace.act(order, Step.LOOKUP) as entry:
            theirs = gateway.client().orders.get(order.upstream_token)
            entry.note(status=theirs.status, finalized=theirs.is_finalized())
            return _judge(order, entry, theirs)
    except (Unavailable, Refused) as error:
        return pace.again(order, SILENT, error)


def _judge(order: Order, entry: Entry, theirs: records.Order) -> datetime | None:
    if theirs.is_cancelled() or theirs.is_expired():
        _conclude(order, entry, State.REFUND_DUE, refusal={"code": f"order_{theirs.status}"})
    elif theirs.is_finalized() and theirs.payment_id in (None, "", _payment(order).reference):
        _booked(order, entry, theirs)
    elif theirs.is_finalized():
        pace.attend(order, FOREIGN)
        return timezone.now() + pace.SLOWLY
    elif (refusal := _definite_refusal(order)) is not None:
        _conclude(order, entry, State.REFUND_DUE, refusal=refusal)
    elif order.upstream_binding:
        return pace.again(order, BARRED)
    else:
        due_at = pace.again(order, BARRED)
        _conclude(order, entry, State.PAID, **_patience_so_far(order) | {"due_at": due_at})
    return None


def _definite_refusal(order: Order) -> dict[str, Any] | None:
    """The first and only attempt was refused for its data and the draft is still one: no repeat can succeed.

    A wrong key is no such refusal. Neither is one after an attempt whose outcome is unknown, nor a word that the
    order is closed already: that attempt may have booked, even where the order does not show it yet.
    """
    attempts = list(order.journal.filter(step=Step.FINALIZE).order_by("-id"))
    if not attempts or attempts[0].outcome != Outcome.REFUSED or attempts[0].answer.get("status") != 422:
        return None
    code = attempts[0].answer.get("code", "")
    doubtful = any(attempt.outcome in (Outcome.UNKNOWN, Outcome.OPEN) for attempt in attempts)
    return None if doubtful or code == "already_finalized" else {"code": code}


def _booked(order: Order, entry: Entry, theirs: records.Order) -> None:
    """Everything that follows from the booking becomes true at once: barcodes, documents to make."""
    with transaction.atomic():
        missing = admissions.record(order, theirs)
        entry.note(order_id=theirs.id, barcodes_missing=missing)
        entry.close(Outcome.OK)
        known = {"upstream_id": theirs.id, "upstream_has_invoice": theirs.invoice}
        go(order, State.FINALIZED, refusal={}, **known)
        _order_documents(order)


def _order_documents(order: Order) -> None:
    """The museum's own paper of every item, our sheets for what lets people in, the invoice if there is one."""
    items = list(order.items.all())
    for item in items:
        Document.objects.get_or_create(order=order, item=item, kind=Document.Kind.OFFICIAL)
    whole = [Document.Kind.INVOICE] if order.upstream_has_invoice else []
    if any(item.kind != OrderItem.Kind.COUPON for item in items):
        whole.append(Document.Kind.SHEETS)
    for kind in whole:
        Document.objects.get_or_create(order=order, item=None, kind=kind)


def _conclude(order: Order, entry: Entry, state: State, **fields: Any) -> None:
    with transaction.atomic():
        entry.close(Outcome.OK)
        go(order, state, **fields)


def _payment(order: Order) -> Payment:
    return order.payments.get(state__in=(Payment.State.CAPTURED, Payment.State.PROMISED))


def _patience_so_far(order: Order) -> dict[str, Any]:
    """Trying and finding out are one wait: staff are told after 15 minutes of both together."""
    return {"state_since": order.state_since, "attention": order.attention}
