"""Mails of an order: in its language, with its tickets, each sent once however the mail server behaves."""

import smtplib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.files.base import ContentFile
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage as DjangoMessage
from django.db import connections
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders import deliveries
from orders.documents import storage
from orders.lifecycle import Outcome, State, Step
from orders.mail import MOST_ATTACHED, send
from orders.models import Cancellation, Delivery, Document, Order, OrderItem, Payment, Refund
from tests.orders.clock import Clock
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db(transaction=True)
Kind = Delivery.Kind
PDF = b"%PDF-1.7 two tickets"


class Post(BaseEmailBackend):
    """A mail server with bad days: raises what is planned for it, then takes everything."""

    troubles: list[Exception] = []

    def send_messages(self, email_messages: Sequence[DjangoMessage]) -> int:
        if Post.troubles:
            raise Post.troubles.pop(0)
        outbox.outbox.extend(email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def _post(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{Post.__module__}.{Post.__name__}"
    settings.PUBLIC_URL = "https://shop.example"
    Post.troubles = []


def a_mail(kind: Delivery.Kind = Kind.READY, *, pdf: bytes | None = PDF, **fields: Any) -> Delivery:
    order = an_order(**{"state": State.READY} | fields)
    if pdf is not None:
        file = storage().save(f"{order.number}.pdf", ContentFile(pdf))
        facts = {"state": Document.State.STORED, "size": len(pdf), "file": file}
        Document.objects.create(order=order, kind=Document.Kind.SHEETS, **facts)
    if kind in (Kind.TRANSFER, Kind.REMINDER, Kind.RETURNED):
        money = {"provider": "transfer", "reference": f"{order.number}-1", "amount_cents": 2800}
        payment = Payment.objects.create(order=order, currency="EUR", collected_cents=0, **money)
    if kind == Kind.RETURNED:
        facts = {"serial": 0, "key": f"{order.number}-R0", "cents": 2800, "reason": Refund.Reason.NOT_NEEDED}
        Refund.objects.create(order=order, payment=payment, **facts)
    if kind in (Kind.CANCELLED, Kind.CALLED_OFF):
        chosen = list(order.items.values_list("pk", flat=True))
        sums = {"fee_cents": 280, "refund_cents": 2520}
        Cancellation.objects.create(order=order, serial=0, item_ids=chosen, whole=True, **sums)
    if kind == Kind.CARDS:
        order.items.update(kind=OrderItem.Kind.ANNUAL)
    return deliveries.announce(order, kind)


def sent(delivery: Delivery) -> EmailMultiAlternatives:
    """Send it and return the only mail that went out."""
    send(delivery.pk)
    [found] = outbox.outbox
    assert isinstance(found, EmailMultiAlternatives)
    return found


def bodies(message: EmailMultiAlternatives) -> tuple[str, str]:
    [(html, mimetype)] = message.alternatives
    assert mimetype == "text/html"
    return str(message.body), str(html)


@pytest.mark.parametrize(
    ("kind", "language", "subject", "said"),
    [
        (Kind.RECEIVED, "en", "We have received your order", "are booking it at the museum"),
        (Kind.READY, "en", "Your tickets", "your tickets are attached"),
        (Kind.REFUNDED, "en", "could not be booked", "You get back everything you paid"),
        (Kind.TRANSFER, "en", "Please transfer the money", "IBAN: DE02 1203 0000 0000 2020 51"),
        (Kind.REMINDER, "en", "Reminder", "IBAN: DE02 1203 0000 0000 2020 51"),
        (Kind.EXPIRED, "en", "not paid in time", "nothing has been booked"),
        (Kind.RETURNED, "en", "on its way back", "We have returned €28.00 to you"),
        (Kind.TRANSFER, "de", "Bestellung", "Verwendungszweck"),
        (Kind.RECEIVED, "de", "Bestellung", "Guten Tag Ida"),
        (Kind.READY, "de", "Ihre Karten", "Guten Tag Ida"),
        (Kind.REFUNDED, "de", "Bestellung", "Guten Tag Ida"),
        (Kind.CANCELLED, "en", "Cancelled", "You get back: €25.20"),
        (Kind.CALLED_OFF, "en", "Cancelled by the museum", "You paid for it: €25.20"),
        (Kind.CARDS, "en", "For whom is your annual ticket?", "Please tell us for whom it is"),
        (Kind.DELAYED, "en", "a little longer", "your places are booked"),
    ],
)
def test_every_mail_speaks_the_language_of_its_order(
    kind: Delivery.Kind, language: str, subject: str, said: str
) -> None:
    delivery = a_mail(kind, language=language)
    order = delivery.order
    message = sent(delivery)
    assert subject in message.subject
    assert order.number in message.subject
    for body in bodies(message):
        assert said in body
        assert f"https://shop.example/{language}/order/{order.secret}/" in body
        assert "Colour as Space" in body
        assert ("28,00\xa0€" if language == "de" else "€28.00") in body
    assert f'<html lang="{language}">' in bodies(message)[1]


def test_german_mails_have_no_english_left() -> None:
    for kind in Kind:
        send(a_mail(kind, language="de").pk)
    for message in outbox.outbox:
        assert isinstance(message, EmailMultiAlternatives)
        for body in (message.subject, *bodies(message)):
            for english in (" your ", " order ", "Hello", " and ", " the "):
                assert english not in body.replace("Collection on the Canal", ""), (english, body)


def test_a_mail_is_addressed_and_marked() -> None:
    delivery = a_mail()
    message = sent(delivery)
    wire = message.message()
    assert message.to == ["ida@example.org"]
    assert wire["Message-ID"] == delivery.message_id
    assert delivery.message_id.endswith("@shop.example>")
    assert wire["Auto-Submitted"] == "auto-generated"
    assert wire["Reply-To"] == message.reply_to[0] == "shop@vitrine.example"
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    assert delivery.sent_at is not None
    assert delivery.order.journal.get(step=Step.MAIL).outcome == Outcome.OK


def test_names_are_words_not_html() -> None:
    text, html = bodies(sent(a_mail(given_name="<b>Ida</b> & Co")))
    assert "Hello <b>Ida</b> & Co," in text
    assert "&lt;b&gt;Ida&lt;/b&gt; &amp; Co" in html


def test_the_tickets_in_the_mail_are_the_stored_ones() -> None:
    delivery = a_mail()
    parts = [part for part in sent(delivery).message().walk() if part.get_filename()]
    assert [part.get_filename() for part in parts] == [f"tickets-{delivery.order.number}.pdf"]
    assert parts[0].get_payload(decode=True) == PDF
    assert parts[0].get_content_type() == "application/pdf"


@pytest.mark.parametrize("large", [True, False])
def test_without_an_attachment_the_link_is_enough(large: bool) -> None:
    delivery = a_mail(pdf=PDF if large else None)
    Document.objects.update(size=MOST_ATTACHED + 1)
    message = sent(delivery)
    assert message.attachments == []
    for body in bodies(message):
        assert "behind the link below" in body
        assert delivery.order.secret in body


def test_only_the_tickets_mail_carries_tickets() -> None:
    assert sent(a_mail(Kind.RECEIVED)).attachments == []


@pytest.mark.parametrize(
    "trouble",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        smtplib.SMTPServerDisconnected(),
        smtplib.SMTPDataError(451, b"come again"),
        smtplib.SMTPRecipientsRefused({"ida@example.org": (450, b"grey-listed")}),
    ],
)
def test_a_mail_server_that_is_away_is_tried_again(trouble: Exception, clock: Clock) -> None:
    Post.troubles = [trouble, trouble]
    delivery = a_mail()
    waits = []
    for _ in range(2):
        send(delivery.pk)
        delivery.refresh_from_db()
        assert delivery.state == Delivery.State.WAITING
        assert delivery.claimed_until is None
        waits.append((delivery.due_at - timezone.now()).total_seconds())
        clock.forward(seconds=waits[-1] + 1)
    assert waits[0] == pytest.approx(20, abs=2)
    assert waits[1] == pytest.approx(40, abs=2)
    assert sent(delivery).message()["Message-ID"] == delivery.message_id
    outcomes = delivery.order.journal.filter(step=Step.MAIL).values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.UNAVAILABLE, Outcome.UNAVAILABLE, Outcome.OK]


def test_staff_are_told_when_the_mail_server_stays_away(clock: Clock) -> None:
    Post.troubles = [OSError() for _ in range(8)]
    delivery = a_mail()
    for attempt in range(8):
        delivery.order.refresh_from_db()
        assert delivery.order.attention == "", attempt
        send(delivery.pk)
        clock.forward(hours=1)
    delivery.order.refresh_from_db()
    assert "mail" in delivery.order.attention


def test_a_refused_address_is_given_up_and_shown_to_staff() -> None:
    Post.troubles = [smtplib.SMTPRecipientsRefused({"ida@example.org": (550, b"unknown")})]
    delivery = a_mail()
    send(delivery.pk)
    send(delivery.pk)
    delivery.refresh_from_db()
    assert outbox.outbox == []
    assert delivery.state == Delivery.State.FAILED
    assert "address was refused" in Order.objects.get().attention
    assert delivery.order.journal.get(step=Step.MAIL).outcome == Outcome.REFUSED
    assert "ida@" not in str(delivery.order.journal.get(step=Step.MAIL).answer)


def test_two_workers_at_once_send_one_mail() -> None:
    delivery = a_mail()

    def work(_: int) -> None:
        try:
            send(delivery.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert len(outbox.outbox) == 1
    send(delivery.pk)
    assert len(outbox.outbox) == 1


def test_the_mail_of_a_dead_worker_is_sent_after_its_lease_under_the_same_id(
    clock: Clock, settings: Settings
) -> None:
    delivery = a_mail()
    lease = timedelta(seconds=settings.ORDER_LEASE_SECONDS)
    Delivery.objects.update(claimed_until=timezone.now() + lease)
    send(delivery.pk)
    assert outbox.outbox == []
    clock.forward(seconds=lease.total_seconds() + 1)
    assert sent(delivery).message()["Message-ID"] == delivery.message_id


def test_a_promise_made_twice_is_one_mail() -> None:
    delivery = a_mail()
    assert deliveries.announce(delivery.order, Kind.READY) == delivery
    assert deliveries.announce(delivery.order, Kind.READY, serial=1).message_id != delivery.message_id
