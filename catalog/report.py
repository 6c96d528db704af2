"""What a sync changed, as plain JSON for the record and as text for people.

Shape: {kind: {"created": [id], "updated": {id: {field: [old, new]}}, "retired": [id], "returned": [id],
"skipped": ["id: why"]}} for every shelf of the mirror; kinds where nothing happened are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict

from catalog.mirror import Plan

LONGEST_VALUE = 200


class KindReport(TypedDict):
    created: list[int]
    updated: dict[str, dict[str, list[object]]]
    retired: list[int]
    returned: list[int]
    skipped: list[str]


Report = dict[str, KindReport]


def note(report: Report, kind: str, done: Plan) -> None:
    """Add what was written."""
    _add(report, kind, _kind(done))


def note_skipped(report: Report, kind: str, sentences: Sequence[str]) -> None:
    """Add what could not be read."""
    _add(report, kind, {**_nothing(), "skipped": list(sentences)})


def summary(report: Report) -> str:
    """One line per kind that changed, or one that says nothing did."""
    return "\n".join(f"{name}: {_line(kind)}" for name, kind in report.items()) or "nothing changed"


def _add(report: Report, kind: str, more: KindReport) -> None:
    if not any(more.values()):
        return
    known = report.setdefault(kind, _nothing())
    known["updated"] |= more["updated"]
    known["created"] += more["created"]
    known["retired"] += more["retired"]
    known["returned"] += more["returned"]
    known["skipped"] += more["skipped"]


def _nothing() -> KindReport:
    return {"created": [], "updated": {}, "retired": [], "returned": [], "skipped": []}


def _kind(plan: Plan) -> KindReport:
    return {
        "created": [row.id for row in plan.create],
        "updated": {
            str(update.row.id): {
                change.field: [_short(change.old), _short(change.new)] for change in update.changes
            }
            for update in plan.update
            if update.changes
        },
        "retired": list(plan.retire),
        "returned": [update.row.id for update in plan.update if update.returned],
        "skipped": [],
    }


def _line(kind: KindReport) -> str:
    fields = Counter(field for changes in kind["updated"].values() for field in changes)
    changed = ", ".join(f"{field} {count}" for field, count in fields.most_common())
    parts = [
        f"{len(kind['created'])} new" if kind["created"] else "",
        f"{len(kind['updated'])} changed ({changed})" if kind["updated"] else "",
        f"{len(kind['retired'])} retired" if kind["retired"] else "",
        f"{len(kind['returned'])} back" if kind["returned"] else "",
        f"{len(kind['skipped'])} unreadable" if kind["skipped"] else "",
    ]
    return ", ".join(part for part in parts if part)


def _short(value: object) -> object:
    """A value as JSON that stays readable in a report."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _short(part) for key, part in value.items()}
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return value[:LONGEST_VALUE] + "…"
    return value
