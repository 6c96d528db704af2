"""Mails that belong to no order: the row is the mail, written with what it tells of; the bell rings after commit."""

from __future__ import annotations

import logging
import smtplib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from shop.jobs import Job
from shop.models import Letter
from shop.queue import ring

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says, in the active language. `facts` are pairs of a word and its value, `links` of a
    label and an address; addresses are absolute.
    """

    subject: str
    greeting: str
    opening: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    link: str = ""
    link_label: str = ""
    closing: Sequence[str] = ()
    links: Sequence[tuple[str, str]] = ()


def promise(kind: Letter.Kind, recipient: str, content: Content) -> Letter:
    """Write the letter; it will be sent once. Call it in the transaction that writes what it tells of."""
    context = {
        "content": content,
        "shop_name": settings.SHOP_NAME,
        "seller_name": settings.SELLER_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
    }
    letter = Letter.objects.create(
        kind=kind,
        recipient=recipient,
        subject=content.subject,
        text=render_to_string("shop/mail/letter.txt", context),
        html=render_to_string("shop/mail/letter.html", context),
        message_id=f"<{kind.value}.{uuid.uuid4().hex}@{urlsplit(settings.PUBLIC_URL).hostname}>",
    )
    ring(Job.SEND_LETTER, letter.pk)
    return letter


def written_lately(kind: Letter.Kind, recipient: str, within: timedelta) -> int:
    """Return how many letters of this kind the address was promised lately."""
    since = timezone.now() - within
    return Letter.objects.filter(kind=kind, recipient__iexact=recipient, created_at__gt=since).count()


def send(letter_id: int) -> None:
    """Send one letter if it waits. A death in the middle may send it again, under the same Message-ID."""
    letter = _claim(letter_id)
    if letter is None:
        return
    try:
        _message(letter).send()
    except smtplib.SMTPRecipientsRefused as error:
        for_good = all(code >= 500 for code, _reason in error.recipients.values())
        _close(letter, state=Letter.State.FAILED) if for_good else _later(letter, error)
    except (OSError, smtplib.SMTPException) as error:
        _later(letter, error)
    else:
        _close(letter, state=Letter.State.SENT, sent_at=timezone.now())


def due() -> list[int]:
    """Return the ids of letters that should be sent now."""
    return list(_free().order_by("due_at").values_list("pk", flat=True))


def forget_old() -> int:
    """Remove letters sent or refused long ago; what they told of is kept elsewhere. Returns how many."""
    kept = timedelta(days=settings.RETENTION_DAYS["letters"])
    over = Letter.objects.exclude(state=Letter.State.WAITING)
    return over.filter(created_at__lt=timezone.now() - kept).delete()[0]


def _message(letter: Letter) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.recipient],
        reply_to=[settings.CONTACT_EMAIL],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def _free() -> QuerySet[Letter]:
    now = timezone.now()
    waiting = Letter.objects.filter(state=Letter.State.WAITING, due_at__lte=now)
    return waiting.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))


def _claim(letter_id: int) -> Letter | None:
    lease = timezone.now() + timedelta(seconds=settings.ORDER_LEASE_SECONDS)
    if not _free().filter(pk=letter_id).update(claimed_until=lease, attempts=F("attempts") + 1):
        return None
    return Letter.objects.get(pk=letter_id)


def _close(letter: Letter, **fields: object) -> None:
    Letter.objects.filter(pk=letter.pk).update(claimed_until=None, **fields)


def _later(letter: Letter, error: Exception) -> None:
    """The mail server is away: try again, ever slower."""
    log.warning("letter %s not sent: %s", letter.pk, type(error).__name__)
    wait = min(timedelta(seconds=10 * 2 ** min(letter.attempts, 12)), LONGEST_WAIT)
    _close(letter, due_at=timezone.now() + wait)
