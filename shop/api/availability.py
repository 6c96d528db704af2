"""The availability group: live places. Someone usually waits for these answers, so patience is WEB by default."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from shop.api.calls import Call, Query, array
from shop.api.group import Group
from shop.api.paging import Page, page_of, read_pages
from shop.api.queries import Locales, TicketSelection, filtered, in_locales
from shop.api.readers import availability as readers
from shop.api.readers import tickets as ticket_readers
from shop.api.records import DayStatus, QuotaDay, Slot, TicketsAndQuotas
from shop.api.timing import Patience


class Availability(Group):
    """Places left, per ticket and per quota. `reservations`: tokens of our own holds, credited back."""

    def capacity(
        self,
        ticket_id: int,
        day: date,
        reservations: Sequence[str] = (),
        *,
        patience: Patience = Patience.WEB,
    ) -> list[Slot]:
        """Slots of one ticket with places left, all its quotas combined, by time; [] if there are none."""
        query = (("date", day.isoformat()), *array("reservations", reservations))
        call = Call("GET", "/tickets/:id/capacity", {"id": ticket_id}, query=query, patience=patience)
        return self._caller.read(call, readers.capacity)

    def capacities(
        self,
        ticket_ids: Iterable[int],
        day: date,
        reservations: Sequence[str] = (),
        *,
        patience: Patience = Patience.WEB,
    ) -> list[QuotaDay]:
        """Places of every quota of these tickets, zeros included, sorted by quota id.

        Neighbouring slots may describe the same places: never add them up.
        """
        query = (
            *array("ticket_ids", ticket_ids),
            ("date", day.isoformat()),
            *array("reservations", reservations),
        )
        if not any(name == "ticket_ids[]" for name, _ in query):
            return []
        return self._caller.read(
            Call("GET", "/tickets/capacities", query=query, patience=patience), readers.capacities
        )

    def calendar_any(
        self,
        tickets: TicketSelection | Iterable[int],
        start: date,
        end: date,
        reservations: Sequence[str] = (),
        *,
        patience: Patience = Patience.WEB,
    ) -> dict[date, bool]:
        """For each day of the range, both ends included: can any of these tickets be booked?

        Long ranges are asked in several calls; a day upstream does not mention is missing.
        """
        query = _calendar_query(tickets, "any", reservations)
        call = Call("GET", "/tickets/calendar", patience=patience)
        return self._days(call, query, readers.calendar_any, start, end)

    def calendar_status(
        self,
        tickets: TicketSelection | Iterable[int],
        start: date,
        end: date,
        reservations: Sequence[str] = (),
        *,
        patience: Patience = Patience.WEB,
    ) -> dict[date, DayStatus]:
        """As `calendar_any`, but days that are sold out are told from days without any offer."""
        query = _calendar_query(tickets, "availability_status", reservations)
        call = Call("GET", "/tickets/calendar", patience=patience)
        return self._days(call, query, readers.calendar_status, start, end)

    def calendar_all(
        self,
        tickets: TicketSelection | Iterable[int],
        start: date,
        end: date,
        reservations: Sequence[str] = (),
        *,
        patience: Patience = Patience.WEB,
    ) -> dict[date, list[QuotaDay]]:
        """For each day of the range the quotas with their slots; [] for a day without any."""
        query = _calendar_query(tickets, "all", reservations)
        call = Call("GET", "/tickets/calendar", patience=patience)
        return self._days(call, query, readers.calendar_all, start, end)

    def list_and_quotas(
        self,
        tickets: TicketSelection | Iterable[int],
        day: date,
        locales: Locales,
        *,
        patience: Patience = Patience.WEB,
    ) -> TicketsAndQuotas:
        """Tickets as sold on `day`, together with the places of their quotas."""
        query = filtered(_selection(tickets).filters() | {"valid_at": day})
        if query is None:
            return TicketsAndQuotas()
        quotas: dict[int, QuotaDay] = {}
        totals: dict[int, tuple[Slot, ...]] = {}

        def page(payload: object) -> Page:
            for quota in readers.quotas(payload):
                quotas[quota.quota_id] = _joined(quota, quotas.get(quota.quota_id, quota))
            totals.update(readers.totals(payload))
            return page_of("tickets", payload)

        call = Call("GET", "/tickets/list_and_quotas", query=in_locales(locales) + query, patience=patience)
        read = ticket_readers.ticket(self._context(locales))
        found = tuple(read_pages(self._caller, call, "tickets", read, page=page))
        return TicketsAndQuotas(found, tuple(quotas[key] for key in sorted(quotas)), totals)


def _joined(quota: QuotaDay, known: QuotaDay) -> QuotaDay:
    """A quota may come with every page, each time with the tickets of that page only."""
    return replace(quota, ticket_ids=tuple(dict.fromkeys(known.ticket_ids + quota.ticket_ids)))


def _selection(tickets: TicketSelection | Iterable[int]) -> TicketSelection:
    return tickets if isinstance(tickets, TicketSelection) else TicketSelection(ids=tickets)


def _calendar_query(
    tickets: TicketSelection | Iterable[int], depth: str, reservations: Sequence[str]
) -> Query | None:
    """No query for no ticket: it would mean every ticket to upstream."""
    return filtered(_selection(tickets).filters() | {"depth": depth, "reservations": reservations or None})
