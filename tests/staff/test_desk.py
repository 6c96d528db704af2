"""The start page of the staff: every worklist is filled by an incident and emptied by what settles it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import SyncRun
from checkout.models import Basket
from orders import deliveries, desk, findings, returns, transitions
from orders.lifecycle import Outcome, State, Step
from orders.models import (
    Cancellation,
    Card,
    Delivery,
    Document,
    Finding,
    JournalEntry,
    Order,
    Payment,
    Refund,
    Withdrawal,
)
from shop.models import Letter
from staff import charts, figures, worklists
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db
DESK = reverse("admin:index")


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.create_superuser("staff"))
    return client


def waiting(title: str) -> worklists.Worklist:
    found = worklists.for_person(User(is_superuser=True, is_active=True))
    return next(work for work in found if work.title == title)


def paid_and_stuck() -> Callable[[], object]:
    order = an_order(state=State.PAID, state_since=timezone.now() - timedelta(minutes=6))
    return lambda: transitions.move(order, State.FINALIZED)


def answer_lost() -> Callable[[], object]:
    order = an_order(state=State.FINALIZE_UNKNOWN)
    return lambda: transitions.move(order, State.FINALIZED)


def decision_needed() -> Callable[[], object]:
    order = an_order(state=State.PAID, attention="compare both")
    return lambda: transitions.move(order, State.FINALIZED)


def tickets_late() -> Callable[[], object]:
    order = an_order(state=State.READY, state_since=timezone.now() - timedelta(hours=1))
    document = Document.objects.create(order=order, kind=Document.Kind.INVOICE)
    return lambda: Document.objects.filter(pk=document.pk).update(state=Document.State.STORED)


def mail_refused() -> Callable[[], object]:
    order = an_order(state=State.READY)
    Delivery.objects.filter(pk=deliveries.announce(order, Delivery.Kind.READY).pk).update(
        state=Delivery.State.FAILED
    )
    return lambda: deliveries.announce(order, Delivery.Kind.READY, serial=1)


def transfer_awaited() -> Callable[[], object]:
    until = timezone.now() + timedelta(days=5)
    payment = desk.book(
        an_order(state=State.AWAITING, payment_method="transfer", pay_until=until), Payment.State.OPEN
    )
    return lambda: desk.receive(payment, 2800, note="", by="staff")


def refund_by_hand() -> Callable[[], object]:
    payment = desk.book(an_order(state=State.EXPIRED, payment_method="transfer"), Payment.State.OPEN)
    desk.receive(payment, 2800, note="", by="staff")
    return lambda: returns.returned_by_hand(Refund.objects.get(), by="staff")


def paid_twice() -> Callable[[], object]:
    payment = desk.book(an_order(payment_method="invoice"), Payment.State.PROMISED)
    Payment.objects.filter(pk=payment.pk).update(trouble=Payment.Trouble.DOUBLE)
    return lambda: Payment.objects.update(settled=True)


def withdrawn() -> Callable[[], object]:
    Withdrawal.objects.create(nonce="1", language="en", number="VT-1", email="ida@example.org")
    return lambda: Withdrawal.objects.update(settled_at=timezone.now())


def letter_refused() -> Callable[[], object]:
    Letter.objects.create(kind=Letter.Kind.NEWSLETTER, message_id="<1@x>", state=Letter.State.FAILED)
    return lambda: Letter.objects.update(state=Letter.State.SENT)


def mirror_old() -> Callable[[], object]:
    SyncRun.objects.create(ok=True, finished_at=timezone.now() - timedelta(days=1))
    return lambda: SyncRun.objects.create(ok=True, finished_at=timezone.now())


def called_off() -> Callable[[], object]:
    order = an_order(state=State.READY)
    finding = findings.report(Finding.Kind.PARTLY, order, order.number)
    return lambda: findings.settle([finding], by="staff")


def cancelling_slowly() -> Callable[[], object]:
    asked = timezone.now() - timedelta(minutes=16)
    facts = {"item_ids": [], "whole": True, "fee_cents": 0, "refund_cents": 0, "asked_at": asked}
    Cancellation.objects.create(order=an_order(state=State.READY), serial=1, **facts)
    return lambda: Cancellation.objects.update(state=Cancellation.State.DONE)


def holder_in_doubt() -> Callable[[], object]:
    since = timezone.now() - timedelta(minutes=16)
    item = an_order(state=State.READY).items.get()
    Card.objects.create(item=item, position=1, state=Card.State.DOUBT, state_since=since)
    return lambda: Card.objects.update(state=Card.State.DONE)


@pytest.mark.parametrize(
    ("title", "incident"),
    [
        ("Paid, not booked", paid_and_stuck),
        ("Outcome unknown", answer_lost),
        ("Needs a decision", decision_needed),
        ("Tickets late", tickets_late),
        ("Mails refused", mail_refused),
        ("Transfers to confirm", transfer_awaited),
        ("Refunds due", refund_by_hand),
        ("Payments with trouble", paid_twice),
        ("Withdrawals to settle", withdrawn),
        ("Letters refused", letter_refused),
        ("Findings to settle", called_off),
        ("Cancellations under way", cancelling_slowly),
        ("Annual tickets in doubt", holder_in_doubt),
        ("Catalogue out of date", mirror_old),
    ],
)
def test_an_incident_fills_its_list_and_settling_it_empties_it(
    staff: Client, title: str, incident: Callable[[], Callable[[], object]]
) -> None:
    staff.get(DESK)  # speaks English from here on
    SyncRun.objects.create(ok=True, finished_at=timezone.now() - timedelta(hours=2))
    if title != "Catalogue out of date":
        SyncRun.objects.create(ok=True, finished_at=timezone.now())
        assert waiting(title).count == 0
    settle = incident()
    work = waiting(title)
    assert work.count == 1
    assert f'href="{work.address.replace("&", "&amp;")}"' in staff.get(DESK).content.decode()
    page = staff.get(work.address)
    assert page.status_code == 200  # a filter the admin does not allow leads elsewhere
    if title != "Catalogue out of date":
        assert page.context["cl"].result_count == 1
    settle()
    assert waiting(title).count == 0
    if title != "Catalogue out of date":
        assert staff.get(work.address).context["cl"].result_count == 0


def test_what_is_on_its_way_is_on_no_list(staff: Client) -> None:
    staff.get(DESK)
    SyncRun.objects.create(ok=True, finished_at=timezone.now())
    an_order(state=State.PAID)
    an_order(state=State.FINALIZED)
    assert [work.title for work in worklists.for_person(User(is_superuser=True)) if work.count] == []
    assert "Nothing waits for you." in staff.get(DESK).content.decode()


def test_the_figures_count_what_was_booked_and_nothing_else(staff: Client) -> None:
    done = an_order(state=State.READY)
    an_order(state=State.REFUNDED)
    an_order(state=State.READY, created_at=timezone.now() - timedelta(days=figures.DAYS + 1))
    began = timezone.now()
    for outcome in (Outcome.OK, Outcome.UNKNOWN):
        JournalEntry.objects.create(
            order=done,
            step=Step.FINALIZE,
            outcome=outcome,
            begun_at=began,
            ended_at=began + timedelta(milliseconds=300),
        )
    JournalEntry.objects.create(order=done, step=Step.MAIL, outcome=Outcome.UNAVAILABLE)
    Basket.objects.create()
    Basket.objects.create(order=done)
    today = figures.days()[-1]
    assert (today.orders, today.cents) == (1, 2800)
    assert (today.calls, today.failed, today.milliseconds) == (2, 1, 300)
    assert sum(day.orders for day in figures.days()) == 1
    assert figures.museums() == [("Collection on the Canal", 2, 2800)]
    assert figures.baskets() == (1, 1, 1)
    page = staff.get(DESK).content.decode()
    assert "€28.00" in page
    assert 'height="140.0"' in page
    assert "style=" not in re.sub(r"<head>.*</head>", "", page, flags=re.S)


def test_bars_fill_the_drawing_and_nothing_draws_nothing() -> None:
    small, high = charts.bars([1, 4], ["a", "b"])
    assert (high.y, high.height) == (0, charts.HEIGHT)
    assert small.height == charts.HEIGHT / 4
    assert small.y + small.height == charts.HEIGHT
    assert charts.bars([0, 0], ["a", "b"]) == charts.bars([], []) == []


def test_who_may_see_nothing_sees_no_figures() -> None:
    an_order(state=State.READY, attention="compare both")
    looker = User.objects.create_user("looker", is_staff=True)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(looker)
    page = client.get(DESK).content.decode()
    assert "To do" not in page
    assert "per day" not in page
    looker.user_permissions.set(Permission.objects.filter(codename="view_order"))
    page = client.get(DESK).content.decode()
    assert "Needs a decision" in page
    assert "Orders booked per day" in page
    assert "Takings" not in page
    assert Order.objects.count() == 1
