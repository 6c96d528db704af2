"""Records of reference data: countries, states, coupons, and who we are to upstream."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shop.api.records.shared import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class Country:
    """A country; `code` has two capital letters, or is empty."""

    id: int
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A part of a country."""

    id: int
    name: str
    country_id: int | None = None


@dataclass(frozen=True, slots=True)
class Salutation:
    """How a person is greeted."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """The kind of account behind our key. `museum_ids` None: it may see every museum."""

    access: str
    museum_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Coupon:
    """A voucher for sale: what it costs and what it is worth afterwards.

    With `shipped_with_merchandise_id` that article must be ordered too: it stands for the cost of shipping.
    `content` comes with the single record only.
    """

    id: int
    title: Text
    price_cents: int
    value_cents: int | None = None
    vat_bp: int = 0
    description: Text = NO_TEXT
    created_at: datetime | None = None
    updated_at: datetime | None = None
    shipped_with_merchandise_id: int | None = None
    content: Mapping[str, Text] = field(default_factory=dict)
