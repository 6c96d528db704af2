"""What staff say of a product instead of the ticket system: kept beside what that says, and always on top of it.

A column that staff fill holds their words; what upstream tells of it is kept in `originals`, so a sync compares with
that, never undoes theirs, and shows when the original changed beneath them. No column tells where its value is from, so
pages need to know nothing of all this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction

from catalog.models import Mirrored, Picture

TEXTS = ("titles", "descriptions")
COLUMNS = (*TEXTS, "featured", "shop_order", "picture")
WRITTEN = [
    "titles",
    "descriptions",
    "featured",
    "shop_order",
    "picture",
    "hidden",
    "own",
    "originals",
    "drifted",
]

M = TypeVar("M", bound=Mirrored)


def curate(row: M, *, own: Mapping[str, Any], hidden: bool) -> M:
    """Let staff say `own`, by column, and nothing else, of this product; returns it as it is shown now.

    Texts are by language, the picture is the id of one of ours. What they say counts as said in view of the original.
    """
    with transaction.atomic():
        locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
        told = {column: _original(locked, column) for column in COLUMNS}
        said = {name: own[name] for name in COLUMNS if own.get(name) not in ({}, None)}
        was = {name: locked.originals[name]["was"] for name in said if locked.own.get(name) == said[name]}
        locked.originals = {name: {"was": was.get(name, told[name]), "now": told[name]} for name in said}
        locked.own = said
        for column, value in told.items():
            _show(locked, column, value)
        overlay(locked, told)
        locked.hidden = hidden
        locked.save(update_fields=[*WRITTEN, "updated_at"])
    return locked


def seen(row: Mirrored) -> None:
    """Staff looked at what changed beneath their words and leave them as they are."""
    with transaction.atomic():
        locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
        locked.originals = {
            name: {"was": told["now"], "now": told["now"]} for name, told in locked.originals.items()
        }
        locked.drifted = False
        locked.save(update_fields=["originals", "drifted"])


def overlay(row: Mirrored, told: Mapping[str, Any]) -> None:
    """Put what staff say on top of a row that shows what upstream tells, and note what that is now."""
    for name, said in row.own.items():
        now = told.get(name, row.originals[name]["now"])
        row.originals[name] = {"was": row.originals[name]["was"], "now": now}
        _show(row, name, {**now, **said} if name in TEXTS else said)
    row.drifted = bool(drift(row))


def drift(row: Mirrored) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Where the original changed beneath staff: old and new by column and language ("" where it has none)."""
    found: dict[tuple[str, str], tuple[Any, Any]] = {}
    for name, said in row.own.items():
        was, now = row.originals[name]["was"], row.originals[name]["now"]
        if name in TEXTS:
            moved = {code: (was.get(code, ""), now.get(code, "")) for code in said}
            found |= {(name, code): pair for code, pair in moved.items() if pair[0] != pair[1]}
        elif was != now:
            found[name, ""] = (was, now)
    return found


def originals(row: Mirrored) -> dict[str, Any]:
    """What upstream tells of every column that staff may fill; the picture by its address."""
    return {column: _original(row, column) for column in COLUMNS}


def _original(row: Mirrored, column: str) -> Any:
    if column in row.originals:
        return row.originals[column]["now"]
    if column == "picture":
        return row.picture.remote_url if row.picture else None
    return getattr(row, column)


def _show(row: Mirrored, column: str, value: Any) -> None:
    if column != "picture":
        setattr(row, column, value)
    elif isinstance(value, str):
        row.picture = Picture.objects.filter(remote_url=value).first()
    else:
        row.picture_id = value
