"""Exports or erases what the shop has of one person, by e-mail address."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from staff import person


class Command(BaseCommand):
    help = "Write what the shop has of a person as JSON, or erase what the law lets it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["export", "erase"])
        parser.add_argument("email", help="the address the person ordered with")
        parser.add_argument("--yes", action="store_true", help="really erase; without it nothing is changed")

    def handle(self, *_args: Any, act: str, email: str, yes: bool, **_options: Any) -> None:
        if act == "export":
            told = person.everything(email)
            self.stdout.write(json.dumps(told, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
            return
        if not yes:
            raise CommandError(f"Found {person.counts(email) or 'nothing'}. To erase it for good, add --yes.")
        result = person.erase(email)
        for kind, number in result.gone.items():
            self.stdout.write(f"gone: {number} {kind}")
        for kept in result.kept:
            until = f", until {timezone.localtime(kept.until):%Y-%m-%d}" if kept.until else ""
            self.stdout.write(f"kept: {kept.what}: {kept.why}{until}")
