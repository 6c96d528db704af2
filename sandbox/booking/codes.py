"""Codes on tickets and vouchers. All of them fit Code 39."""

import secrets
from typing import Any

from sandbox.booking.order import Item

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike


def barcodes(item: Item) -> list[dict[str, Any]]:
    """One code for each person or piece; a tour has one for the whole group."""
    if item.type in ("Coupon", "Merchandise"):
        return []
    count = 1 if item.type == "Tour" else item.quantity
    return [_barcode(item.id, number) for number in range(count)]


def vouchers(item: Item) -> list[str]:
    """One code for each voucher of the item."""
    return [_voucher() for _ in range(item.quantity)] if item.type == "Coupon" else []


def _barcode(item_id: int, number: int) -> dict[str, Any]:
    """Digits with a check digit behind a dash, as samples show it."""
    body = f"4{item_id:07}{secrets.randbelow(1000):03}{number:03}"
    check = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10
    return {"id": item_id * 1000 + number, "barcode": f"{body}-{check}", "method": "ean"}


def _voucher() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
