"""The places of one day for the whole shop: few calls, shared by everybody who asks about that day.

Tickets are asked for in fixed bundles of up to 100, whatever a visitor filters by, so that all searches of a day read
the same answers. A family stays in one bundle, because its kinds share quotas. What was worked out of an answer stays
at hand in this process for as long as the answer is fresh.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

from catalog import availability
from catalog.availability import DayStock, NotKnown
from catalog.directory import Directory
from catalog.families import Family
from catalog.slots import Entries
from catalog.stock import Kind
from shop.api.records import QuotaDay

PATIENCE_SECONDS = 8  # in front of a page; what was not read by then is not known
AT_HAND = 600  # answers about bundles: ten days of a very large shop
PARTIES = 8  # that are remembered for one family


@dataclass(eq=False)
class FamilyStock:
    """The quotas of one family on one day, and its kinds as sold then. `looks`: what was found out for a party."""

    quota_days: tuple[QuotaDay, ...]
    kinds: tuple[Kind, ...]
    looks: dict[Any, Any] = field(default_factory=dict)

    @cached_property
    def entries(self) -> Entries:
        """Its entry times, worked out when first asked for."""
        return Entries(self.quota_days, self.kinds, now=timezone.localtime())

    def remember(self, party: object, found: object) -> None:
        """Keep what was found out for a party; of the last few parties only."""
        if len(self.looks) >= PARTIES:
            self.looks.clear()
        self.looks[party] = found


@dataclass(frozen=True, slots=True)
class Told:
    """One bundle's answer. `at` is when it was asked, in seconds of this process's clock."""

    stocks: Mapping[int, FamilyStock]
    at: float
    stale: bool

    @property
    def age(self) -> float:
        return time.monotonic() - self.at


@dataclass(frozen=True, slots=True)
class Gathered:
    """Stocks by the id of a family's first ticket. `missing`: some were asked for in vain, again at `retry_at`."""

    stocks: Mapping[int, FamilyStock]
    checked_seconds_ago: int
    stale: bool
    missing: bool
    retry_at: datetime | None


_lock = threading.Lock()
_at_hand: OrderedDict[tuple[str, int, date], Told] = OrderedDict()


def gather(wanted: Iterable[Family], everything: Directory, on: date) -> Gathered:
    """Read the day's stocks of the wanted families. Never raises for an upstream that is down.

    Families without any quota are left out: nothing limits them, and each would need a call of its own.
    """
    ids = {family[0].pk for family in wanted}
    told: list[Told] = []
    stocks: dict[int, FamilyStock] = {}
    missing, retry_at = False, None
    deadline = time.monotonic() + PATIENCE_SECONDS
    for bundle in everything.bundles:
        if ids.isdisjoint(family[0].pk for family in bundle):
            continue
        try:
            told.append(_told(everything.edition, bundle, on, deadline))
        except NotKnown as error:
            missing, retry_at = True, error.retry_at
            continue
        stocks |= told[-1].stocks
    age = round(max((one.age for one in told), default=0))
    return Gathered(stocks, age, any(one.stale for one in told), missing, retry_at)


def _told(edition: str | None, bundle: Sequence[Family], on: date, deadline: float) -> Told:
    """What a bundle's answer says, at hand or asked for."""
    if edition is None:
        return _asked(bundle, on, deadline)
    name = (edition, bundle[0][0].pk, on)
    with _lock:
        known = _at_hand.get(name)
    if known and known.age < settings.AVAILABILITY_SECONDS and not known.stale:
        return known
    found = _asked(bundle, on, deadline)
    with _lock:
        _at_hand[name] = found
        _at_hand.move_to_end(name)
        while len(_at_hand) > AT_HAND:
            _at_hand.popitem(last=False)
    return found


def _asked(bundle: Sequence[Family], on: date, deadline: float) -> Told:
    if time.monotonic() > deadline:
        raise NotKnown(None)
    tickets = [ticket for family in bundle for ticket in family if ticket.quota_ids]
    answer = availability.stock(tickets, on)
    return Told(split(answer, bundle), time.monotonic() - answer.checked_seconds_ago, answer.stale)


def split(told: DayStock, families: Sequence[Family]) -> dict[int, FamilyStock]:
    """What a bundle's answer says of each family, by the id of its first ticket."""
    quotas: dict[int, list[QuotaDay]] = {}
    for quota in told.quota_days:
        for ticket_id in quota.ticket_ids:
            quotas.setdefault(ticket_id, []).append(quota)
    kinds = {kind.id: kind for kind in told.kinds}
    return {family[0].pk: _part(family, quotas, kinds) for family in families}


def _part(family: Family, quotas: Mapping[int, Sequence[QuotaDay]], kinds: Mapping[int, Kind]) -> FamilyStock:
    own = {quota.quota_id: quota for ticket in family for quota in quotas.get(ticket.pk, ())}
    sold = tuple(kinds[ticket.pk] for ticket in family if ticket.pk in kinds)
    return FamilyStock(tuple(own.values()), sold)
