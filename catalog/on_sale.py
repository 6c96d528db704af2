"""What is on sale in museums and exhibitions, as little of it as cards tell, read in one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Value

from catalog.models import Ticket
from catalog.prices import gross

# A ticket with thousands of prices of single times does not drag them along: a card tells the plain price.
COLUMNS = ("pk", "shop_order", "price_cents", "discount", "vat_bp", "tax_included")
OF_MUSEUM, OF_EXHIBITION = 0, 1


class Offer(NamedTuple):
    """One ticket as cards see it. `has_show`: it is bound to an exhibition."""

    pk: int
    shop_order: int
    price_cents: int
    gross_cents: int
    has_show: bool


@dataclass(frozen=True, slots=True)
class OnSale:
    """Offers by the museum and by the exhibition they admit to."""

    museums: Mapping[int, Sequence[Offer]]
    exhibitions: Mapping[int, Sequence[Offer]]

    def of_museum(self, museum_id: int) -> Sequence[Offer]:
        """All that admits to a museum."""
        return self.museums.get(museum_id, ())

    def of_house(self, museum_id: int) -> Sequence[Offer]:
        """What admits to a museum without being bound to an exhibition."""
        return [offer for offer in self.of_museum(museum_id) if not offer.has_show]

    def of_exhibition(self, exhibition_id: int) -> Sequence[Offer]:
        """What admits to an exhibition."""
        return self.exhibitions.get(exhibition_id, ())


def offered_in(museums: Iterable[int], exhibitions: Iterable[int]) -> OnSale:
    """The ordinary tickets on sale for these; one query."""
    shows = Ticket.exhibitions.through.objects.filter(ticket_id=OuterRef("pk"))
    tickets = Ticket.objects.sellable().order_by()
    here = tickets.filter(museums__in=list(museums)).annotate(has_show=Exists(shows), owner=F("museums__id"))
    shown = tickets.filter(exhibitions__in=list(exhibitions)).annotate(
        has_show=Value(True), owner=F("exhibitions__id")
    )
    found: tuple[dict[int, list[Offer]], dict[int, list[Offer]]] = {}, {}
    for side, owner, has_show, pk, order, cents, discount, vat_bp, included in _columns(
        here, OF_MUSEUM
    ).union(_columns(shown, OF_EXHIBITION), all=True):
        price = gross(cents, discount=discount, vat_bp=vat_bp, tax_included=included)
        found[side].setdefault(owner, []).append(Offer(pk, order, cents, price, has_show))
    return OnSale(*found)


def _columns(tickets: QuerySet[Any], side: int) -> QuerySet[Any]:
    numbered = tickets.annotate(side=Value(side, output_field=IntegerField()))
    columns: QuerySet[Any] = numbered.values_list("side", "owner", "has_show", *COLUMNS)
    return columns
