"""One person's data, by e-mail address: everything we have as plain values, and erasing what the law lets us.

Visits nobody has made yet, open money and the invoices bookkeeping must keep stay; the answer says which and why.
What somebody types on the way to an order lives in their session, which has no name and ends by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from checkout.models import Subscription
from orders.lifecycle import FAILED
from orders.models import LinkRequest, Order, Withdrawal
from shop.models import Letter
from staff.anonymising import anonymise, last_visit, needed
from staff.models import Erasure

BUYER = ("given_name", "family_name", "email", "company", "street", "zip_code", "city", "region", "country")
OF_ORDER = ("number", "created_at", "state", "language", *BUYER, "vat_id")
SOLD = ("payment_method", "currency", "total_cents", "consent")
OF_ITEM = (
    "title",
    "visitor",
    "museum",
    "slot_at",
    "quantity",
    "total_cents",
    "attendees",
    "codes",
    "details",
)
OF_CARD = ("state", "given_name", "family_name", "email", "street", "zip_code", "city", "photo")
OF_PAYMENT = ("provider", "reference", "provider_reference", "state", "amount_cents", "created_at")
OF_WITHDRAWAL = ("received_at", "number", "given_name", "family_name", "email", "note", "settled_at")
OF_NEWSLETTER = ("email", "groups", "language", "wording", "asked_at", "confirmed_at", "left_at")
OF_LETTER = ("kind", "subject", "text", "state", "created_at", "sent_at")
Extent, Reason = Erasure.Extent, Erasure.Reason


@dataclass(slots=True)
class Kept:
    """One thing that stays: what it is, why, and until when the rules keep it (None: until it is settled)."""

    what: str
    why: str
    until: datetime | None = None


@dataclass(slots=True)
class Erased:
    """What became of a wish to be forgotten: how many rows of each kind have gone, and what stays."""

    gone: dict[str, int] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)


def everything(email: str) -> dict[str, Any]:
    """Return all we have of the person with this address, as values of JSON (datetimes still to be written)."""
    return {
        "email": email,
        "made_at": timezone.now(),
        "orders": [_order(order) for order in _orders(email)],
        "withdrawals": list(_withdrawals(email).values(*OF_WITHDRAWAL)),
        "newsletters": list(_newsletters(email).values(*OF_NEWSLETTER)),
        "letters": list(_letters(email).values(*OF_LETTER)),
        "asked_for_links": list(_links(email).values("asked_at", "language")),
    }


def counts(email: str) -> dict[str, int]:
    """Return how much there is of each kind; nothing at all for an address nobody used."""
    found = {
        "orders": _orders(email).count(),
        "withdrawals": _withdrawals(email).count(),
        "newsletters": _newsletters(email).count(),
        "letters": _letters(email).count(),
        "links": _links(email).count(),
    }
    return {kind: number for kind, number in found.items() if number}


def erase(email: str) -> Erased:
    """Let go of everything that nothing obliges us to keep. Safe to repeat: what stays now may go later."""
    result = Erased()
    for order in _orders(email).prefetch_related("items"):
        _erase_order(order, result)
    receipts = _withdrawals(email).filter(settled_at__isnull=False, receipt__isnull=False).values("receipt")
    for row in _withdrawals(email):
        result.kept.append(_kept_withdrawal(row))
    result.gone["newsletters"] = _newsletters(email).delete()[0]
    result.gone["links"] = _links(email).delete()[0]
    sent = _letters(email).exclude(state=Letter.State.WAITING)
    result.gone["letters"] = sent.exclude(pk__in=receipts).delete()[0]
    for letter in _letters(email):
        result.kept.append(_kept_letter(letter))
    result.gone["log"] = LogEntry.objects.filter(object_repr__icontains=email).update(object_repr="-")
    return result


def _erase_order(order: Order, result: Erased) -> None:
    now, visit = timezone.now(), last_visit(order)
    until = visit + timedelta(days=settings.RETENTION_DAYS["orders"])
    failed = order.state in FAILED
    if needed(Order.objects.filter(pk=order.pk)).exists():
        result.kept.append(Kept(order.number, _("the order, its money or a question about it is still open")))
    elif not failed and visit > now:
        result.kept.append(Kept(order.number, _("what was bought can still be used"), visit))
    elif anonymise(order.pk, Extent.ALL if failed or until < now else Extent.VISIT, Reason.WISH):
        result.gone["orders"] = result.gone.get("orders", 0) + 1
        if not failed and until >= now:
            why = _("buyer and invoice: bookkeeping must keep them; visitors’ names and tickets have gone")
            result.kept.append(Kept(order.number, why, until))


def _kept_withdrawal(row: Withdrawal) -> Kept:
    if row.settled_at is None:
        return Kept(row.number, _("a withdrawal that nobody has settled yet"))
    until = row.settled_at + timedelta(days=settings.RETENTION_DAYS["withdrawals"])
    return Kept(row.number, _("a withdrawal: kept as long as claims may follow from it"), until)


def _kept_letter(letter: Letter) -> Kept:
    if letter.state == Letter.State.WAITING:
        return Kept(letter.subject, _("a letter that is still to be sent"))
    until = letter.created_at + timedelta(days=settings.RETENTION_DAYS["letters"])
    return Kept(letter.subject, _("the receipt of a withdrawal"), until)


def _order(order: Order) -> dict[str, Any]:
    facts = {name: getattr(order, name) for name in (*OF_ORDER, *SOLD)}
    items = []
    for item in order.items.all():
        more = {
            "admissions": list(item.admissions.values("barcode", "name")),
            "cards": list(item.cards.values(*OF_CARD)),
        }
        items.append({name: getattr(item, name) for name in OF_ITEM} | more)
    return {
        **facts,
        "items": items,
        "payments": list(order.payments.values(*OF_PAYMENT)),
        "documents": list(order.documents.values("kind", "state", "pages", "size", "stored_at")),
        "mails": list(order.deliveries.values("kind", "state", "created_at", "sent_at")),
        "agreed_texts": list(order.texts.values("title", "version")),
    }


def _orders(email: str) -> QuerySet[Order]:
    return Order.objects.filter(email__iexact=email).order_by("pk")


def _withdrawals(email: str) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(email__iexact=email).order_by("pk")


def _newsletters(email: str) -> QuerySet[Subscription]:
    return Subscription.objects.filter(email__iexact=email).order_by("pk")


def _letters(email: str) -> QuerySet[Letter]:
    return Letter.objects.filter(recipient__iexact=email).order_by("pk")


def _links(email: str) -> QuerySet[LinkRequest]:
    return LinkRequest.objects.filter(email__iexact=email).order_by("pk")
