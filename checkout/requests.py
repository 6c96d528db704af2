"""Reads what visitors send about tickets."""

from __future__ import annotations

from collections.abc import Mapping

from checkout import places
from checkout.choices import Wanted
from checkout.fields import ABSURD, ids, number

__all__ = ["ABSURD", "ids", "new_numbers", "number", "wanted"]


def new_numbers(data: Mapping[str, str], prefix: str = "n-") -> tuple[dict[int, int], bool]:
    """Return the numbers of the basket's lines (`n-<line id>`), and whether any could not be read."""
    fields = {
        line[0]: value
        for name, value in data.items()
        if name.startswith(prefix) and (line := ids(name.removeprefix(prefix)))
    }
    read = {pk: number(value) for pk, value in fields.items()}
    return {pk: found for pk, found in read.items() if found is not None}, None in read.values()


def wanted(data: Mapping[str, str]) -> Wanted:
    """Return the choice made on a ticket page: `anchor`, `time`, and `q-<ticket id>` of the kinds beside it."""
    anchor = next(iter(ids(data.get("anchor", ""))), 0)
    family = places.families([anchor]).get(anchor, ())
    read = {ticket.pk: number(data.get(f"q-{ticket.pk}", "") or "0") for ticket in family}
    party = {pk: found for pk, found in read.items() if found}
    return Wanted(family, data.get("time", "").strip()[:40], party, garbled=None in read.values())
