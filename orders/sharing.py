"""Giving away the link of one ticket, and taking it back."""

from __future__ import annotations

from django.utils import timezone

from orders import passes
from orders.lifecycle import State
from orders.models import Document, TicketShare
from orders.passes import Pass
from shop.jobs import Job
from shop.queue import ring


def share(ticket: Pass) -> TicketShare:
    """Return the link of the ticket, a new one if it has none; of two at once both get the same.

    A worker makes the sheet of this one ticket.
    """
    link, _new = TicketShare.objects.get_or_create(
        item=ticket.item, admission=ticket.admission, revoked_at=None
    )
    kind = Document.Kind.SINGLE
    Document.objects.get_or_create(
        order=ticket.item.order, item=ticket.item, admission=ticket.admission, kind=kind
    )
    ring(Job.FETCH_DOCUMENTS, ticket.item.order_id)
    return link


def link_of(ticket: Pass) -> TicketShare | None:
    """Return the link that shows the ticket now."""
    live = TicketShare.objects.filter(item=ticket.item, admission=ticket.admission, revoked_at=None)
    return live.first()


def revoke(ticket: Pass) -> None:
    """End the link of the ticket."""
    live = TicketShare.objects.filter(item=ticket.item, admission=ticket.admission, revoked_at=None)
    live.update(revoked_at=timezone.now())


def ticket_behind(secret: str) -> Pass | None:
    """Return the ticket a link shows; None for one that is revoked, guessed, or of an order without tickets."""
    link = (
        TicketShare.objects.filter(secret=secret, revoked_at=None, item__order__state=State.READY)
        .select_related("item__order")
        .first()
    )
    if link is None:
        return None
    tickets = passes.of_order(link.item.order)
    mine = (
        one
        for one in tickets
        if one.item.pk == link.item_id and (one.admission.pk if one.admission else None) == link.admission_id
    )
    return next(mine, None)
