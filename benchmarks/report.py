"""Writes what was measured as a table."""

from __future__ import annotations

import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path

LOAD = "## Load"
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


def write(lines: list[Line]) -> None:
    """Write the table of `make bench`; what `make bench-load` found stays."""
    about = [
        f"{_where('make bench')}, SQLite, a Redis-compatible cache. The",
        "ratio is to a bare Django view without middleware under the same gunicorn (two sync workers) in this run.",
    ]
    loaded = _kept()[1]
    text = "\n".join(["# Results", "", *about, "", *_table(lines), ""])
    RESULTS.write_text(text + loaded, encoding="utf-8")


def write_load(about: list[str], lines: list[Line]) -> None:
    """Write the part of `make bench-load`; what `make bench` found stays."""
    text = "\n".join([LOAD, "", f"{_where('make bench-load')}.", *about, "", *_table(lines), ""])
    RESULTS.write_text(_kept()[0] + text, encoding="utf-8")


def _kept() -> tuple[str, str]:
    """What is written now: the part of `make bench` and the part of `make bench-load`."""
    before, heading, after = RESULTS.read_text(encoding="utf-8").partition(LOAD)
    return before.rstrip() + "\n\n" if heading else before + "\n", heading + after


def _table(lines: list[Line]) -> list[str]:
    rows = [f"| {line.what} | {line.found} | {line.most_words or ''} | {line.verdict} |" for line in lines]
    return ["| What | Measured | At most | Kept |", "|---|---|---|---|", *rows]


def _where(command: str) -> str:
    machine = f"{cpu_count()} shared\ncores ({platform.machine()}), Python {platform.python_version()}"
    return f"Written by `{command}` on {datetime.now(UTC):%Y-%m-%d} at commit {COMMIT}: {machine}"
