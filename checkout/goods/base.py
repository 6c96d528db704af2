"""What every kind of good in a basket can do. A kind is one module beside this one; nothing else knows its fields."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from catalog.models import Museum
from catalog.slots import Draw
from checkout.models import BasketGood
from checkout.places import Days
from checkout.price_lists import Charge, total
from checkout.problems import Problem
from orders.snapshot import Attendee


@dataclass(frozen=True, slots=True)
class Beside:
    """The rest of the basket: places it takes, and numbers by ticket id."""

    draws: Sequence[Draw] = ()
    numbers: Mapping[int, int] = field(default_factory=dict)


class Good(ABC):
    """One thing somebody wants, with what is known about it.

    `read` or `restore` it, `look` at live facts, then ask for problems and price. Without facts (`known` is False)
    only words and numbers can be told.
    """

    kind: ClassVar[str]
    known = False
    stale = False

    # --- where it comes from --------------------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def read(cls, data: QueryDict) -> list[Self]:
        """The goods a form asks for. Raises Refused with sentences for anything that is no choice."""

    @classmethod
    @abstractmethod
    def restore(cls, row: BasketGood) -> Self:
        """The good of a row."""

    @abstractmethod
    def choice(self) -> dict[str, Any]:
        """What was chosen, as JSON; `restore` understands it."""

    @abstractmethod
    def product(self) -> dict[str, int]:
        """The column of the row that names what is sold, and its id."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Goods of the same place are one row: the same thing at the same time."""

    def joined(self, there: Self) -> Self:
        """This good put on top of one of the same place that is in the basket. Default: in place of it."""
        del there
        return self

    def numbered(self, number: int) -> Self | None:
        """The same good in another number; None where the number alone cannot be changed."""
        del number
        return None

    # --- words and numbers ----------------------------------------------------------------------------------

    @property
    @abstractmethod
    def number(self) -> int:
        """People or pieces."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is, in the active language."""

    @property
    def visitor(self) -> str:
        """For whom, where there are kinds of visitors."""
        return ""

    @property
    def museum(self) -> Museum | None:
        """The house it takes place in."""
        return None

    @property
    def starts_at(self) -> datetime | None:
        """When it begins, None for what has no time."""
        return None

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, None where nobody knows."""
        return None

    def details(self) -> list[str]:
        """What else was chosen, in plain words of the active language."""
        return []

    @property
    def page(self) -> str:
        """The address of its own page with the same thing chosen, "" where it has none."""
        return ""

    @property
    def asks_names(self) -> bool:
        """Does the museum want the names of who comes?"""
        return False

    # --- live facts -----------------------------------------------------------------------------------------

    def ticket_ids(self) -> set[int]:
        """Tickets whose places of `day` must be asked for together with those of the other lines."""
        return set()

    @property
    def day(self) -> date | None:
        """The day those places are of."""
        return timezone.localtime(self.starts_at).date() if self.starts_at else None

    def draws(self) -> list[Draw]:
        """What it takes of the places of tickets."""
        return []

    @abstractmethod
    def look(self, days: Days) -> None:
        """Take in the facts of now; `days` has the places of `ticket_ids`. Raises NotKnown."""

    def settle(self) -> None:  # noqa: B027 - most have nothing to complete
        """Complete the choice by the facts, before it is kept. Raises Refused."""

    @abstractmethod
    def problems(self, beside: Beside) -> list[Problem]:
        """Everything that stands against it beside the rest of the basket; needs facts. Asks nobody."""

    @abstractmethod
    def charges(self) -> tuple[Charge, ...]:
        """What it costs, row by row; needs facts, and no problem but of numbers and places."""

    @property
    def cents(self) -> int:
        """Its gross price."""
        return total(self.charges())

    # --- the order ------------------------------------------------------------------------------------------

    @abstractmethod
    def payload(self, people: Sequence[Attendee]) -> dict[str, Any]:
        """The order item as the ticket system wants it."""

    @property
    def discount(self) -> int:
        """Per cent off, contained in its price."""
        return 0

    def after_sale(self) -> str:
        """What the museum says to who has bought it, as safe HTML."""
        return ""

    def parts(self) -> list[dict[str, Any]]:
        """Its entries, where it has several: title, museum, address, minutes, and the time as ISO text."""
        return []

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Its entries with their times."""
        return [{**part, "at": parse_datetime(part["at"])} for part in self.parts()]
