"""A combined ticket as the mirror knows it: its kinds, its parts, and the houses they admit to."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.families import shop_order
from catalog.models import Exhibition, Museum, Picture, Ticket
from catalog.naming import split_titles

__all__ = ["CombinedPage", "Part", "combined_page"]


@dataclass(frozen=True, slots=True)
class Part:
    """One visit of several. `museum` is None where the mirror knows none for it."""

    ticket: Ticket
    museum: Museum | None
    title: str

    @property
    def pk(self) -> int:
        return self.ticket.pk


@dataclass(frozen=True, slots=True)
class CombinedPage:
    """`anchor` is the ticket asked for, `kinds` all that differ in their visitors only (empty: not on sale now)."""

    anchor: Ticket
    kinds: tuple[Ticket, ...]
    parts: tuple[Part, ...]
    exhibitions: tuple[Exhibition, ...]
    picture: Picture | None

    @property
    def on_sale(self) -> bool:
        """Whether it can be bought: every part is still there."""
        return bool(self.kinds) and len(self.parts) == len(self.anchor.sub_ticket_ids)

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        """All tickets whose places count."""
        return (*self.kinds, *(part.ticket for part in self.parts))

    @property
    def title(self) -> str:
        """What all kinds have in common."""
        return split_titles([kind.title for kind in self.kinds])[0] or self.anchor.title

    @property
    def gap_minutes(self) -> int | None:
        """Minutes between the entries of any two parts, None if upstream does not tell."""
        return self.anchor.min_gap_minutes


def combined_page(anchor: Ticket) -> CombinedPage:
    """The page of a combined ticket; at most six queries."""
    rows = Ticket.objects.live().filter(pk__in=anchor.sub_ticket_ids).prefetch_related("museums")
    beside = Ticket.objects.combined().filter(
        sub_ticket_ids=anchor.sub_ticket_ids, min_gap_minutes=anchor.min_gap_minutes
    )
    kinds = tuple(sorted(beside, key=shop_order))
    exhibitions = tuple(Exhibition.objects.live().filter(tickets=anchor).select_related("picture"))
    pictures = (row.picture for row in exhibitions)
    return CombinedPage(
        anchor=anchor,
        kinds=kinds if anchor in kinds else (),
        parts=_parts(list(rows)),
        exhibitions=exhibitions,
        picture=next((picture for picture in pictures if picture and picture.width), None),
    )


def _parts(rows: list[Ticket]) -> tuple[Part, ...]:
    """Each part named by its house; parts in the same house by their own titles."""
    houses = {row.pk: [house for house in row.museums.all() if house.retired_at is None] for row in rows}
    names = [houses[row.pk][0].title for row in rows if len(houses[row.pk]) == 1]
    found = []
    for row in rows:
        house = houses[row.pk][0] if houses[row.pk] else None
        alone = house is not None and len(houses[row.pk]) == 1 and names.count(house.title) == 1
        found.append(Part(row, house, house.title if house and alone else row.title))
    return tuple(sorted(found, key=lambda part: shop_order(part.ticket)))
