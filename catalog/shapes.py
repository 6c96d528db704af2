"""What the selectors hand to the templates. `Museum`, `Exhibition`, `Ticket`, `Picture` inside are model rows.

`price_from` is in gross cents, 0 when everything is free, None when nothing is on sale. `picture` is None until it was
fetched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.safestring import SafeString

from catalog.models import Exhibition, Museum, Picture, Ticket, Tour


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is shown in a grid of its like. `drawn`: its markup by language and day, good for as long as the card is:
    drawn when somebody first sees it, by `catalog.templatetags.cards`."""

    drawn: dict[tuple[str, date], SafeString] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ExhibitionCard(Card):
    """One exhibition to visit. `ticket_id` is where it is booked, None when nothing is on sale."""

    exhibition: Exhibition
    museum: Museum | None
    picture: Picture | None
    price_from: int | None
    ticket_id: int | None


@dataclass(frozen=True, slots=True)
class MuseumCard(Card):
    """One museum with the number of its exhibitions on now."""

    museum: Museum
    picture: Picture | None
    price_from: int | None
    exhibitions_on: int


@dataclass(frozen=True, slots=True)
class Family:
    """Ticket kinds that share their places, first the one the page is named after."""

    tickets: tuple[Ticket, ...]
    price_from: int | None

    @property
    def anchor(self) -> Ticket:
        return self.tickets[0]


@dataclass(frozen=True, slots=True)
class DayHours:
    """Opening hours of one day. Not `known`: upstream has not told us yet."""

    day: date
    known: bool
    begins_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def closed(self) -> bool:
        return self.known and self.begins_at is None


@dataclass(frozen=True, slots=True)
class HomePage:
    """`now` holds at most a few of `now_total`; `soon` starts later than today."""

    now: tuple[ExhibitionCard, ...]
    now_total: int
    soon: tuple[ExhibitionCard, ...]
    museums: tuple[MuseumCard, ...]


@dataclass(frozen=True, slots=True)
class ExhibitionsPage:
    now: tuple[ExhibitionCard, ...]
    soon: tuple[ExhibitionCard, ...]


@dataclass(frozen=True, slots=True)
class MuseumPage:
    """`hours` are seven days from today on. `families` are its ordinary tickets, `tours` what is led in it."""

    museum: Museum
    picture: Picture | None
    hours: tuple[DayHours, ...]
    now: tuple[ExhibitionCard, ...]
    soon: tuple[ExhibitionCard, ...]
    families: tuple[Family, ...]
    combined: tuple[Family, ...]
    annual: tuple[Family, ...]
    tours: tuple[Tour, ...]


@dataclass(frozen=True, slots=True)
class ExhibitionPage:
    """`families` and `combined` admit to this exhibition; `house_families` are tickets of the house bound to none."""

    exhibition: Exhibition
    museum: Museum | None
    picture: Picture | None
    hours: tuple[DayHours, ...]
    families: tuple[Family, ...]
    house_families: tuple[Family, ...]
    combined: tuple[Family, ...]
    price_from: int | None


@dataclass(frozen=True, slots=True)
class TicketPage:
    """`anchor` is the ticket asked for, `family` all kinds to choose (the anchor among them, in shop order).

    Not `on_sale`: the ticket exists but is not sold now; the family is then empty.
    """

    anchor: Ticket
    family: tuple[Ticket, ...]
    on_sale: bool
    museum: Museum | None
    exhibition: Exhibition | None
    picture: Picture | None
    hours: tuple[DayHours, ...]


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything on sale. `museums`: those a ticket admits to, by its id."""

    tickets: tuple[Ticket, ...]
    museums: Mapping[int, Sequence[Museum]]

    def house(self, family: Sequence[Ticket]) -> Museum | None:
        """The museum these tickets are shown under."""
        return next((museum for ticket in family for museum in self.museums.get(ticket.pk, ())), None)
