"""What a line of the log says beside its sentence: which request or job it belongs to, and which order.

A request has an id, given by the proxy or made here; the jobs it rings for carry it on, so one id finds everything
that followed from one click. Secrets never get into a line, whoever wrote it.
"""

import json
import logging
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

Fact = str | int
REQUEST = "request"
SHAPE = re.compile(r"[A-Za-z0-9_-]{8,64}")  # of a foreign id we take over
# The secret in such an address is the only key to what it leads to.
KEYS_IN_ADDRESSES = re.compile(r"(/(?:order|ticket|again|receipt|newsletter|pay|mollie)/)[^/\s\"'?]+")
SHORTEST_SECRET = 6  # shorter ones would blacken half the words

_facts: ContextVar[dict[str, Fact] | None] = ContextVar("facts", default=None)


def request_id(told: str | None) -> str:
    """The id somebody before us gave the request if it has the shape of one, else a new one."""
    return told if told and SHAPE.fullmatch(told) else uuid.uuid4().hex


@contextmanager
def about(**facts: Fact) -> Iterator[None]:
    """Everything logged within is about these facts and no others."""
    token = _facts.set(dict(facts))
    try:
        yield
    finally:
        _facts.reset(token)


def note(**facts: Fact) -> None:
    """Add to what the current request or job is about; outside of both there is nobody to tell."""
    if (current := _facts.get()) is not None:
        current.update(facts)


def known() -> dict[str, Fact]:
    """What the current request or job is about."""
    return dict(_facts.get() or {})


class Lines(logging.Formatter):
    """Formats a record as one line of text, without secrets. `secrets` are the values to blacken."""

    def __init__(self, fmt: str | None = None, secrets: Iterable[str] = ()) -> None:
        super().__init__(fmt)
        self._secrets = sorted((one for one in secrets if len(one) >= SHORTEST_SECRET), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        return self._blackened(super().format(record))

    def _blackened(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return KEYS_IN_ADDRESSES.sub(r"\1…", text)


class JsonLines(Lines):
    """Formats a record as one JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Fact] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._blackened(record.getMessage()),
            **known(),
        }
        if record.exc_info:
            line["exception"] = self._blackened(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
