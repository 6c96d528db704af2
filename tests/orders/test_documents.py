"""Documents of a booked order: each is made or fetched once, late ones are waited for, nobody waits for all."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone

from orders.documents import prepare
from orders.lifecycle import Outcome, State, Step
from orders.models import Admission, Delivery, Document, JournalEntry, Order
from tests.orders import paper
from tests.orders.clock import Clock, drive
from tests.orders.museum import FREE, Museum
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
K, S = Document.Kind, Document.State
PASSBOOK = "GET /orders/:id/tickets/:sale/passbooks/:barcode.pkpass"
PASS_ROUTE = "GET /orders/{id}/tickets/{sale:int}/passbooks/{barcode}.pkpass"
TICKET_PDF, INVOICE_PDF = "GET /orders/:id/tickets/:sale.pdf", "GET /orders/:id/invoice.pdf"


@pytest.fixture
def booked(museum: Museum, clock: Clock) -> Order:
    """An order the museum has booked, none of its documents made."""
    order = museum.order(payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    return order


def states(order: Order) -> dict[str, str]:
    """The state of every paper the buyer waits for."""
    return {document.kind: document.state for document in papers(order)}


def papers(order: Order) -> QuerySet[Document]:
    return order.documents.filter(kind__in=Document.PAPERS)


def the(order: Order, kind: Document.Kind) -> Document:
    return order.documents.get(kind=kind)


def content(document: Document) -> bytes:
    with storages["documents"].open(document.file) as file:
        stored: bytes = file.read()
    return stored


def until_due(order: Order, clock: Clock) -> None:
    """Let time pass until all waiting documents are due, and prepare."""
    due = max(document.due_at for document in order.documents.filter(state=S.WAITING))
    clock.forward(seconds=max(0.0, (due - timezone.now()).total_seconds()) + 0.001)
    prepare(order.pk)
    order.refresh_from_db()


def test_everything_is_stored_and_the_tickets_are_announced_once(booked: Order) -> None:
    prepare(booked.pk)
    prepare(booked.pk)
    booked.refresh_from_db()
    assert booked.state == State.READY
    assert (booked.claim, booked.attention) == ("", "")
    assert states(booked) == {K.OFFICIAL: S.STORED, K.INVOICE: S.STORED, K.SHEETS: S.STORED}
    delivery = booked.deliveries.get(kind=Delivery.Kind.READY)
    assert (delivery.serial, delivery.state) == (0, Delivery.State.WAITING)
    assert booked.journal.filter(step=Step.DOCUMENTS).count() == 1


def test_what_is_stored_is_what_was_made(booked: Order) -> None:
    prepare(booked.pk)
    for document in papers(booked):
        stored = content(document)
        assert stored.startswith(b"%PDF-")
        assert (len(stored), hashlib.sha256(stored).hexdigest()) == (document.size, document.sha256)
        assert document.stored_at is not None
    codes = list(Admission.objects.filter(item__order=booked).values_list("barcode", flat=True))
    pages = paper.sheets(content(the(booked, K.SHEETS)))
    assert [paper.read_by_zxing(page) for page in pages] == [[code] for code in codes]
    assert the(booked, K.SHEETS).pages == len(codes) == 2


def test_file_names_tell_nothing_and_cannot_be_guessed(booked: Order) -> None:
    prepare(booked.pk)
    names = [document.file for document in booked.documents.all()]
    assert len(set(names)) == len(names) == 5
    assert all(booked.number not in name and booked.secret not in name for name in names)


def test_what_cost_nothing_has_no_invoice(museum: Museum, clock: Clock) -> None:
    order = museum.order(museum.line(FREE))
    drive(order, clock, until=State.FINALIZED)
    prepare(order.pk)
    order.refresh_from_db()
    assert order.state == State.READY
    assert states(order) == {K.OFFICIAL: S.STORED, K.SHEETS: S.STORED}


def test_late_barcodes_are_waited_for_ever_slower(museum: Museum, clock: Clock) -> None:
    museum.set(barcode_delay_s=3600)
    order = museum.order(payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    waits = []
    assert not order.documents.filter(kind=K.PASSBOOK).exists()
    for _ in range(4):
        until_due(order, clock)
        assert order.state == State.FINALIZED
        waits.append((the(order, K.SHEETS).due_at - timezone.now()).total_seconds())
    assert "barcodes are not made yet" in the(order, K.SHEETS).note
    assert not Admission.objects.exists()
    assert not order.deliveries.filter(kind=Delivery.Kind.READY).exists()
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(8, abs=1)
    museum.set(barcode_delay_s=0)
    clock.forward(seconds=60)
    prepare(order.pk)
    order.refresh_from_db()
    assert order.state == State.READY
    assert set(states(order).values()) == {S.STORED}


def test_staff_are_told_when_documents_stay_away(museum: Museum, clock: Clock) -> None:
    museum.set(barcode_delay_s=3600)
    order = museum.order(payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    for _ in range(9):
        clock.forward(hours=1)
        prepare(order.pk)
    order.refresh_from_db()
    assert order.attention == ""
    clock.forward(hours=1)
    prepare(order.pk)
    order.refresh_from_db()
    assert order.attention.startswith("documents are late")
    for document in order.documents.filter(state=S.WAITING):
        assert document.due_at - timezone.now() <= timedelta(hours=1)


def test_who_waits_long_for_tickets_hears_once_that_they_come(museum: Museum, clock: Clock) -> None:
    museum.set(barcode_delay_s=3600)
    order = museum.order(payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    told = order.deliveries.filter(kind=Delivery.Kind.DELAYED)
    prepare(order.pk)
    assert not told.exists()
    for _ in range(2):
        clock.forward(seconds=16 * 60)
        prepare(order.pk)
        assert told.count() == 1
    museum.set(barcode_delay_s=0)
    clock.forward(hours=2)
    prepare(order.pk)
    order.refresh_from_db()
    assert (order.state, told.count()) == (State.READY, 1)


@pytest.mark.parametrize("kind", ["status_404", "status_500", "html_200", "truncated", "drop_before"])
def test_late_papers_of_the_museum_keep_nobody_waiting(
    sandbox: Sandbox, booked: Order, clock: Clock, kind: str
) -> None:
    for route in (TICKET_PDF, INVOICE_PDF):
        sandbox.fault(route, kind, times=None)
    prepare(booked.pk)
    booked.refresh_from_db()
    assert booked.state == State.READY, "our own tickets are enough"
    assert states(booked) == {K.OFFICIAL: S.WAITING, K.INVOICE: S.WAITING, K.SHEETS: S.STORED}
    assert the(booked, K.OFFICIAL).note
    sandbox.heal()
    until_due(booked, clock)
    assert set(states(booked).values()) == {S.STORED}
    assert booked.deliveries.filter(kind=Delivery.Kind.READY).count() == 1


def test_a_barcode_that_cannot_be_printed_leaves_the_museums_own_paper(
    sandbox: Sandbox, booked: Order, clock: Clock
) -> None:
    Admission.objects.filter(item__order=booked, position=2).update(barcode="GRÜN")
    sandbox.fault(TICKET_PDF, "status_500", times=None)
    prepare(booked.pk)
    booked.refresh_from_db()
    assert booked.state == State.FINALIZED, "nothing to print yet"
    assert states(booked)[K.SHEETS] == S.REFUSED
    assert "GRÜN" in the(booked, K.SHEETS).note
    assert booked.attention.startswith("tickets cannot be printed")
    sandbox.heal()
    until_due(booked, clock)
    assert booked.state == State.READY
    assert booked.attention.startswith("tickets cannot be printed"), "staff still have to look"
    assert booked.deliveries.filter(kind=Delivery.Kind.READY).count() == 1


def test_two_workers_at_once_make_everything_once(sandbox: Sandbox, booked: Order) -> None:
    sandbox.fault(TICKET_PDF, "delay_before", times=None)
    sandbox.forget_requests()

    def work(_: int) -> None:
        try:
            prepare(booked.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    booked.refresh_from_db()
    assert booked.state == State.READY
    assert set(states(booked).values()) == {S.STORED}
    assert booked.journal.filter(step=Step.DOCUMENTS).count() == 1
    assert booked.deliveries.filter(kind=Delivery.Kind.READY).count() == 1
    assert sandbox.counts() == {
        "GET /orders/{id}/tickets/{sale:int}.pdf": 1,
        "GET /orders/{id}/invoice.pdf": 1,
        PASS_ROUTE: 2,
    }


def test_work_of_a_dead_process_is_done_again_under_the_same_name(booked: Order, clock: Clock) -> None:
    prepare(booked.pk)
    before = {document.pk: document.file for document in booked.documents.all()}
    # It died after the files were written, before anybody was told.
    Order.objects.update(state=State.FINALIZED, claim="dead", claimed_until=timezone.now())
    booked.deliveries.filter(kind=Delivery.Kind.READY).delete()
    booked.documents.update(state=S.WAITING, file="", sha256="")
    dead = JournalEntry.objects.create(order=booked, step=Step.DOCUMENTS)
    prepare(booked.pk)
    dead.refresh_from_db()
    booked.refresh_from_db()
    assert dead.outcome == Outcome.UNKNOWN
    assert booked.state == State.READY
    assert {document.pk: document.file for document in booked.documents.all()} == before
    for document in booked.documents.all():
        assert hashlib.sha256(content(document)).hexdigest() == document.sha256


def test_what_is_not_due_is_not_asked_for(sandbox: Sandbox, booked: Order) -> None:
    booked.documents.update(due_at=timezone.now() + timedelta(minutes=5))
    sandbox.forget_requests()
    prepare(booked.pk)
    assert sandbox.counts() == {}
    assert not booked.journal.filter(step=Step.DOCUMENTS).exists()


def test_a_claimed_order_is_left_alone(booked: Order) -> None:
    Order.objects.update(claim="other", claimed_until=timezone.now() + timedelta(minutes=1))
    prepare(booked.pk)
    assert set(states(booked).values()) == {S.WAITING}
    assert Order.objects.get().claim == "other"


# --- for the wallet of a phone --------------------------------------------------------------------------------


def test_every_ticket_gets_its_pass_for_the_wallet(booked: Order) -> None:
    prepare(booked.pk)
    passes = booked.documents.filter(kind=K.PASSBOOK).select_related("admission")
    assert [row.admission.barcode for row in passes if row.admission] == list(
        Admission.objects.filter(item__order=booked).values_list("barcode", flat=True)
    )
    for row in passes:
        assert (row.state, row.file.endswith(".pkpass")) == (S.STORED, True)
        assert content(row).startswith(b"PK")


@pytest.mark.parametrize("kind", ["status_404", "html_200"])
def test_nobody_waits_for_a_pass_and_nobody_is_troubled_by_one(
    sandbox: Sandbox, booked: Order, clock: Clock, kind: str
) -> None:
    sandbox.fault(PASSBOOK, kind, times=None)
    for _ in range(20):
        prepare(booked.pk)
        clock.forward(hours=1)
    booked.refresh_from_db()
    assert (booked.state, booked.attention) == (State.READY, "")
    assert set(states(booked).values()) == {S.STORED}
    given_up = booked.documents.filter(kind=K.PASSBOOK)
    assert {row.state for row in given_up} == {S.REFUSED}
    assert all(row.note for row in given_up)


def test_passes_come_once_the_tickets_are_ready(sandbox: Sandbox, booked: Order) -> None:
    sandbox.fault(PASSBOOK, "status_404", times=None)
    prepare(booked.pk)
    assert booked.deliveries.filter(kind=Delivery.Kind.READY).exists()
    assert {row.state for row in booked.documents.filter(kind=K.PASSBOOK)} == {S.WAITING}
    sandbox.heal()
    booked.documents.update(due_at=timezone.now())
    prepare(booked.pk)
    assert {row.state for row in booked.documents.filter(kind=K.PASSBOOK)} == {S.STORED}
