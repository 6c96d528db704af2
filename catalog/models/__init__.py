"""The mirror of the public go~mus catalogue. Primary keys are the ids of the ticket system.

Texts are kept per language as JSON, HTML already sanitised; properties give the text of the active language.
Rows that vanish upstream are retired, never deleted: orders and links outlive them.
"""

from catalog.models.base import Kept, Mirrored, MirrorQuerySet, Picture, Place, ProductQuerySet, Shown, pick
from catalog.models.catalogue import Exhibition, Museum, OpeningHours, Ticket, TicketQuerySet
from catalog.models.programme import Coupon, Event, EventDate, Offer, Term, Tour
from catalog.models.runs import SyncRun

__all__ = [
    "Coupon",
    "Event",
    "EventDate",
    "Exhibition",
    "Kept",
    "MirrorQuerySet",
    "Mirrored",
    "Museum",
    "Offer",
    "OpeningHours",
    "Picture",
    "Place",
    "ProductQuerySet",
    "Shown",
    "SyncRun",
    "Term",
    "Ticket",
    "TicketQuerySet",
    "Tour",
    "pick",
]
