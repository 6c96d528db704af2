"""One entry for a visitor's calendar, as RFC 5545 wants it: CRLF, lines of at most 75 octets, texts escaped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"
LINE_OCTETS = 75
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ESCAPED = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What takes place. Times are aware; `ends_at` None: the end is not known. Blank texts are left out.

    `uid` names the entry for good, `changed_at` is when it was last changed.
    """

    uid: str
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    title: str
    place: str = ""
    description: str = ""
    url: str = ""


def calendar(entry: Entry) -> bytes:
    """The file that holds this entry."""
    texts = {"SUMMARY": entry.title, "LOCATION": entry.place, "DESCRIPTION": entry.description}
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Vitrine//Vitrine//EN",
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"DTSTAMP:{_utc(entry.changed_at)}",
        f"DTSTART:{_utc(entry.starts_at)}",
        *([f"DTEND:{_utc(entry.ends_at)}"] if entry.ends_at else []),
        *(f"{name}:{_text(text)}" for name, text in texts.items() if text),
        *([f"URL:{entry.url}"] if entry.url else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    one_break = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub("", one_break).translate(ESCAPED)


def _folded(line: str) -> bytes:
    """A line with its end; what is too long goes on in the next line after a space. No character is cut apart."""
    pieces: list[bytes] = [b""]
    for character in line:
        octets = character.encode()
        if len(pieces[-1]) + len(octets) > LINE_OCTETS:
            pieces.append(b" ")
        pieces[-1] += octets
    return b"\r\n".join(pieces) + b"\r\n"
