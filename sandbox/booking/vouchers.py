"""Codes that are money or a favour: sold vouchers, and two that the house gives away."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sandbox.booking.order import CANCELLED, EXPIRED, Order
from sandbox.errors import refuse


@dataclass(frozen=True, slots=True)
class Favour:
    """A code that was not bought: per cent off everything, or one free ticket."""

    per_cent: int = 0
    ticket: int | None = None


FAVOURS = {"MUSEUMSNACHT": Favour(per_cent=10), "FREIKARTE": Favour(ticket=311)}


class Vouchers:
    """Every voucher ever sold, what it was worth, and what orders have taken from it."""

    def __init__(self) -> None:
        self._sold: dict[str, tuple[Order, int, int]] = {}  # order, item id, worth
        self._spent: Counter[str] = Counter()

    def sold(self, order: Order) -> None:
        """Learn the codes of a finalized order."""
        for item in order.items:
            for code in item.codes:
                self._sold[code] = (order, item.id, item.facts["value_cents"])

    def spend(self, order: Order, sign: int = 1) -> None:
        """Take what an order was credited with, or give it back."""
        for code, cents in order.credit.items():
            self._spent[code] += sign * cents

    def left(self, code: str) -> int:
        """Cents a code is still good for; 0 for unknown, cancelled or empty ones."""
        if code not in self._sold:
            return 0
        order, item_id, worth = self._sold[code]
        gone = order.status in (CANCELLED, EXPIRED)
        active = any(item.id == item_id for item in order.active_items())
        return worth - self._spent[code] if active and not gone else 0

    def credit(self, given: Any, cents: int) -> dict[str, int]:
        """What the codes of an order pay of its price, by code; refused when one is worth nothing."""
        codes = (
            [code.strip().upper() for code in given if isinstance(code, str)]
            if isinstance(given, list)
            else []
        )
        found: dict[str, int] = {}
        for number, code in enumerate(codes):
            left = self.left(code)
            if not left and code not in FAVOURS:
                text = (f"Der Code {code} ist ungültig.", f"The code {code} is not valid.")
                raise refuse("coupon_invalid", *text, f"coupons[{number}]", coupon=code)
            if used := min(left, cents - sum(found.values())):
                found[code] = used
        return found

    def overspent(self) -> list[str]:
        """Codes from which more was taken than they are worth."""
        return [code for code, (_, _, worth) in self._sold.items() if not 0 <= self._spent[code] <= worth]

    def told(self, code: str) -> dict[str, Any]:
        """What a code is good for, as shops ask for it."""
        favour, left = FAVOURS.get(code), self.left(code)
        action = "TokenActions::ApplyOrderDiscount" if favour and favour.per_cent else None
        return {
            "is_valid": bool(favour or left),
            "value_action": action,
            "is_voucher_for": favour.ticket if favour else None,
            "value_cents": left or None,
        }
