"""Pure: at which times the parts of a combined ticket can be entered, one after the other, by the whole party.

A combined ticket draws places at its own entry and one place per person at the entry of each part. Its own entry is
the last one it has before (or at) the first part, else its first. Between any two parts lies the gap; which comes
first is free. `now` is always aware and in the venue's zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from catalog.slots import FEW, WANTED_ALTERNATIVES, DayState
from catalog.stock import Kind, Stock
from shop.api.records import QuotaDay

TRIES = 20_000  # times looked at for one answer, so that no catalogue however odd keeps a visitor waiting

Times = Mapping[int, datetime]  # part to entry
Cost = tuple[timedelta, tuple[datetime, ...]]


class PartState(StrEnum):
    """What a party can do with one entry of one part. TOO_FEW: some places, not for everybody.

    TOO_CLOSE: the gap to the time chosen for another part is too short; BLOCKED: no time is left for another part.
    """

    FREE = "free"
    FEW = "few"
    SOLD_OUT = "sold_out"
    TOO_FEW = "too_few"
    TOO_CLOSE = "too_close"
    BLOCKED = "blocked"
    NOT_OFFERED = "not_offered"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Combination:
    """What of a combined ticket decides its entries: its kinds beside each other, and the parts of all of them."""

    kinds: tuple[Kind, ...]
    parts: tuple[Kind, ...]
    gap: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class PartSlot:
    """One entry of one part. `left`: its free places, None where no quota limits them."""

    part: int
    key: str
    at: datetime
    state: PartState
    left: int | None

    @property
    def bookable(self) -> bool:
        return self.state in {PartState.FREE, PartState.FEW}


class Room:
    """The places of one day for one party (ticket id of a kind to its number) on one combined ticket."""

    def __init__(
        self, offer: Combination, quota_days: Sequence[QuotaDay], party: Mapping[int, int], now: datetime
    ) -> None:
        self._offer = offer
        self._now = now
        self._stock = Stock(quota_days, now)
        self._left = {(quota.quota_id, slot.at): slot.left for quota in quota_days for slot in quota.slots}
        self._quotas: dict[int, list[int]] = {}
        for quota in quota_days:
            for ticket_id in quota.ticket_ids:
                self._quotas.setdefault(ticket_id, []).append(quota.quota_id)
        self._party = {kind: party[kind.id] for kind in offer.kinds if party.get(kind.id, 0) > 0}
        self.total = sum(self._party.values())
        self._allowed = self.total == sum(party.values()) > 0 and all(
            kind.least <= number <= kind.most for kind, number in self._party.items()
        )
        self._own = {kind.id: self._offered(kind) for kind in offer.kinds}
        self._entries = {part.id: self._offered(part) for part in offer.parts}

    def fits(self, times: Times) -> bool:
        """Whether the whole party can enter every part at these times."""
        return times.keys() == self._entries.keys() and self._may(times)

    def own_entry(self, ticket_id: int, times: Times) -> datetime | None:
        """When a kind of the combined ticket itself is entered if its parts are at these times; None if never."""
        entries, first = self._own[ticket_id], min(times.values())
        return next((at for at in reversed(entries) if at <= first), None) or next(iter(entries), None)

    def key(self, at: datetime) -> str:
        """Upstream's own spelling of an instant it has."""
        return self._stock.key(at)

    def slots(self, part: int, chosen: Times) -> list[PartSlot]:
        """All entries of a part, each with its state beside the times chosen for the other parts."""
        others = {pk: at for pk, at in chosen.items() if pk != part}
        kind = next(kind for kind in self._offer.parts if kind.id == part)
        return [self._slot(kind, at, others) for at in sorted(self._stock.entries(kind))]

    def possible(self, fixed: Times) -> bool:
        """Whether the whole party can enter every part, those in `fixed` at these times."""
        known = all(at in self._entries.get(part, ()) for part, at in fixed.items())
        if not known or not self._allowed or not self._roomy():
            return False
        candidates = {
            part: [fixed[part]] if part in fixed else self._by_distance(part, None) for part in self._entries
        }
        return any(True for _found in self._search(candidates, {}, (), count=1))

    def nearest(self, wanted: Times, *, count: int = WANTED_ALTERNATIVES) -> list[dict[int, datetime]]:
        """The combinations for the party nearest to the wanted times, all differences added up; the earliest first of
        those equally near. Parts that are not in `wanted` may be at any time.
        """
        if not self._allowed or not self._roomy():
            return []
        candidates = {part: self._by_distance(part, wanted.get(part)) for part in self._entries}
        best: list[tuple[Cost, dict[int, datetime]]] = []
        for found in self._search(candidates, wanted, best, count):
            best.append((cost(found, wanted), found))
            best.sort(key=lambda one: one[0])
            del best[count:]
        return [found for _cost, found in best]

    def day_state(self) -> DayState:
        """What the party can do with the day."""
        if self.possible({}):
            return DayState.FEW if self._scarce() else DayState.FREE
        offered = [*self._entries.values(), *self._own.values()]
        if not all(self._entries.values()) or not any(self._own.values()):
            return DayState.CLOSED
        return DayState.SOLD_OUT if any(at > self._now for own in offered for at in own) else DayState.OVER

    # --- one entry ----------------------------------------------------------------------------------------

    def _offered(self, kind: Kind) -> list[datetime]:
        return sorted(at for at in self._stock.entries(kind) if self._stock.place(kind.id, at))

    def _slot(self, kind: Kind, at: datetime, others: Times) -> PartSlot:
        place = self._stock.place(kind.id, at)
        left = place.left if place and not place.unlimited else None
        state = self._state(kind.id, at, others, place.left if place else None)
        return PartSlot(kind.id, self._stock.key(at), at, state, left)

    def _state(self, part: int, at: datetime, others: Times, left: int | None) -> PartState:
        if left is None:
            return PartState.NOT_OFFERED
        if left == 0:
            return PartState.OVER if at <= self._now else PartState.SOLD_OUT
        if left < self.total:
            return PartState.TOO_FEW
        if any(abs(at - other) < self._offer.gap for other in others.values()):
            return PartState.TOO_CLOSE
        if not self.possible({**others, part: at}):
            return PartState.BLOCKED
        return PartState.FEW if left <= FEW else PartState.FREE

    # --- all entries together -----------------------------------------------------------------------------

    def _may(self, times: Times) -> bool:
        return (
            self._allowed
            and all(at in self._entries[part] for part, at in times.items())
            and self._apart(times.values())
            and self._holds(times)
        )

    def _apart(self, times: Iterable[datetime]) -> bool:
        return all(second - first >= self._offer.gap for first, second in pairwise(sorted(times)))

    def _holds(self, times: Times) -> bool:
        """Whether every quota has room for all that draw from it, at every instant."""
        draws: Counter[tuple[int, datetime]] = Counter()
        entries = [(part, at, self.total) for part, at in times.items()]
        for kind, number in self._party.items():
            own = self.own_entry(kind.id, times)
            if own is None:
                return False
            entries.append((kind.id, own, number))
        for ticket_id, at, number in entries:
            draws.update({(quota, at): number for quota in self._quotas.get(ticket_id, ())})
        return all(number <= self._left.get(draw, 0) for draw, number in draws.items())

    def _roomy(self) -> bool:
        """Whether every ticket alone has some time with room: quickly told, and mostly what is missing."""
        needs = [(entries, part, self.total) for part, entries in self._entries.items()]
        needs += [(self._own[kind.id], kind.id, number) for kind, number in self._party.items()]
        return all(any(self._room(pk, at) >= need for at in entries) for entries, pk, need in needs)

    def _scarce(self) -> bool:
        return any(
            max(self._room(part, at) for at in entries) <= FEW for part, entries in self._entries.items()
        )

    def _room(self, ticket_id: int, at: datetime) -> int:
        place = self._stock.place(ticket_id, at)
        return place.left if place else 0

    def _by_distance(self, part: int, wanted: datetime | None) -> list[datetime]:
        roomy = [at for at in self._entries[part] if self._room(part, at) >= self.total]
        return roomy if wanted is None else sorted(roomy, key=lambda at: (abs(at - wanted), at))

    def _search(
        self,
        candidates: Mapping[int, Sequence[datetime]],
        wanted: Times,
        best: Sequence[tuple[Cost, object]],
        count: int,
    ) -> Iterator[dict[int, datetime]]:
        """Combinations that fit, part by part; branches that cannot come near enough any more are left out."""
        parts, tries = list(candidates), iter(range(TRIES))

        def worse(times: Times) -> bool:
            return len(best) >= count and cost(times, wanted)[0] > best[-1][0][0]

        def extend(times: dict[int, datetime]) -> Iterator[dict[int, datetime]]:
            if len(times) == len(parts):
                if self._holds(times):
                    yield times
                return
            part = parts[len(times)]
            for at in candidates[part]:
                longer = {**times, part: at}
                if next(tries, None) is None or (worse(longer) and part in wanted):
                    return
                if not worse(longer) and self._apart(longer.values()):
                    yield from extend(longer)

        yield from extend({})


def cost(times: Times, wanted: Times) -> Cost:
    """How far these times are from the wanted ones; the earlier first of those equally far."""
    far = sum((abs(at - wanted[part]) for part, at in times.items() if part in wanted), timedelta(0))
    return far, tuple(sorted(times.values()))
