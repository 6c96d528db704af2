"""What the shop sends: strict, checked when built, exactly the fields that upstream documents."""

import re
from dataclasses import dataclass, field

from shop.api.records.checking import require, require_cents, require_count, require_id, require_words
from shop.api.records.order_lines import AnyItem

REFERENCE = re.compile(r"[A-Z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class OrderCreate:
    """A new order. `total` is the gross sum in cents; `reference` (A-Z, 0-9, -) is printed for the customer."""

    reference: str
    comment: str | None = field(repr=False)
    items: tuple[AnyItem, ...]
    total: int

    def __post_init__(self) -> None:
        require(bool(REFERENCE.fullmatch(self.reference)), "a reference has 1 to 64 of A-Z, 0-9 and -")
        require(bool(self.items), "an order has at least one item")
        require_cents(self.total)

    def as_json(self) -> dict[str, object]:
        """The body of the request."""
        return {
            "reference": self.reference,
            "comment": self.comment,
            "items": [item.as_json() for item in self.items],
            "total": self.total,
        }


@dataclass(frozen=True, slots=True)
class Customer:
    """The buyer. `name`, `surname` are sent as given here; `language` and `country` are names ("Deutsch")."""

    name: str = field(repr=False)
    surname: str = field(repr=False)
    email: str = field(repr=False)
    language: str = ""
    street: str = field(default="", repr=False)
    zip: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    country: str = ""
    foreign_id: str = ""

    def __post_init__(self) -> None:
        needed = (self.name, self.surname, self.email)
        require_words(needed, "a customer needs name, surname and e-mail address")

    def as_json(self) -> dict[str, str]:
        """The customer as upstream wants it; empty fields are left out."""
        fields = {
            "foreign_id": self.foreign_id,
            "name": self.name,
            "surname": self.surname,
            "email": self.email,
            "language": self.language,
            "addr_street": self.street,
            "addr_zip": self.zip,
            "addr_city": self.city,
            "addr_country": self.country,
        }
        return {key: value for key, value in fields.items() if value}


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A buyer whom the ticket system knows already, by the id we gave."""

    foreign_id: str

    def __post_init__(self) -> None:
        require_words([self.foreign_id], "a known customer needs the id it is known by")

    def as_json(self) -> dict[str, str]:
        """The customer as upstream wants it."""
        return {"foreign_id": self.foreign_id}


@dataclass(frozen=True, slots=True)
class Payment:
    """Money the shop already has: our own payment id and who took it. Upstream charges nothing."""

    payment_id: str
    provider_id: str
    provider_name: str
    message: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        require_words([self.payment_id], "a payment needs its id")

    def as_json(self) -> dict[str, str]:
        """The payment as upstream wants it."""
        return {
            "payment_id": self.payment_id,
            "provider_id": self.provider_id,
            "provider_name": self.provider_name,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Finalize:
    """Closes an order: who bought it and how it was paid."""

    customer: Customer | KnownCustomer
    payment: Payment

    def as_json(self) -> dict[str, object]:
        """The body of the request; it always completes the order."""
        return {
            "order": {
                "customer": self.customer.as_json(),
                "payment": self.payment.as_json(),
                "completed": True,
            }
        }


@dataclass(frozen=True, slots=True)
class ItemCancellation:
    """Cancels these items of an order, by the ids upstream gave them. At least one: none would mean all."""

    order_item_ids: tuple[int, ...]

    def __post_init__(self) -> None:
        require(bool(self.order_item_ids), "a cancellation of items names at least one")
        for item_id in self.order_item_ids:
            require_id(item_id, "an order item")
        require(len(set(self.order_item_ids)) == len(self.order_item_ids), "an item is cancelled only once")

    def as_json(self) -> dict[str, object]:
        """The body of the request."""
        return {"order_item_ids": list(self.order_item_ids)}


@dataclass(frozen=True, slots=True)
class HoldCreate:
    """Asks for `quantity` places of a ticket at `start_at`, the slot key as upstream spelled it."""

    ticket_id: int
    quantity: int
    start_at: str

    def __post_init__(self) -> None:
        require_id(self.ticket_id, "a ticket")
        require_count(self.quantity)
        require_words([self.start_at], "a hold has a start time")

    def as_json(self) -> dict[str, object]:
        """The body of the request."""
        wanted = {"ticket_id": self.ticket_id, "quantity": self.quantity, "start_at": self.start_at}
        return {"reservation": wanted}


@dataclass(frozen=True, slots=True)
class HoldChange:
    """Prolongs a hold; only its quantity can change."""

    quantity: int

    def __post_init__(self) -> None:
        require_count(self.quantity)

    def as_json(self) -> dict[str, object]:
        """The body of the request."""
        return {"reservation": {"quantity": self.quantity}}


@dataclass(frozen=True, slots=True)
class Rating:
    """What a customer thinks of an order: 1 to 5."""

    stars: int

    def __post_init__(self) -> None:
        require(type(self.stars) is int and 1 <= self.stars <= 5, "a rating is an integer from 1 to 5")

    def as_json(self) -> dict[str, object]:
        """The body of the request."""
        return {"rating": self.stars}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A buyer asks the museum's staff to take an order back. Given name, family name; the note may be empty."""

    order_id: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    email: str = field(repr=False)
    note: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        needed = (self.order_id, self.first_name, self.last_name, self.email)
        require_words(needed, "a withdrawal needs the order, both names and the e-mail address")

    def as_json(self) -> dict[str, object]:
        """The body of the request; an empty note is left out."""
        fields = {
            "order_id": self.order_id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "email": self.email,
            "note": self.note.strip(),
        }
        return {key: value for key, value in fields.items() if value}
