"""Fetches the museum's own papers and makes the tickets to print, each stored once. For workers only."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from typing import Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from orders import admissions, deliveries, journal, printouts, transitions
from orders.code39 import NotPrintable
from orders.lifecycle import State, Step
from orders.models import Delivery, Document, Order, OrderItem
from orders.transitions import Overtaken
from shop import gateway
from shop.api.documents import Documents
from shop.api.errors import GomusError
from shop.jobs import Job
from shop.queue import ring

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=1)
LATE = timedelta(minutes=15)  # after the booking: then the customer hears that the tickets are on their way
TOLD_AFTER = 10  # attempts, about a quarter of an hour: then staff are told
NICE_UNTIL = 14  # attempts, some five hours: then what nobody needs is given up
K = Document.Kind
NICE = tuple(kind for kind in K if kind not in Document.PAPERS)  # nobody is kept out without these
ENDINGS = {K.PASSBOOK: "pkpass"}  # of file names; all others are PDFs


def prepare(order_id: int) -> None:
    """Make or fetch every document that is due; move the order to READY when its tickets can be printed.

    Safe to run twice at once and after a death at any point: a claimed order is left alone, stored files are final.
    """
    order = transitions.claim(order_id)
    if order is None:
        return
    try:
        if order.state in (State.FINALIZED, State.READY):
            _work(order)
            _ready(order)
            _tell_if_late(order)
    except Overtaken:
        log.info("order %s: somebody else has it", order.number)
    finally:
        transitions.release(order)


def storage() -> Storage:
    """Where documents lie; never served by path."""
    return storages["documents"]


def _work(order: Order) -> None:
    due = list(order.documents.filter(state=Document.State.WAITING, due_at__lte=timezone.now()))
    if not due:
        return
    journal.abandon(order, [Step.DOCUMENTS])
    with journal.step(order, Step.DOCUMENTS) as entry:
        for document in (row for row in due if row.kind not in NICE):
            _make(order, document)
        _ready(order)
        for document in (row for row in due if row.kind in NICE):
            _make(order, document)
        stored = order.documents.filter(state=Document.State.STORED).count()
        entry.note(stored=stored, waiting=order.documents.filter(state=Document.State.WAITING).count())


def _make(order: Order, document: Document) -> None:
    if not transitions.renew(order):
        raise Overtaken(order.number)
    try:
        content, pages = _content(order, document)
    except NotPrintable as error:
        _refuse(order, document, str(error))
    except GomusError as error:
        _later(order, document, str(error))
    else:
        _store(document, content, pages)


class _NotYet(GomusError):
    """The museum has not made or told everything yet."""


def _content(order: Order, document: Document) -> tuple[bytes, int]:
    """Return the file and its number of pages (0: unknown). Raises GomusError or NotPrintable."""
    if document.kind == K.SHEETS:
        _complete_barcodes(order)
        printout = printouts.render(order)
        return printout.content, printout.pages
    if document.kind == K.SINGLE:
        printout = printouts.render_one(order, document.item_id, document.admission_id)
        return printout.content, printout.pages
    fetch = gateway.client().documents
    key = order.upstream_id or order.upstream_token
    if document.kind == K.INVOICE:
        return fetch.invoice_pdf(key, order.upstream_token, locale=order.language), 0
    item = order.items.get(documents=document)
    if item.sale_id is None:
        _learn(order)
        item.refresh_from_db()
    if item.sale_id is None:
        raise _NotYet("GET /orders/:id", f"the sale of item {item.position + 1} is not told yet")
    if document.admission is not None:
        code = document.admission.barcode
        return fetch.passbook(key, item.sale_id, code, order.upstream_token, locale=order.language), 0
    return _official(fetch, item)(key, item.sale_id, order.upstream_token, locale=order.language), 0


class _Fetch(Protocol):
    def __call__(self, order_id: str | int, sale_id: int, token: str, /, *, locale: str | None) -> bytes: ...


def _official(fetch: Documents, item: OrderItem) -> _Fetch:
    """The call that gives the museum's own paper of an item: tickets, confirmations, vouchers."""
    by_kind: dict[str, _Fetch] = {
        OrderItem.Kind.EVENT: fetch.event_pdf,
        OrderItem.Kind.TOUR: fetch.tour_pdf,
        OrderItem.Kind.COUPON: fetch.coupon_pdf,
    }
    return by_kind.get(item.kind, fetch.ticket_pdf)


def _learn(order: Order) -> int:
    """Ask the museum about the order and keep what is new; returns how many barcodes are still missing."""
    theirs = gateway.client().orders.get(order.upstream_token)
    with transaction.atomic():
        return admissions.record(order, theirs)


def _complete_barcodes(order: Order) -> None:
    """Make sure every person has a barcode; they may come a little after the booking."""
    items = list(order.items.filter(cancelled_at=None))
    wanted = sum(admissions.wanted(item) for item in items)
    if sum(item.admissions.count() for item in items) >= wanted:
        return
    if missing := _learn(order):
        raise _NotYet("GET /orders/:id", f"{missing} of {wanted} barcodes are not made yet")


def _store(document: Document, content: bytes, pages: int) -> None:
    """Write the file under a name nobody can guess and a repeat writes again, then say it is there."""
    name = f"{salted_hmac('orders.document', str(document.pk), algorithm='sha256').hexdigest()}"
    name += f".{ENDINGS.get(Document.Kind(document.kind), 'pdf')}"
    files = storage()
    if files.exists(name):
        files.delete(name)
    Document.objects.filter(pk=document.pk).update(
        file=files.save(name, ContentFile(content)),
        state=Document.State.STORED,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        pages=pages,
        note="",
        stored_at=timezone.now(),
    )


def _later(order: Order, document: Document, why: str) -> None:
    """Try again: after a second at first, then ever slower, up to once an hour."""
    attempts = document.attempts + 1
    if document.kind in NICE and attempts >= NICE_UNTIL:
        given_up = Document.State.REFUSED
        Document.objects.filter(pk=document.pk).update(state=given_up, attempts=attempts, note=why[:300])
        return
    wait = min(timedelta(seconds=2 ** min(document.attempts, 12)), LONGEST_WAIT)
    Document.objects.filter(pk=document.pk).update(
        attempts=attempts, due_at=timezone.now() + wait, note=why[:300]
    )
    if attempts == TOLD_AFTER and document.kind not in NICE:
        transitions.update(order, attention=f"documents are late: {why}"[:300])
    ring(Job.FETCH_DOCUMENTS, order.pk, delay=wait.total_seconds() if wait < timedelta(minutes=5) else 300)


def _refuse(order: Order, document: Document, why: str) -> None:
    """Our sheets cannot be made: staff are told (once), the museum's own PDF stands in."""
    log.error("order %s: %s", order.number, why)
    Document.objects.filter(pk=document.pk).update(state=Document.State.REFUSED, note=why[:300])
    if document.kind in NICE:
        return
    transitions.update(order, attention=f"tickets cannot be printed: {why}"[:300])


def _ready(order: Order) -> None:
    """READY and the mail that says so become true together."""
    if order.state != State.FINALIZED or not _printable(order):
        return
    with transaction.atomic():
        transitions.go(order, State.READY, attention=order.attention)
        deliveries.announce(order, Delivery.Kind.READY)


def _tell_if_late(order: Order) -> None:
    """Who waits for tickets longer than usual hears once that the places are booked all the same."""
    if order.state != State.FINALIZED or timezone.now() - order.state_since < LATE:
        return
    with transaction.atomic():
        if transitions.update(order, frm=State.FINALIZED):  # not when somebody has just made them ready
            deliveries.announce(order, Delivery.Kind.DELAYED)


def _printable(order: Order) -> bool:
    """Can every person be admitted with what is stored? The museum's PDFs count when ours cannot be made."""
    states = {(document.kind, document.item_id): document.state for document in order.documents.all()}
    sheets = states.get((K.SHEETS, None))
    if sheets in (None, Document.State.REFUSED):  # vouchers only have the museum's own
        return all(
            state == Document.State.STORED for (kind, _), state in states.items() if kind == K.OFFICIAL
        )
    return sheets == Document.State.STORED
