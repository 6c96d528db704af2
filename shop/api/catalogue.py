"""The catalogue group: what the ticket system offers. Reads only."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from shop.api import errors, reading
from shop.api.calls import Call, array
from shop.api.group import Group
from shop.api.paging import PAGE_SIZE, Listing, read_each
from shop.api.queries import Locales, TicketSelection, batches, in_locales
from shop.api.readers import catalogue as readers
from shop.api.readers import tickets
from shop.api.records import (
    Exhibition,
    ImageFile,
    Museum,
    OpeningHours,
    Ticket,
    TicketContent,
    TicketType,
    Version,
)
from shop.api.timing import Patience

IMAGE_BYTES = 15_000_000


class Catalogue(Group):
    """Museums, exhibitions, tickets and what the system says about itself.

    Texts come in all `locales` at once, or in one given as a plain code. Lists read every page; a record that
    cannot be read is skipped, logged, and noted in the listing's `skipped`, so that nobody mistakes it for gone.
    Every method raises `Unavailable` or a `Refused`; single records also `NotFound`.
    """

    def version(self, *, patience: Patience = Patience.WORKER) -> Version:
        """What the ticket system says about itself."""
        return self._caller.read(Call("GET", "/version", patience=patience), readers.version)

    def locales(self, *, patience: Patience = Patience.WORKER) -> list[str]:
        """Language codes upstream has texts in; the first is its default."""
        return self._caller.read(Call("GET", "/locales", patience=patience), readers.locales)

    def museums(
        self, locales: Locales, *, q: str | None = None, patience: Patience = Patience.WORKER
    ) -> Listing[Museum]:
        """All museums, or those with `q` in their titles, without the fields of the single record."""
        call = Call("GET", "/museums", patience=patience)
        return self._list(call, "museums", readers.museum, locales, {"q": q})

    def museum(self, museum_id: int, locales: Locales, *, patience: Patience = Patience.WORKER) -> Museum:
        """One museum with description, content and address."""
        call = Call("GET", "/museums/:id", {"id": museum_id}, patience=patience)
        return self._one(call, "museum", readers.museum, locales)

    def opening_hours(
        self, museum_id: int, day: date, *, patience: Patience = Patience.WORKER
    ) -> OpeningHours | None:
        """When the museum is open on `day`, or None for a closed day."""
        call = Call(
            "GET",
            "/museums/:id/opening_hours",
            {"id": museum_id},
            query=(("date", day.isoformat()),),
            patience=patience,
        )
        try:
            return self._caller.read(call, readers.opening_hours)
        except errors.NotFound:
            return None

    def exhibitions(
        self,
        locales: Locales,
        *,
        q: str | None = None,
        museum_ids: Iterable[int] | None = None,
        featured: bool | None = None,
        patience: Patience = Patience.WORKER,
    ) -> Listing[Exhibition]:
        """Exhibitions that match every filter given, without the fields of the single record."""
        given = {"q": q, "by_museum_ids": museum_ids, "by_featured": featured}
        call = Call("GET", "/exhibitions", patience=patience)
        return self._list(call, "exhibitions", readers.exhibition, locales, given)

    def exhibition(
        self, exhibition_id: int, locales: Locales, *, patience: Patience = Patience.WORKER
    ) -> Exhibition:
        """One exhibition with description, content and address."""
        call = Call("GET", "/exhibitions/:id", {"id": exhibition_id}, patience=patience)
        return self._one(call, "exhibition", readers.exhibition, locales)

    def tickets(
        self,
        locales: Locales,
        *,
        q: str | None = None,
        ids: Iterable[int] | None = None,
        types: Iterable[TicketType] | None = None,
        museum_ids: Iterable[int] | None = None,
        exhibition_ids: Iterable[int] | None = None,
        group_ids: Iterable[int] | None = None,
        bookable: bool | None = None,
        valid_at: date | None = None,
        patience: Patience = Patience.WORKER,
    ) -> Listing[Ticket]:
        """Tickets that match every filter given; annual ones only when asked for by type or id.

        A filter that is given but empty matches nothing.
        """
        chosen = TicketSelection(ids, types, museum_ids, exhibition_ids, group_ids, bookable)
        given = {"q": q} | chosen.filters() | {"valid_at": valid_at}
        call = Call("GET", "/tickets", patience=patience)
        return self._list(call, "tickets", tickets.ticket, locales, given)

    def ticket(
        self,
        ticket_id: int,
        locales: Locales,
        valid_at: date | None = None,
        *,
        patience: Patience = Patience.WORKER,
    ) -> Ticket:
        """One ticket with all its fields; `valid_at` shapes its entry times for that day."""
        query = (("valid_at", valid_at.isoformat()),) if valid_at is not None else ()
        call = Call("GET", "/tickets/:id", {"id": ticket_id}, query=query, patience=patience)
        return self._one(call, "ticket", tickets.ticket, locales)

    def ticket_contents(
        self,
        ticket_ids: Iterable[int],
        locales: Locales,
        *,
        attr: str | None = None,
        patience: Patience = Patience.WORKER,
    ) -> Listing[TicketContent]:
        """The free texts of these tickets, or the one named `attr` of each; unknown ids are left out."""
        rest = (("attr", attr),) if attr else ()
        calls = (
            Call(
                "GET",
                "/tickets/content",
                query=in_locales(locales) + array("ticket_ids", batch) + rest,
                patience=patience,
            )
            for batch in batches(ticket_ids, PAGE_SIZE)
        )
        read = tickets.content(self._context(locales))
        return read_each(self._caller, calls, "data", read, name=attrgetter("id"))

    def picture(self, url: str, *, patience: Patience = Patience.WORKER) -> ImageFile:
        """Download one picture by the absolute address a record gave (at most 15 MB, no key is sent).

        Anything that is no common raster image is `Malformed`; an address that is not http/https a ValueError.
        """
        if reading.address(url, "") != url:
            raise ValueError("the address of a picture must be absolute, http or https")
        call = Call("GET", "(picture)", url=url, accept="image/*", limit=IMAGE_BYTES, patience=patience)
        return self._caller.fetch(call, readers.image)
