"""Mirrors the catalogue of the ticket system now and says what changed."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog.lists import Progress
from catalog.report import summary
from catalog.sync import SyncError, last_success, quiet, sync_catalog

BAR = 24


class Command(BaseCommand):
    help = "Mirror the catalogue of the ticket system and report what changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-older",
            type=int,
            metavar="SECONDS",
            help="do nothing if the last success is younger than this",
        )
        parser.add_argument(
            "--allow-empty", action="store_true", help="believe upstream when a list comes back empty"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["if_older"] is not None and _younger_than(options["if_older"]):
            self.stdout.write("The catalogue is fresh, nothing to do.")
            return
        try:
            with progress_bar(sys.stderr) as progress:
                run = sync_catalog(allow_empty=options["allow_empty"], progress=progress)
        except SyncError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(summary(run.report))


@contextmanager
def progress_bar(terminal: TextIO) -> Iterator[Progress]:
    """A bar if `terminal` is one, else nothing. Meanwhile the log says nothing of calls that went well."""
    calls = logging.getLogger("shop.api")
    level = calls.level
    calls.setLevel(logging.WARNING)
    bar = ProgressBar(terminal) if terminal.isatty() else None
    try:
        yield bar.step if bar else quiet
    finally:
        calls.setLevel(level)
        if bar:
            bar.clear()


class ProgressBar:
    """One line on a terminal, drawn over and over."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def step(self, what: str, done: int, total: int) -> None:
        filled = BAR * done // total if total else 0
        self._terminal.write(f"\r\x1b[K[{'#' * filled}{'.' * (BAR - filled)}] {what} {done}/{total}")
        self._terminal.flush()

    def clear(self) -> None:
        self._terminal.write("\r\x1b[K")
        self._terminal.flush()


def _younger_than(seconds: int) -> bool:
    last = last_success()
    return last is not None and timezone.now() - last.started_at < timedelta(seconds=seconds)
