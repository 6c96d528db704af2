"""Reads single values of a request; nothing a client sends may raise."""

from typing import Any

from sandbox.booking.basket import Ask


def whole(value: Any) -> int | None:
    """An integer that is one in JSON, too."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text(value: Any) -> str | None:
    """Text, or what a form has turned from text into a number or a truth; None for the rest and for blanks."""
    if isinstance(value, bool):
        value = "true" if value else "false"
    return str(value).strip() or None if isinstance(value, str | int | float) else None


def quantity(ask: Ask) -> int | None:
    """How many of an item: at least one, or a fault."""
    count = whole(ask.given.get("quantity"))
    if count is not None and 1 <= count <= 1000:
        return count
    ask.wrong("quantity_invalid", "Die Anzahl fehlt.", "The quantity is missing.", "quantity")
    return None


def counts(value: Any) -> dict[int, int] | None:
    """A map of ids to numbers, as JSON writes it (keys are text); None when it is none."""
    if value == []:
        return {}
    if not isinstance(value, dict):
        return None
    found = {int(key): whole(count) for key, count in value.items() if _digits(key)}
    if len(found) != len(value) or any(count is None or not 0 <= count <= 1000 for count in found.values()):
        return None
    return {key: count for key, count in found.items() if count is not None}


def _digits(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19


def persons(value: Any) -> list[dict[str, str]]:
    """The people of a list, whoever they are."""
    rows = value if isinstance(value, list) else []
    return [{key: str(part) for key, part in row.items()} for row in rows if isinstance(row, dict)]
