"""An annual ticket: no time, no places; its holder is named after the sale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Museum, Ticket
from checkout import limits
from checkout.fields import an_id
from checkout.goods.base import Beside
from checkout.goods.pieces import PieceGood, pieces
from checkout.items import ticket_item
from checkout.models import BasketGood
from checkout.places import Days
from checkout.price_lists import Charge, Terms, single
from checkout.pricing import HIGHEST_COUNT
from checkout.problems import Problem, Refused
from orders.snapshot import Attendee


class AnnualGood(PieceGood):
    kind = BasketGood.Kind.ANNUAL.value

    def __init__(self, ticket: Ticket, number: int) -> None:
        self.ticket = ticket
        self.count = number

    @classmethod
    def read(cls, data: QueryDict) -> list[Self]:
        found = Ticket.objects.live().filter(
            pk=an_id(data.get("ticket")), ticket_type=Ticket.Type.ANNUAL, bookable=True
        )
        ticket = found.first()
        if ticket is None:
            raise Refused(_("This ticket is no longer on sale."))
        return [cls(ticket, pieces(data.get("number")))]

    @classmethod
    def restore(cls, row: BasketGood) -> Self:
        assert row.ticket is not None, "held by a constraint"
        return cls(row.ticket, row.choice["number"])

    def with_count(self, count: int) -> Self:
        return type(self)(self.ticket, count)

    def product(self) -> dict[str, int]:
        return {"ticket_id": self.ticket.pk}

    @property
    def place(self) -> str:
        return f"annual {self.ticket.pk}"

    @property
    def title(self) -> str:
        return self.ticket.title

    @property
    def page(self) -> str:
        return reverse("catalog:ticket", args=[self.ticket.pk])

    @property
    def museum(self) -> Museum | None:
        return None  # an annual ticket admits to whatever its description says

    @property
    def asks_names(self) -> bool:
        return self.ticket.attendees_required

    def look(self, days: Days) -> None:  # noqa: ARG002
        """The mirror knows all that is to be known: there are no places to run out of."""
        self.known = True

    def problems(self, beside: Beside) -> list[Problem]:
        ticket, number = self.ticket, self.count + beside.numbers.get(self.ticket.pk, 0)
        if ticket.retired_at or not ticket.bookable:
            return [Problem("not_bookable", _("This ticket is no longer on sale."))]
        if text := limits.kind_problem(ticket, self.title, number):
            above = number > limits.most_of(ticket)
            return [Problem("quantity_above_maximum" if above else "quantity_below_minimum", text)]
        return []

    def charges(self) -> tuple[Charge, ...]:
        ticket = self.ticket
        terms = Terms(ticket.discount, ticket.vat_bp, ticket.tax_included)
        return single(ticket.price_cents, min(self.count, HIGHEST_COUNT), terms)

    @property
    def discount(self) -> int:
        return self.ticket.discount

    def payload(self, people: Sequence[Attendee]) -> dict[str, Any]:
        return ticket_item(self.ticket.pk, None, self.count, people)

    def after_sale(self) -> str:
        return self.ticket.after_sale_information
