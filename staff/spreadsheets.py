"""Writes rows as CSV or XLSX, one after the other. No cell is ever a formula, whatever people typed as a name."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from staff.bookkeeping import Cell, Row

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"  # without it spreadsheets read umlauts wrong


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """Write UTF-8 with commas between cells and a point in amounts."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BOM)
        writer = csv.writer(file)
        writer.writerows([harmless(cell) for cell in row] for row in rows)


def write_xlsx(path: Path, rows: Iterable[Row]) -> None:
    """Write one sheet; amounts are numbers."""
    from openpyxl import Workbook  # noqa: PLC0415 - it loads Pillow, which no web process carries

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Vitrine")
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    book.save(path)


def harmless(cell: Cell) -> Cell:
    """Return text that a spreadsheet would run with a quote before it; numbers as they are."""
    if isinstance(cell, int | Decimal):
        return cell
    text = "".join(letter for letter in cell if letter.isprintable() or letter in "\t\n")
    return f"'{text}" if text.startswith(RISKY) else text
