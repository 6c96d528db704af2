"""Writes and sends the mails of an order, each once. For workers only."""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import storages
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from orders import journal, law, selectors, transitions
from orders.journal import Entry
from orders.lifecycle import Outcome, Step
from orders.models import Card, Delivery, Document, Order, OrderItem
from orders.payments import transfer
from orders.payments.transfer import TRANSFER

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=1)
TOLD_AFTER = 8  # attempts
CANCELLED = (Delivery.Kind.CANCELLED, Delivery.Kind.CALLED_OFF)
MOST_ATTACHED = 8_000_000  # bytes; more than that many mail servers turn away


def send(delivery_id: int) -> None:
    """Send one mail if it waits. A death in the middle may send it again, under the same Message-ID."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return
    order = delivery.order
    with journal.step(order, Step.MAIL) as entry:
        entry.note(kind=delivery.kind, serial=delivery.serial)
        try:
            message(delivery).send()
        except smtplib.SMTPRecipientsRefused as error:
            if _for_good(error):
                _give_up(delivery, entry)
            else:
                _later(delivery, entry, error)
        except (OSError, smtplib.SMTPException) as error:
            _later(delivery, entry, error)
        else:
            with transaction.atomic():
                entry.close(Outcome.OK)
                sent = {"state": Delivery.State.SENT, "sent_at": timezone.now(), "claimed_until": None}
                Delivery.objects.filter(pk=delivery.pk).update(**sent)


def message(delivery: Delivery) -> EmailMultiAlternatives:
    """Return the mail, text and HTML, in the language of its order."""
    order = delivery.order
    with translation.override(order.language):
        subject = _subject(delivery)
        context = {
            "order": order,
            "items": list(_items(delivery)),
            "link": urljoin(settings.PUBLIC_URL, reverse("orders:order", args=[order.secret])),
            "shop_name": settings.SHOP_NAME,
            "seller_name": settings.SELLER_NAME,
            "contact_email": settings.CONTACT_EMAIL,
            "subject": subject,
            "LANGUAGE_CODE": order.language,
        }
        context |= _money(delivery) | _cards(delivery)
        attached = _sheets(order) if delivery.kind == Delivery.Kind.READY else None
        context["attached"] = attached is not None
        agreed = law.texts_of(order) if delivery.kind == Delivery.Kind.RECEIVED else []
        context["rights"] = law.rights_notice(agreed)
        context["texts"] = [text.title for text in agreed if text.name != law.RIGHTS]
        found = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"orders/mail/{delivery.kind}.txt", context),
            to=[order.email],
            reply_to=[settings.CONTACT_EMAIL],
            headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
        )
        found.attach_alternative(render_to_string(f"orders/mail/{delivery.kind}.html", context), "text/html")
        if attached is not None:
            found.attach(_("tickets-%(number)s.pdf") % {"number": order.number}, attached, "application/pdf")
        for text in agreed:
            if text.name != law.RIGHTS:
                found.attach(_file_name(text.title), law.as_file(order, text), "text/html")
    return found


def _items(delivery: Delivery) -> QuerySet[OrderItem]:
    """What the mail lists: what was given back, what is left to admit, or everything that was ordered."""
    items = delivery.order.items.all()
    if delivery.kind in CANCELLED:
        return items.filter(pk__in=delivery.order.cancellations.get(serial=delivery.serial).item_ids)
    if delivery.kind == Delivery.Kind.CARDS:
        return items.filter(cancelled_at=None, kind=OrderItem.Kind.ANNUAL)
    return items.filter(cancelled_at=None) if delivery.kind == Delivery.Kind.READY else items


def _money(delivery: Delivery) -> dict[str, object]:
    """What mails about money speak of: the account to pay to, a cancellation, or the refund that was made."""
    order = delivery.order
    if delivery.kind in (Delivery.Kind.TRANSFER, Delivery.Kind.REMINDER):
        payment = order.payments.filter(provider=TRANSFER.name).order_by("-id").first()
        return {"account": transfer.account(payment)} if payment else {}
    if delivery.kind in CANCELLED:
        found = order.cancellations.get(serial=delivery.serial)
        return {"cancellation": found, "pays_later": selectors.pays_later(order)}
    if delivery.kind == Delivery.Kind.RETURNED:
        return {"refund": order.refunds.select_related("payment").get(serial=delivery.serial)}
    return {}


def _cards(delivery: Delivery) -> dict[str, object]:
    """What the mail about annual tickets says: where names are entered, and whether some were refused."""
    if delivery.kind != Delivery.Kind.CARDS:
        return {}
    refused = Card.objects.filter(item__order=delivery.order, state=Card.State.REFUSED)
    link = urljoin(settings.PUBLIC_URL, reverse("orders:cards", args=[delivery.order.secret]))
    return {"cards_link": link, "cards_refused": refused.exists()}


def _subject(delivery: Delivery) -> str:
    words = {
        Delivery.Kind.RECEIVED: _("We have received your order %(number)s"),
        Delivery.Kind.READY: _("Your tickets, order %(number)s"),
        Delivery.Kind.CANCELLED: _("Cancelled, order %(number)s"),
        Delivery.Kind.CALLED_OFF: _("Cancelled by the museum, order %(number)s"),
        Delivery.Kind.CARDS: _("For whom is your annual ticket? Order %(number)s"),
        Delivery.Kind.DELAYED: _("Your tickets take a little longer, order %(number)s"),
        Delivery.Kind.REFUNDED: _("Order %(number)s could not be booked"),
        Delivery.Kind.TRANSFER: _("Please transfer the money for order %(number)s"),
        Delivery.Kind.REMINDER: _("Reminder: please pay order %(number)s"),
        Delivery.Kind.EXPIRED: _("Order %(number)s was not paid in time"),
        Delivery.Kind.RETURNED: _("Your money is on its way back, order %(number)s"),
    }
    return words[Delivery.Kind(delivery.kind)] % {"number": delivery.order.number}


def _file_name(title: str) -> str:
    return f"{slugify(title) or 'text'}.html"


def _sheets(order: Order) -> bytes | None:
    """The PDF of all tickets, None if there is none or it is too large to be mailed."""
    kind, stored = Document.Kind.SHEETS, Document.State.STORED
    document = order.documents.filter(kind=kind, state=stored).first()
    if document is None or document.size > MOST_ATTACHED:
        return None
    with storages["documents"].open(document.file) as file:
        content: bytes = file.read()
    return content


def _claim(delivery_id: int) -> Delivery | None:
    now = timezone.now()
    lease = timedelta(seconds=settings.ORDER_LEASE_SECONDS)
    waiting = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.WAITING)
    free = waiting.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    if not free.update(claimed_until=now + lease, attempts=F("attempts") + 1):
        return None
    return Delivery.objects.select_related("order").get(pk=delivery_id)


def _for_good(error: smtplib.SMTPRecipientsRefused) -> bool:
    """Codes of 500 and more are final; below, the server asks us to come again (grey lists do)."""
    return all(code >= 500 for code, _reason in error.recipients.values())


def _later(delivery: Delivery, entry: Entry, error: Exception) -> None:
    """The mail server is away: try again, ever slower, and tell staff when it takes long."""
    log.warning("order %s: mail not sent: %s", delivery.order.number, type(error).__name__)
    entry.note(error=type(error).__name__)
    entry.close(Outcome.UNAVAILABLE)
    wait = min(timedelta(seconds=10 * 2 ** min(delivery.attempts, 12)), LONGEST_WAIT)
    Delivery.objects.filter(pk=delivery.pk).update(claimed_until=None, due_at=timezone.now() + wait)
    if delivery.attempts == TOLD_AFTER:
        transitions.update(delivery.order, attention="mail cannot be sent: the mail server does not answer")


def _give_up(delivery: Delivery, entry: Entry) -> None:
    entry.close(Outcome.REFUSED)
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.FAILED, claimed_until=None)
    transitions.update(delivery.order, attention="mail cannot be delivered: the address was refused")
