"""Resets the second factor of somebody who has lost app and paper."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from staff import two_factor


class Command(BaseCommand):
    help = "Forget the second factor of a member of staff: the next login sets it up anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["reset"])
        parser.add_argument("username")

    def handle(self, *_args: Any, username: str, **_options: Any) -> None:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"Nobody is called {username}.")
        if not two_factor.reset(person):
            raise CommandError(f"{username} has no second factor.")
        self.stdout.write(f"{username} sets up the second factor anew at the next login.")
