"""Which tickets stand beside each other on a page, in which order, and from which price on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Protocol

from catalog.models import Ticket
from catalog.naming import split_titles

BUNDLE = 100  # tickets one call may ask about

Family = tuple[Ticket, ...]


class Priced(Protocol):
    """What is needed of a ticket to put it in order and tell its price."""

    @property
    def pk(self) -> int: ...
    @property
    def shop_order(self) -> int: ...
    @property
    def price_cents(self) -> int: ...
    @property
    def gross_cents(self) -> int: ...


def shop_order(ticket: Priced) -> tuple[int, int, int]:
    """Sort key: the order the museum gave, then the dearest first (the full price before reductions), then the id."""
    return ticket.shop_order, -ticket.price_cents, ticket.pk


def price_from(tickets: Iterable[Priced]) -> int | None:
    """The lowest gross price above zero in cents, 0 if all are free, None if there are none."""
    prices = [ticket.gross_cents for ticket in tickets]
    return min((price for price in prices if price), default=0 if prices else None)


def kin(ticket: Ticket, others: Iterable[Ticket]) -> tuple[Ticket, ...]:
    """The ticket and those of the same type that share a quota with it, in shop order."""
    own = set(ticket.quota_ids)
    found = [
        other for other in others if other.ticket_type == ticket.ticket_type and own & set(other.quota_ids)
    ]
    return tuple(sorted({ticket.pk: ticket, **{other.pk: other for other in found}}.values(), key=shop_order))


def group(tickets: Iterable[Ticket]) -> tuple[tuple[Ticket, ...], ...]:
    """Split tickets into families; each ticket stands in the family of the first one it is kin to."""
    ordered = sorted(tickets, key=shop_order)
    sharing: dict[tuple[str, int], list[Ticket]] = {}
    for ticket in ordered:
        for quota_id in ticket.quota_ids:
            sharing.setdefault((ticket.ticket_type, quota_id), []).append(ticket)
    families, taken = [], set[int]()
    for ticket in ordered:
        if ticket.pk not in taken:
            near = [one for quota_id in ticket.quota_ids for one in sharing[ticket.ticket_type, quota_id]]
            family = kin(ticket, [one for one in near if one.pk not in taken])
            families.append(family)
            taken |= {one.pk for one in family}
    return tuple(families)


def bundles(families: Iterable[Family]) -> tuple[tuple[Family, ...], ...]:
    """Families that have a quota, in order of their ids, as many together as one call may ask for."""
    found: list[list[Family]] = [[]]
    size = 0
    for family in sorted(filter(limited, families), key=lambda family: family[0].pk):
        if size and size + len(family) > BUNDLE:
            found.append([])
            size = 0
        found[-1].append(family)
        size += len(family)
    return tuple(tuple(bundle) for bundle in found if bundle)


def limited(family: Family) -> bool:
    """Whether a quota limits any of these tickets."""
    return any(ticket.quota_ids for ticket in family)


def group_combined(tickets: Iterable[Ticket]) -> tuple[tuple[Ticket, ...], ...]:
    """Combined tickets of the same parts and the same distance between them, which differ in their visitors only."""
    return _alike(tickets, lambda ticket: (tuple(ticket.sub_ticket_ids), ticket.min_gap_minutes))


def group_annual(tickets: Iterable[Ticket]) -> tuple[tuple[Ticket, ...], ...]:
    """Annual tickets of the same name, up to what tells whom they are for."""
    return _alike(tickets, lambda ticket: split_titles([ticket.title])[0])


def _alike(tickets: Iterable[Ticket], what: Callable[[Ticket], Hashable]) -> tuple[tuple[Ticket, ...], ...]:
    found: dict[Hashable, list[Ticket]] = {}
    for ticket in sorted(tickets, key=shop_order):
        found.setdefault(what(ticket), []).append(ticket)
    return tuple(tuple(members) for members in found.values())
