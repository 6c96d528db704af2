"""Reads of orders that several parts share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.lifecycle import DRIVEN, FAILED, Outcome, State, Step
from orders.models import Delivery, Document, JournalEntry, Order, OrderItem, Payment
from shop import tracing


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of "what happened": words for the buyer and their time."""

    text: str | Promise
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """One place at one time, with everybody who comes; `items` differ in the kind of visitor."""

    items: tuple[OrderItem, ...]

    @property
    def first(self) -> OrderItem:
        return self.items[0]


@dataclass(frozen=True, slots=True)
class Papers:
    """Stored documents of an order: our sheets, the invoice, and the museum's own PDF by item id."""

    sheets: Document | None
    invoice: Document | None
    official: dict[int, Document]
    late: bool  # some are still being fetched
    mailed: bool


TOLD = {
    Step.CREATE: _("Places reserved at the museum"),
    Step.PAY: _("Paid"),
    Step.FINALIZE: _("Booked at the museum"),
    Step.DOCUMENTS: _("Tickets made"),
    Step.MAIL: _("Mail sent"),
    Step.CANCEL: _("Places given back to the museum"),
    Step.RECEIVE: _("Bank transfer received"),
    Step.REFUND: _("Money returned"),
    Step.WITHDRAW: _("Withdrawal passed on to the museum"),
    Step.PERSONALISE: _("Annual ticket made out"),
}
PROMISED = {
    "invoice": _("To be paid by invoice"),
    "cash": _("To be paid at the counter"),
    "counter_card": _("To be paid at the counter"),
    "free": None,
}


def order_by_secret(secret: str) -> Order | None:
    """Return the order behind a secret link."""
    order = Order.objects.filter(secret=secret).first()
    if order:
        tracing.note(order=order.pk)
    return order


def live_order(key: str) -> Order | None:
    """Return the order placed under a snapshot key unless it came to nothing."""
    return Order.objects.filter(key=key).exclude(state__in=FAILED).first()


def lines(order: Order) -> list[OrderItem]:
    """Return what was ordered, in order."""
    return list(order.items.all())


def visits(items: Sequence[OrderItem]) -> list[Visit]:
    """Return the tickets of one visit (same place, same time) together, in the order of their first; the rest alone."""
    found: dict[object, list[OrderItem]] = {}
    for item in items:
        plain = item.kind == OrderItem.Kind.TICKET
        found.setdefault((item.title, item.museum, item.slot_at) if plain else item.pk, []).append(item)
    return [Visit(tuple(together)) for together in found.values()]


def papers(order: Order) -> Papers:
    """Return what can be downloaded of an order, and whether its tickets were mailed."""
    stored = list(order.documents.filter(state=Document.State.STORED).order_by("pk"))
    sheets = next((document for document in stored if document.kind == Document.Kind.SHEETS), None)
    invoice = next((document for document in stored if document.kind == Document.Kind.INVOICE), None)
    official = {d.item_id: d for d in stored if d.kind == Document.Kind.OFFICIAL and d.item_id}
    waiting = order.documents.filter(state=Document.State.WAITING, kind__in=Document.PAPERS)
    ready = order.deliveries.filter(kind=Delivery.Kind.READY).order_by("-serial").first()
    return Papers(
        sheets, invoice, official, waiting.exists(), mailed=bool(ready and ready.state == Delivery.State.SENT)
    )


def of_tickets(order: Order, kind: Document.Kind) -> dict[int, Document]:
    """Return the stored documents of single admissions of one kind, by the id of their admission."""
    stored = order.documents.filter(kind=kind, state=Document.State.STORED, admission__isnull=False)
    return {row.admission_id: row for row in stored if row.admission_id}


def of_ticket(item: OrderItem, admission_id: int | None, kind: Document.Kind) -> Document | None:
    """Return the document of one ticket if it is stored; `admission_id` None: of a booking without barcode."""
    stored = Document.objects.filter(item=item, kind=kind, state=Document.State.STORED)
    return stored.filter(admission=admission_id).first()


def pays_later(order: Order) -> bool:
    """Is the order to be paid by invoice, so that a cancellation means less to pay and nothing to return?"""
    return order.payments.filter(state=Payment.State.PROMISED).exists()


def timeline(order: Order) -> list[Happening]:
    """Return what happened to the order so far, oldest first, each kind of act once (its last success)."""
    last = {Step(row.step): row for row in order.journal.filter(outcome=Outcome.OK)}
    told = [Happening(text, row.ended_at) for row in last.values() if (text := _told(row)) and row.ended_at]
    return [Happening(_("Ordered"), order.created_at), *sorted(told, key=lambda happening: happening.at)]


def _told(row: JournalEntry) -> str | Promise | None:
    if row.step == Step.PAY and row.answer.get("provider") in PROMISED:
        return PROMISED[row.answer["provider"]]
    return TOLD.get(Step(row.step))


def due_orders() -> list[int]:
    """Return the ids of orders the engine should look at now."""
    now = timezone.now()
    due = Order.objects.filter(Q(state__in=DRIVEN, due_at__lte=now) | Q(surplus_due_at__lte=now))
    free = due.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    return list(free.order_by("due_at").values_list("pk", flat=True))


def due_documents() -> list[int]:
    """Return the ids of booked orders with documents to fetch or make, or all made and only READY to be said."""
    now = timezone.now()
    waiting = Document.objects.filter(order=OuterRef("pk"), state=Document.State.WAITING)
    booked = Order.objects.filter(state__in=(State.FINALIZED, State.READY))
    due = Q(Exists(waiting.filter(due_at__lte=now))) | Q(
        ~Exists(waiting), state=State.FINALIZED, due_at__lte=now
    )
    return list(booked.filter(due).order_by("pk").values_list("pk", flat=True))


def due_deliveries() -> list[int]:
    """Return the ids of mails that should be sent now."""
    now = timezone.now()
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now)
    free = due.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    return list(free.order_by(F("due_at")).values_list("pk", flat=True))
