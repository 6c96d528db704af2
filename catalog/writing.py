"""Writes what the sync finds while it is found: a handful of rows at a time, each in a transaction of its own.

Where it stops, by a failure or a kill, the mirror is whole: every row is as upstream told it at one moment, with all
its links; what it refers to was written before it; nothing is retired before the whole catalogue was read. And what
is written needs not be read again, so the next run goes on where this one stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from catalog import report, store
from catalog.harvest import Hours
from catalog.lists import Seen, handfuls
from catalog.mirror import Known, LocalRow, Plan, Row, picture_values, plan
from catalog.models import SyncRun
from catalog.report import Report
from catalog.shelves import SHELVES
from shop.api.records import Picture

AT_ONCE = (
    500  # rows in one transaction: some tenths of a second, so that nobody else waits long for their turn
)
SIGN_OF_LIFE = timedelta(seconds=10)
HOURS_KEPT = timedelta(days=2)
DATES_KEPT = timedelta(days=30)  # after they are over


class LostClaimError(Exception):
    """Another run took over; nothing more may be written."""


@dataclass(slots=True)
class Writer:
    """Takes rows for one run and writes those that differ. `report` tells what was written up to now."""

    run: SyncRun
    known: Mapping[str, Mapping[int, Known]]
    report: Report = field(default_factory=dict)
    said: datetime = field(default_factory=timezone.now)

    def take(self, kind: str, rows: Sequence[Row], pictures: Sequence[Picture | None] = ()) -> None:
        """Write new and changed rows and note them; the same row from upstream twice is the later one."""
        if wanted := picture_values(pictures):
            with transaction.atomic():
                store.write_pictures(wanted)
        for some in handfuls(rows, AT_ONCE):
            with transaction.atomic():
                self.still_ours()
                done = self._plan(kind, some)
                store.write(SHELVES[kind], done, now=timezone.now())
                self._note(kind, done)

    def skip(self, kind: str, sentences: Sequence[str]) -> None:
        """Note what could not be read."""
        report.note_skipped(self.report, kind, sentences)

    def retire(self, kind: str, seen: Seen) -> None:
        """Retire what upstream has no more, but for rows that somebody read again meanwhile."""
        gone = sorted(pk for pk, row in self.known[kind].items() if not row.retired_at and pk not in seen.ids)
        for keys in handfuls(gone, AT_ONCE):
            with transaction.atomic():
                self.still_ours()
                old = store.unread_since(SHELVES[kind], keys, self.run.started_at)
                done = Plan(create=(), update=(), retire=tuple(old), confirmed=())
                store.write(SHELVES[kind], done, now=timezone.now())
                self._note(kind, done)

    def hours(self, found: Iterable[Hours]) -> None:
        """Keep opening hours; those of days gone by and dates long over are dropped."""
        for some in handfuls(found, AT_ONCE):
            with transaction.atomic():
                self.still_ours()
                now = timezone.now()
                store.write_hours(some, now=now, keep_from=(now - HOURS_KEPT).date())
        store.forget_dates(timezone.now() - DATES_KEPT)

    def alive(self) -> None:
        """Say now and then that this run is alive; raises LostClaimError."""
        if timezone.now() - self.said >= SIGN_OF_LIFE:
            self.still_ours()

    def still_ours(self) -> None:
        """Raise LostClaimError unless the claim is ours, and hold it while a transaction lasts."""
        self.said = timezone.now()
        ours = SyncRun.objects.filter(pk=self.run.pk, running=True)
        if not ours.update(alive_at=self.said, report=self.report):
            raise LostClaimError

    def _plan(self, kind: str, rows: Iterable[Row]) -> Plan:
        remote = {row.id: row for row in rows}
        local = store.local_rows(SHELVES[kind], remote)
        newer = {pk for pk, row in local.items() if self._is_newer(row)}
        return plan(
            {pk: row for pk, row in remote.items() if pk not in newer},
            {pk: row for pk, row in local.items() if pk not in newer},
        )

    def _is_newer(self, row: LocalRow) -> bool:
        """Whether somebody else read it again since this run began: theirs is the later word."""
        return row.read_at is not None and row.read_at > self.run.started_at

    def _note(self, kind: str, done: Plan) -> None:
        report.note(self.report, kind, done)
        if done.update or done.retire:  # a change that is written is also told
            SyncRun.objects.filter(pk=self.run.pk).update(report=self.report)
