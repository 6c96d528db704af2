"""Exports in the background: claimed by one worker, counted while it reads, kept for some days, mailed every month."""

from __future__ import annotations

import logging
import smtplib
import tempfile
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shop.jobs import Job
from shop.queue import ring
from staff import bookkeeping, spreadsheets
from staff.bookkeeping import Movement
from staff.models import Export

log = logging.getLogger(__name__)

S = Export.State
LEASE = timedelta(minutes=5)  # renewed while orders are read
TELL_EVERY = 200  # orders
MONTHLY = (Export.Content.ORDERS, Export.Content.VAT, Export.Content.SETTLEMENT)
MOST_MAILED = 8_000_000  # bytes
GIVE_UP = timedelta(days=3)  # a mail server that is away that long is staff's to find in the list
WRITERS = {Export.Form.CSV: spreadsheets.write_csv, Export.Form.XLSX: spreadsheets.write_xlsx}


def ask(*, content: str, form: str, since: date, until: date, by: str) -> Export:
    """Write the wish and ring for it."""
    row = Export.objects.create(content=content, form=form, since=since, until=until, asked_by=by[:150])
    ring(Job.MAKE_EXPORT, row.pk)
    return row


def make(export_id: int) -> None:
    """Make one export, and mail a monthly one. A second worker leaves it alone; after a death it is begun anew."""
    if not _free().filter(pk=export_id).update(state=S.RUNNING, claimed_until=timezone.now() + LEASE):
        return
    row = Export.objects.get(pk=export_id)
    orders = bookkeeping.orders_of(row.since, row.until)
    Export.objects.filter(pk=row.pk).update(orders_total=orders.count(), orders_done=0)
    moves = _counted(row, bookkeeping.movements(orders, row.since, row.until))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export")
        WRITERS[Export.Form(row.form)](path, bookkeeping.TABLES[row.content](moves))
        with path.open("rb") as content:
            name = storages["documents"].save(f"exports/{uuid.uuid4().hex}.{row.form}", File(content))
        size = path.stat().st_size
    done = {"state": S.DONE, "file": name, "size": size, "done_at": timezone.now(), "claimed_until": None}
    if not Export.objects.filter(pk=row.pk, state=S.RUNNING).update(**done):
        storages["documents"].delete(name)  # it was made by somebody quicker
    mail(row.pk)


def _counted(row: Export, moves: Iterator[Movement]) -> Iterator[Movement]:
    """Pass the movements on and tell every now and then how many orders were read; that also renews the lease."""
    seen, last = 0, 0
    for move in moves:
        if move.order.pk != last:
            seen, last = seen + 1, move.order.pk
            if seen % TELL_EVERY == 0:
                lease = timezone.now() + LEASE
                Export.objects.filter(pk=row.pk).update(orders_done=seen, claimed_until=lease)
        yield move
    Export.objects.filter(pk=row.pk).update(orders_done=seen)


def sweep() -> None:
    """Plan the exports of the month that has ended, ring for what waits, mail what was not mailed."""
    _plan(timezone.localdate())
    for pk in _free().values_list("pk", flat=True):
        ring(Job.MAKE_EXPORT, pk)
    for pk in _unmailed().values_list("pk", flat=True):
        mail(pk)


def mail(export_id: int) -> None:
    """Send a finished monthly export to the addresses of the settings; what fails the sweep tries again."""
    row = _unmailed().filter(pk=export_id).first()
    if row is None or not settings.EXPORT_RECIPIENTS:
        return
    try:
        _message(row).send()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("export %s not mailed: %s", row.pk, type(error).__name__)
    else:
        Export.objects.filter(pk=row.pk).update(mailed_at=timezone.now())


def expire(before: datetime) -> int:
    """Drop the files made before; the rows stay and say that they were. Returns how many."""
    old = Export.objects.filter(state=S.DONE, done_at__lt=before)
    gone = 0
    for row in old:
        storages["documents"].delete(row.file)
        gone += Export.objects.filter(pk=row.pk, state=S.DONE).update(state=S.EXPIRED, file="", size=0)
    return gone


def _plan(today: date) -> None:
    if not settings.EXPORT_RECIPIENTS:
        return
    until = today.replace(day=1) - timedelta(days=1)
    since = until.replace(day=1)
    for content in MONTHLY:
        facts = {"content": content, "form": Export.Form.XLSX, "since": since, "until": until}
        Export.objects.get_or_create(key=f"{content}-{since:%Y-%m}", defaults=facts)


def _free() -> QuerySet[Export]:
    abandoned = Q(state=S.RUNNING, claimed_until__lte=timezone.now())
    return Export.objects.filter(Q(state=S.WAITING) | abandoned)


def _unmailed() -> QuerySet[Export]:
    since = timezone.now() - GIVE_UP
    return Export.objects.filter(state=S.DONE, key__isnull=False, mailed_at=None, done_at__gt=since)


def _message(row: Export) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        found = EmailMessage(
            subject=f"{settings.SHOP_NAME}: {row.get_content_display()}, {row.since:%Y-%m}",
            body=_("The figures of the month are attached, or lie in the admin under Exports."),
            to=settings.EXPORT_RECIPIENTS,
            headers={"Message-ID": f"<export.{row.key}@{urlsplit(settings.PUBLIC_URL).hostname}>"},
        )
    if row.size <= MOST_MAILED:
        with storages["documents"].open(row.file) as file:
            found.attach(row.name, file.read(), "application/octet-stream")
    return found
