"""Brings the demo's data up to date: what `make demo` needs before it opens, with broker and sandbox running."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shop.stack import prepare, ready


class Command(BaseCommand):
    help = "Brings the demo's database, static files, staff login and catalogue up to date. Needs DEMO=1."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo needs DEMO=1: its login is known to everybody.")
        prepare.everything()
        ready.note()
