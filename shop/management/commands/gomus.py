"""`manage.py gomus doctor`: is the ticket system as the shop needs it, and if not, what is to be done?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from shop.doctor import examination


class Command(BaseCommand):
    help = "Examines the go~mus installation of the settings. It changes nothing there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["doctor"], help="say what is well and what is not")

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            found = examination.examine()
            examination.keep(found.abilities)
        except DatabaseError as error:
            raise CommandError(
                "The database of the shop is not ready. Run manage.py migrate first."
            ) from error
        for finding in found.findings:
            self.stdout.write(finding.line())
        if found.is_broken:
            sys.exit(1)
