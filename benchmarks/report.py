"""Writes what was measured as a table."""

from __future__ import annotations

import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
# Of the code that is measured, read before anything runs.
COMMIT = subprocess.check_output(
    ["git", "rev-parse", "--short", "HEAD"], text=True, cwd=RESULTS.parent
).strip()


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what, as it is written, the most it may be in words, and both as numbers."""

    what: str
    found: str
    most_words: str | float | None
    value: float
    most: float | None

    @property
    def verdict(self) -> str:
        if self.most is None:
            return ""
        return "yes" if self.value <= self.most else "**no**"


def write(lines: list[Line]) -> str:
    """Write the table and return it."""
    rows = [f"| {line.what} | {line.found} | {line.most_words or ''} | {line.verdict} |" for line in lines]
    head = ["| What | Measured | At most | Kept |", "|---|---|---|---|"]
    text = "\n".join(["# Results", "", *_where(), "", *head, *rows, ""])
    RESULTS.write_text(text, encoding="utf-8")
    return text


def _where() -> list[str]:
    return [
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d} at commit {COMMIT}: {cpu_count()} shared",
        f"cores ({platform.machine()}), Python {platform.python_version()}, SQLite, a Redis-compatible cache. The",
        "ratio is to a bare Django view without middleware under the same gunicorn (two sync workers) in this run.",
    ]
