"""The tours group: what starts when the visitor wants, its equipment and its prices. Reads only."""

from datetime import date, time

from shop.api import reading
from shop.api.calls import Call, Query
from shop.api.group import Group
from shop.api.paging import Listing
from shop.api.queries import (
    EVERYTHING,
    Filter,
    Locales,
    Selection,
    filtered,
    in_locales,
)
from shop.api.readers import availability, offers
from shop.api.records import Named, Slot, StartTime, Tag, Tour, TourPrices
from shop.api.timing import Patience


class Tours(Group):
    """Tours; lists as in `Catalogue`. `opens`, `closes` narrow start times: minutes of the day, wall clock.

    Where a tour `depends_on_language`, ask for start times with the `language_id` that is wanted.
    """

    def tags(
        self, tag: Tag, locales: Locales, *, patience: Patience = Patience.WORKER
    ) -> tuple[Named, ...] | None:
        """The tags of that kind in use on tours; None where upstream has no such list."""
        return self._tags("tours", tag, locales, patience)

    def tours(
        self,
        locales: Locales,
        selection: Selection = EVERYTHING,
        *,
        q: str | None = None,
        featured: bool | None = None,
        patience: Patience = Patience.WORKER,
    ) -> Listing[Tour]:
        """Tours that match every filter given, without the fields of the single record."""
        given = {"q": q, "by_featured": featured} | selection.filters()
        call = Call("GET", "/tours", patience=patience)
        return self._list(call, "tours", offers.tour, locales, given)

    def tour(self, tour_id: int, locales: Locales, *, patience: Patience = Patience.WORKER) -> Tour:
        """One tour with description, content and its equipment."""
        call = Call("GET", "/tours/:id", {"id": tour_id}, patience=patience)
        return self._one(call, "tour", offers.tour, locales)

    def equipments(
        self, tour_id: int, day: date, *, patience: Patience = Patience.WEB
    ) -> dict[int, list[Slot]]:
        """Per equipment id the largest quantity left for a tour that starts then, zeros included."""
        query = (("date", day.isoformat()),)
        call = Call("GET", "/tours/:id/equipments", {"id": tour_id}, query=query, patience=patience)
        return self._caller.read(call, availability.capacity_by_id)

    def equipment(
        self, tour_id: int, equipment_id: int, day: date, *, patience: Patience = Patience.WEB
    ) -> list[Slot]:
        """As `equipments`, of one piece of equipment."""
        values = {"id": tour_id, "equipment_id": equipment_id}
        query = (("date", day.isoformat()),)
        call = Call("GET", "/tours/:id/equipments/:equipment_id", values, query=query, patience=patience)
        return self._caller.read(call, availability.capacity)

    def equipment_at(
        self, tour_id: int, equipment_id: int, key: str, *, patience: Patience = Patience.WEB
    ) -> int | None:
        """The largest quantity for a tour that starts at `key`, as upstream spelled it; None if none starts then."""
        at = reading.moment(key)
        if at is None:
            raise ValueError("a start time is needed, as upstream spelled it")
        values: dict[str, str | int] = {"id": tour_id, "equipment_id": equipment_id, "timestamp": key}
        call = Call("GET", "/tours/:id/equipments/:equipment_id/:timestamp", values, patience=patience)
        slots = self._caller.read(call, availability.capacity)
        return next((slot.left for slot in slots if slot.at == at), None)

    def prices(
        self,
        tour_id: int,
        day: date,
        clock: time,
        locales: Locales,
        *,
        participants: int,
        language_id: int | None = None,
        customer_address_id: int | None = None,
        target_audience_id: int | None = None,
        patience: Patience = Patience.WEB,
    ) -> TourPrices:
        """Prices of one tour for exactly these participants at `clock`, the time on the wall of the museum.

        Ask again with the final values right before ordering.
        """
        given: dict[str, Filter] = {
            "date": day,
            "time": clock.strftime("%H-%M"),
            "participants": participants,
            "language_id": language_id,
            # Both names are spelled as upstream documents them.
            "customer_adress_id": customer_address_id,
            "price_target_audience_id_id": target_audience_id,
        }
        query = in_locales(locales) + (filtered(given) or ())
        call = Call("GET", "/tours/:id/prices", {"id": tour_id}, query=query, patience=patience)
        return self._caller.read(call, offers.tour_prices(self._context(locales)))

    def start_times_any(
        self,
        tour_id: int,
        start: date,
        end: date,
        *,
        participants: int | None = None,
        language_id: int | None = None,
        opens: int | None = None,
        closes: int | None = None,
        patience: Patience = Patience.WEB,
    ) -> dict[date, bool]:
        """For each day of the range, both ends included: may the tour start? Days not mentioned are missing."""
        query = (("depth", "any"), *_limits(opens, closes, participants, language_id))
        call = Call("GET", "/tours/:id/start_times", {"id": tour_id}, patience=patience)
        return self._days(call, query, availability.calendar_any, start, end)

    def start_times_all(
        self,
        tour_id: int,
        start: date,
        end: date,
        *,
        participants: int | None = None,
        language_id: int | None = None,
        opens: int | None = None,
        closes: int | None = None,
        patience: Patience = Patience.WEB,
    ) -> dict[date, list[StartTime]]:
        """For each day of the range the times the tour may start, [] for none."""
        query = (("depth", "all"), *_limits(opens, closes, participants, language_id))
        call = Call("GET", "/tours/:id/start_times", {"id": tour_id}, patience=patience)
        return self._days(call, query, offers.start_times_by_day, start, end)

    def start_times_on(
        self,
        tour_id: int,
        day: date,
        *,
        language_id: int | None = None,
        opens: int | None = None,
        closes: int | None = None,
        patience: Patience = Patience.WEB,
    ) -> list[StartTime]:
        """The times the tour may start on one day, each with its participants: least, most, still bookable."""
        values: dict[str, str | int] = {"id": tour_id, "date": day.isoformat()}
        query = _limits(opens, closes, None, language_id)
        call = Call("GET", "/tours/:id/start_times/:date", values, query=query, patience=patience)
        return self._caller.read(call, offers.start_times)


def _limits(
    opens: int | None, closes: int | None, participants: int | None, language_id: int | None
) -> Query:
    given: dict[str, Filter] = {
        "opening_hours_start": opens,
        "opening_hours_end": closes,
        "participants": participants,
        "language_id": language_id,
    }
    return filtered(given) or ()
