"""Makes the shop what it was when a backup was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop import backup, edition


class Command(BaseCommand):
    help = (
        "Replaces the database, the documents and the pictures by those of a backup. Close the shop before."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="also where there are orders")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            manifest = backup.read(options["file"].absolute(), overwrite=options["overwrite"])
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        edition.renew()  # pages kept in the cache are of another past
        self.stdout.write(f"The shop is as it was at {manifest['at']}. Now: manage.py migrate, then open it.")
