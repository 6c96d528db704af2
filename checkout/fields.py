"""Numbers and ids in the forms of visitors: nonsense is told from nothing, absurd numbers stay small. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict
from django.utils.translation import gettext as _

from checkout.problems import Refused

ABSURD = 1_000_000  # more than anything is allowed; refused with a sentence, not with an error


def number(text: str) -> int | None:
    """Return a whole number of zero or more in plain digits, `ABSURD` at most; None for anything else."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0")
    return min(int(digits or 0), ABSURD) if len(digits) < len(str(ABSURD)) + 1 else ABSURD


def ids(text: str) -> list[int]:
    """Return the ids of "12,15"; parts that are none are left out."""
    return [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 18]


def an_id(text: str | None) -> int:
    """Return the one id of a field, 0 for none."""
    return next(iter(ids(text or "")), 0)


def counted(text: str | None) -> int:
    """Return a number of people or pieces, 0 for an empty field. Raises Refused for what is no number."""
    found = number(text or "0")
    if found is None:
        raise Refused(_("Please enter the number of people as a whole number."))
    return found


def counts(data: QueryDict, prefix: str) -> dict[int, int]:
    """Return the numbers above zero of the fields `<prefix><id>` by id. Raises Refused for what is no number."""
    named = {name: an_id(name.removeprefix(prefix)) for name in _starting(data, prefix)}
    found = {pk: counted(data.get(name)) for name, pk in named.items() if pk}
    return {pk: found[pk] for pk in sorted(found) if found[pk]}


def _starting(names: Iterable[str], prefix: str) -> list[str]:
    return [name for name in names if name.startswith(prefix) and name.removeprefix(prefix).isdigit()]
