"""Who bought: checks the data of a finalized order, and remembers customers by the number of the reseller."""

from typing import Any

from sandbox.booking.order import Json
from sandbox.errors import ApiError, Fault, refuse
from sandbox.store import Store

NEEDED = ("name", "surname", "email")
FIELDS = ("foreign_id", *NEEDED, "language", "addr_street", "addr_zip", "addr_city", "addr_country")
PAYMENT = ("payment_id", "provider_id", "provider_name", "message")


class Customers:
    """Known customers by their foreign id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Json] = store.all("customer")
        self._last = max((int(number) for number in store.all("customer_id")), default=40_000)

    def read(self, given: Any) -> Json:
        """The customer of a request, completed by what is known; refused when something is missing."""
        if not isinstance(given, dict):
            raise refuse("missing_field", "customer fehlt.", "customer is missing.", "order.customer")
        told = {name: given[name] for name in FIELDS if given.get(name) is not None}
        faults = [
            Fault(
                "customer_invalid", f"{name} ist kein Text.", f"{name} is not text.", f"order.customer.{name}"
            )
            for name, value in told.items()
            if not isinstance(value, str)
        ]
        if faults:
            raise ApiError(422, *faults)
        foreign = told.get("foreign_id", "").strip()
        if set(told) == {"foreign_id"} and foreign not in self._known:
            raise refuse("customer_not_found", "Kunde unbekannt.", "Customer unknown.", "order.customer")
        customer = self._known.get(foreign, {}) | told
        _complete(customer)
        return customer

    def remember(self, customer: Json) -> Json:
        """Give a new customer an id, and keep who has a number; the caller has opened the transaction."""
        foreign = customer.get("foreign_id", "").strip()
        number = customer.get("id") or self._last + 1
        self._last = max(self._last, number)
        self._store.put("customer_id", str(number), None)
        kept = customer | {"id": number}
        if foreign:
            self._known[foreign] = kept
            self._store.put("customer", foreign, kept)
        return kept


def _complete(customer: Json) -> None:
    faults = [
        Fault("customer_invalid", f"{name} fehlt.", f"{name} is missing.", f"order.customer.{name}")
        for name in NEEDED
        if not str(customer.get(name) or "").strip()
    ]
    if not faults and "@" not in customer["email"]:
        text = ("Keine E-Mail-Adresse.", "Not an e-mail address.")
        faults = [Fault("customer_invalid", *text, "order.customer.email")]
    if faults:
        raise ApiError(422, *faults)


def payment(given: Any) -> Json:
    """The record of money the reseller has taken; only its id is required."""
    paid = {name: given.get(name) for name in PAYMENT} if isinstance(given, dict) else {}
    number = paid.get("payment_id")
    if not isinstance(number, str) or not number.strip():
        text = ("payment_id fehlt.", "payment_id is missing.")
        raise refuse("payment_invalid", *text, "order.payment.payment_id")
    for name, value in paid.items():
        if value is not None and not isinstance(value, str):
            text = (f"{name} ist kein Text.", f"{name} is not text.")
            raise refuse("payment_invalid", *text, f"order.payment.{name}")
    return paid
