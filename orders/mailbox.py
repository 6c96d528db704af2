"""The demo's letter box: reads the mails Django's file backend left in a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"([\w-]+)-([0-9]{1,6})")
SHOWN = ("application/pdf", "text/html")
END = b"\n" + b"-" * 79 + b"\n"  # Django's file backend closes every mail with this rule


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. `name` finds it again."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["to"] or "")

    @property
    def sent_at(self) -> datetime | None:
        date = self.message["date"]
        if not date:
            return None
        at = parsedate_to_datetime(str(date))
        return at if at.tzinfo else at.replace(tzinfo=UTC)  # "-0000" is UTC without a word on the zone

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""

    @property
    def attachments(self) -> list[tuple[int, str]]:
        """Number and file name of what is attached."""
        return [(n, str(part.get_filename() or n)) for n, part in enumerate(self.message.iter_attachments())]

    def attachment(self, number: int) -> tuple[bytes, str] | None:
        """Content and type of what is attached: a PDF, or a text as an HTML file."""
        parts = list(self.message.iter_attachments())
        if not 0 <= number < len(parts) or parts[number].get_content_type() not in SHOWN:
            return None
        content = parts[number].get_content()
        return (content.encode() if isinstance(content, str) else content), parts[number].get_content_type()


def letters() -> list[Letter]:
    """All mails, newest first."""
    files = sorted(
        Path(settings.MAIL_FOLDER).glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True
    )
    return [letter for file in files for letter in reversed(_read(file))]


def find(name: str) -> Letter | None:
    """One mail by its name."""
    found = NAME.fullmatch(name)
    file = Path(settings.MAIL_FOLDER) / f"{found[1]}.log" if found else None
    if file is None or not file.is_file():
        return None
    return next((letter for letter in _read(file) if letter.name == name), None)


def _read(file: Path) -> list[Letter]:
    """The mails in a file; two of one second may share it. What has no rule behind it is still being written."""
    whole = file.read_bytes().split(END)[:-1]
    messages = (message_from_bytes(raw, policy=policy.default) for raw in whole)
    return [Letter(f"{file.stem}-{number}", message) for number, message in enumerate(messages)]
