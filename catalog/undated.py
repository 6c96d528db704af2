"""What is bought without a day: annual tickets and vouchers, as the mirror knows them."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.families import group_annual
from catalog.models import Coupon, Museum, Picture, Ticket
from catalog.naming import split_titles
from shop import edition


@dataclass(frozen=True, slots=True)
class AnnualPage:
    """`kinds`: all annual tickets of the same name, each with who it is for; empty when this one is not on sale."""

    anchor: Ticket
    kinds: tuple[tuple[Ticket, str], ...]
    museums: tuple[Museum, ...]
    picture: Picture | None

    @property
    def title(self) -> str:
        return split_titles([ticket.title for ticket, _name in self.kinds])[0] or self.anchor.title

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        return tuple(ticket for ticket, _name in self.kinds)


def annual_page(anchor: Ticket) -> AnnualPage:
    """The page of an annual ticket; two queries."""
    families = group_annual(Ticket.objects.annual())
    family = next((members for members in families if anchor in members), ())
    names = split_titles([ticket.title for ticket in family])[1]
    museums = tuple(Museum.objects.live().filter(tickets=anchor).select_related("picture"))
    pictures = (museum.picture for museum in museums)
    return AnnualPage(
        anchor=anchor,
        kinds=tuple(zip(family, names, strict=True)),
        museums=museums,
        picture=next((picture for picture in pictures if picture and picture.width), None),
    )


@edition.remembered
def vouchers() -> tuple[Coupon, ...]:
    """The vouchers on sale, the smallest first; one query."""
    return tuple(Coupon.objects.live())
