"""Which tickets admit to one museum or exhibition, told apart by how they are bought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.families import group, group_annual, group_combined, price_from
from catalog.models import Exhibition, Museum, Ticket
from catalog.shapes import Family


@dataclass(frozen=True, slots=True)
class Admitting:
    """Families of ordinary tickets, of combined tickets with a part in this place, and of annual tickets."""

    families: tuple[Family, ...]
    combined: tuple[Family, ...]
    annual: tuple[Family, ...]


def admitting(place: Museum | Exhibition) -> Admitting:
    """All tickets on sale that admit to a place; one query. `has_show` tells which are bound to an exhibition."""
    links: QuerySet[Any]
    if isinstance(place, Museum):
        links = Ticket.museums.through.objects.filter(museum_id=place.pk)
    else:
        links = Ticket.exhibitions.through.objects.filter(exhibition_id=place.pk)
    here = Exists(links.filter(ticket_id=OuterRef("pk")))
    shows = Ticket.exhibitions.through.objects.filter(ticket_id=OuterRef("pk"))
    combined = Q(bookable=True) & ~Q(sub_ticket_ids=[])
    offered = Ticket.objects.live().filter(is_mantle=False).annotate(here=here, has_show=Exists(shows))
    rows = list(offered.filter(Q(here=True) | combined))
    parts = {row.pk for row in rows if row.is_sub_ticket}
    return _sorted_out([row for row in rows if row.bookable and not row.is_sub_ticket], parts)


def _sorted_out(rows: Iterable[Ticket], parts: set[int]) -> Admitting:
    ordinary, combined, annual = [], [], []
    for row in rows:
        if row.ticket_type == Ticket.Type.ANNUAL:
            annual.append(row)
        elif row.sub_ticket_ids:
            combined.append(row)
        else:
            ordinary.append(row)
    near = [row for row in combined if getattr(row, "here", False) or parts & set(row.sub_ticket_ids)]
    return Admitting(
        families=shelve(group(ordinary)),
        combined=shelve(group_combined(near)),
        annual=shelve(group_annual(row for row in annual if getattr(row, "here", False))),
    )


def shelve(families: Iterable[tuple[Ticket, ...]]) -> tuple[Family, ...]:
    """Families with the price they start at, those with something featured first."""
    shelved = [Family(members, price_from(members)) for members in families]
    return tuple(sorted(shelved, key=lambda family: not any(ticket.featured for ticket in family.tickets)))
