"""Pure: the quotas of one day, looked up by ticket and instant, and which instants are entry times of a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shop.api.records import QuotaDay

MOST = 100  # of a ticket without a limit of its own


@dataclass(frozen=True, slots=True)
class Kind:
    """What of a ticket decides when and by how many it is used. Minutes are of the day, wall clock."""

    id: int
    whole_day: bool
    first_entry: int | None = None
    last_entry: int | None = None
    entry_duration: int | None = None
    min_persons: int = 0
    max_persons: int | None = None

    @property
    def least(self) -> int:
        return max(1, self.min_persons)

    @property
    def most(self) -> int:
        return self.max_persons or MOST

    def takes(self, left: int) -> int:
        """How many one order may take where `left` are left; 0 if not even the minimum."""
        most = min(self.most, left)
        return most if most >= self.least else 0


@dataclass(frozen=True, slots=True)
class Place:
    """What all quotas of one ticket together say about one instant."""

    left: int
    unlimited: bool


def on_grid(kind: Kind, at: datetime, now: datetime) -> bool:
    """Whether a slot ticket may be entered at this instant, by its own first entry and step.

    Of a wall time that a clock change repeats, the first counts. A ticket that does not tell its grid takes every key.
    """
    local = at.astimezone(now.tzinfo)
    if kind.first_entry is None or not kind.entry_duration:
        return True
    minute = minute_of_day(at, now)
    last = kind.last_entry if kind.last_entry is not None else minute
    on_step = (minute - kind.first_entry) % kind.entry_duration == 0 and not local.second
    return kind.first_entry <= minute <= last and on_step and not local.fold


def minute_of_day(at: datetime, now: datetime) -> int:
    """The venue's wall clock at an instant, in minutes."""
    local = at.astimezone(now.tzinfo)
    return local.hour * 60 + local.minute


class Stock:
    """The quotas of one day. `now` gives the venue's zone."""

    def __init__(self, quota_days: Sequence[QuotaDay], now: datetime) -> None:
        self._now = now
        self._slots = {quota.quota_id: {slot.at: slot for slot in quota.slots} for quota in quota_days}
        self._of: dict[int, list[int]] = {}
        for quota in quota_days:
            for ticket_id in quota.ticket_ids:
                self._of.setdefault(ticket_id, []).append(quota.quota_id)

    def entries(self, kind: Kind) -> set[datetime]:
        """Instants at which this kind may enter if there are places. A day ticket has at most one."""
        keys = sorted({at for quota_id in self._of.get(kind.id, []) for at in self._slots[quota_id]})
        if kind.whole_day:
            return {self._day_entry(kind, keys)} if keys else set()
        return {at for at in keys if on_grid(kind, at, self._now)}

    def _day_entry(self, kind: Kind, keys: Sequence[datetime]) -> datetime:
        # Quotas may be keyed at other times than the ticket's first entry, say at midnight: then upstream's key wins.
        at_first = [at for at in keys if minute_of_day(at, self._now) == kind.first_entry]
        usable = [at for at in keys if (place := self.place(kind.id, at)) and place.left]
        return (at_first or usable or keys)[0]

    def place(self, ticket_id: int, at: datetime) -> Place | None:
        """What is left for a ticket at an instant over all its quotas, None if it is not offered then."""
        quota_ids = self._of.get(ticket_id, [])
        slots = [self._slots[quota_id].get(at) for quota_id in quota_ids]
        known = [slot for slot in slots if slot is not None and slot.total != 0]
        if not known or len(known) < len(slots):
            return None
        return Place(min(slot.left for slot in known), unlimited=all(pk < 0 for pk in quota_ids))

    def holds(self, quota: QuotaDay, wanted: Mapping[Kind, int], at: datetime) -> bool:
        """Whether one quota has room for all of the party that draws from it."""
        drawn = sum(quantity for kind, quantity in wanted.items() if kind.id in quota.ticket_ids)
        slot = self._slots[quota.quota_id].get(at)
        return drawn == 0 or (slot is not None and drawn <= slot.left)

    def key(self, at: datetime) -> str:
        """Upstream's own spelling of an instant it has."""
        return next(slots[at].key for slots in self._slots.values() if at in slots)
