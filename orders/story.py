"""The journal in words: who did it, and what the answer was, for staff who read an order's page after trouble."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from orders.journal import DIED
from orders.models import JournalEntry
from shop.money import format_money

YES_NO: dict[str, tuple[Lazy, Lazy]] = {
    "binding": (gettext_lazy("booked at once"), gettext_lazy("a reservation, not yet binding")),
    "finalized": (gettext_lazy("it is booked"), gettext_lazy("it is not booked")),
    "whole": (gettext_lazy("the whole order"), gettext_lazy("single items")),
    "by_hand": (gettext_lazy("transferred by hand"), gettext_lazy("returned by the provider")),
}
VALUES: dict[str, Lazy] = {
    "order_id": gettext_lazy("order %s at the museum"),
    "status": gettext_lazy("the museum calls it “%s”"),
    "found": gettext_lazy("reservations found under our number: %s"),
    "payment": gettext_lazy("payment %s"),
    "provider": gettext_lazy("by %s"),
    "payment_state": gettext_lazy("the payment is now “%s”"),
    "refund": gettext_lazy("refund %s"),
    "cancellation": gettext_lazy("cancellation %s"),
    "withdrawal": gettext_lazy("withdrawal %s"),
    "already": gettext_lazy("nothing was left to give back (%s)"),
    "stored": gettext_lazy("documents stored: %s"),
    "waiting": gettext_lazy("documents still missing: %s"),
    "kind": gettext_lazy("mail “%s”"),
    "note": gettext_lazy("note: %s"),
}
MONEY = ("amount_cents", "total_cents")
UNSAID = ("by", "serial")


def who(entry: JournalEntry) -> str:
    """Return who did it: a member of the staff by name, or the shop by itself."""
    by = entry.answer.get("by")
    return _("staff: %s") % by if by else _("the shop")


def told(entry: JournalEntry) -> str:
    """Return what was answered as one line; empty while there is no answer."""
    if entry.answer == DIED:
        return _("our process ended before an answer arrived: what is true is asked next")
    if "error" in entry.answer:
        return _trouble(entry.answer)
    said = (_said(entry, name, value) for name, value in entry.answer.items() if name not in UNSAID)
    return ", ".join(filter(None, said))


def _trouble(answer: dict[str, Any]) -> str:
    """What went wrong, and about which payment; the status and the code only where the error does not name them."""
    error = str(answer["error"])
    about = [str(answer[name]) for name in ("payment", "refund", "status", "code") if answer.get(name)]
    more = [fact for fact in about if fact not in error]
    return f"{error} ({', '.join(more)})" if more else error


def _said(entry: JournalEntry, name: str, value: Any) -> str:
    if name in MONEY and isinstance(value, int):
        return format_money(value, entry.order.currency, get_language() or "en")
    if name in YES_NO and isinstance(value, bool):
        return str(YES_NO[name][0 if value else 1])
    if name == "barcodes_missing":
        return _("%s barcodes are still to come") % value if value else ""
    if name in VALUES:
        return str(VALUES[name]) % value if value not in (None, "", 0) else ""
    return f"{name}: {value}"
