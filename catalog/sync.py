"""Brings the mirror up to date: reads upstream list by list and writes what changed on the way.

Nothing upstream does can empty the shop: a run that fails on the way takes nothing away, and of a list that is suddenly
empty nothing is believed. Only one run is under way at a time; the claim is a row, and that of a run whose process is
gone, or that has shown no life for a while, may be taken over.
"""

from __future__ import annotations

import logging
import os
import socket
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog import store
from catalog.harvest import Mirror, Reader
from catalog.languages import shop_locales
from catalog.lists import Lists, Progress, Seen
from catalog.models import EventDate, OpeningHours, SyncRun, Ticket
from catalog.selectors import pictures_to_fetch
from catalog.shelves import SHELVES
from catalog.words import TAGS
from catalog.writing import LostClaimError, Writer
from shop import edition, features, gateway
from shop.api.errors import GomusError
from shop.features import Feature
from shop.jobs import Job
from shop.queue import ring

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # longer than the longest call upstream may take
RUNS_KEPT = timedelta(days=30)
PICTURE_ATTEMPTS = 5
NECESSARY = frozenset({"museums", "exhibitions", "tickets"})
SUDDENLY_EMPTY = "all of them: the list is suddenly empty; if that is right, run sync_catalog --allow-empty"


class SyncError(Exception):
    """The mirror was left as it was. `str()` is a sentence for the operator."""


class SyncBusyError(SyncError):
    """Another run is under way."""


def quiet(what: str, done: int, total: int) -> None:
    """Progress for nobody."""


def sync_catalog(*, allow_empty: bool = False, progress: Progress = quiet) -> SyncRun:
    """Mirror the catalogue and return the finished run; raises SyncError after recording why it failed.

    `allow_empty` believes upstream when a list that had entries comes back empty.
    """
    run = _claim()
    mirror = _mirror()
    writer = Writer(run, mirror.rows)
    try:
        _copy(writer, mirror, progress, allow_empty=allow_empty)
    except GomusError as error:
        raise _failed(writer, f"The ticket system did not deliver the catalogue: {error}.") from error
    except LostClaimError as error:
        raise _failed(writer, "Another synchronisation took over, this one was too slow.") from error
    except SyncError as error:
        raise _failed(writer, str(error)) from error
    except BaseException as error:
        _failed(writer, f"The synchronisation broke off: {type(error).__name__}.")
        raise
    _close(writer, ok=True)
    edition.renew()
    announce_pictures()
    return run


def last_success() -> SyncRun | None:
    """The newest run that went well."""
    return SyncRun.objects.filter(ok=True).first()


def announce_pictures() -> None:
    """Ring for every picture that is still to be fetched."""
    for pk in pictures_to_fetch(PICTURE_ATTEMPTS):
        ring(Job.FETCH_PICTURE, pk)


def _claim() -> SyncRun:
    _push_aside_the_dead()
    try:
        with transaction.atomic():
            return SyncRun.objects.create(running=True, process=f"{socket.gethostname()}:{os.getpid()}")
    except IntegrityError:
        raise SyncBusyError("Another synchronisation of the catalogue is under way.") from None


def _push_aside_the_dead() -> None:
    now = timezone.now()
    for run in SyncRun.objects.filter(running=True):
        if run.alive_at < now - LEASE or _is_gone(run.process):
            ours = SyncRun.objects.filter(pk=run.pk, running=True, alive_at=run.alive_at)
            ours.update(running=None, finished_at=now, error="The run was interrupted.")


def _is_gone(process: str) -> bool:
    """Whether a process of this very machine has ended; of other machines only the lease can tell."""
    host, _, pid = process.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _copy(writer: Writer, mirror: Mirror, progress: Progress, *, allow_empty: bool) -> None:
    """Read list by list, writing on the way; what vanished is retired once everything was read."""
    gomus = gateway.client()
    lists = Lists(gomus, shop_locales(gomus), timezone.now(), _lively(writer, progress), writer)
    reader = Reader(lists, timezone.get_current_timezone(), coupons=features.is_on(Feature.COUPONS))
    whole: dict[str, Seen] = {}
    for kind, seen in reader.everything(mirror):
        if seen.there and (allow_empty or _is_believed(writer, kind, seen)):
            writer.skip(kind, seen.skipped)
            whole[kind] = seen
    writer.hours(reader.opening_hours(sorted(whole["museums"].ids), mirror.hours))
    for kind, seen in whole.items():
        writer.retire(kind, seen)


def _mirror() -> Mirror:
    rows = {name: store.known(shelf) for name, shelf in SHELVES.items()}
    hours = OpeningHours.objects.values_list("museum_id", "day", "read_at")
    combined = Ticket.objects.filter(retired_at=None).exclude(sub_ticket_ids=[])
    over = EventDate.objects.filter(start_time__lt=_midnight())
    return Mirror(
        rows,
        {(museum_id, day): read_at for museum_id, day, read_at in hours},
        parts=dict(combined.values_list("pk", "sub_ticket_ids")),
        over=frozenset(over.values_list("pk", flat=True)),
    )


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _lively(writer: Writer, progress: Progress) -> Progress:
    """Report progress and, now and then, that the run is alive; stops a run that lost its claim."""

    def step(what: str, done: int, total: int) -> None:
        writer.alive()
        progress(what, done, total)

    return step


def _is_believed(writer: Writer, kind: str, seen: Seen) -> bool:
    """Not a list that is suddenly empty: it says nothing, and without the necessary ones there is no run."""
    if seen.ids or kind in TAGS or not any(row.retired_at is None for row in writer.known[kind].values()):
        return True  # a tag may well be used no more
    if kind in NECESSARY:
        raise SyncError(
            f"The ticket system suddenly lists no {kind} at all; nothing was taken away. "
            "If that is right, run sync_catalog --allow-empty."
        )
    writer.skip(kind, (SUDDENLY_EMPTY,))
    return False


def _failed(writer: Writer, sentence: str) -> SyncError:
    log.warning("catalogue sync failed: %s", sentence)
    _close(writer, ok=False, error=sentence)
    return SyncError(sentence)


def _close(writer: Writer, *, ok: bool, error: str = "") -> None:
    run = writer.run
    run.running, run.finished_at, run.ok, run.error = None, timezone.now(), ok, error
    run.report = writer.report
    # A run that was pushed aside keeps the end it was given.
    ours = SyncRun.objects.filter(pk=run.pk, running=True)
    ours.update(running=None, finished_at=run.finished_at, ok=ok, error=error, report=run.report)
    SyncRun.objects.filter(started_at__lt=timezone.now() - RUNS_KEPT).delete()
