"""Readers of live availability. A slot or quota that cannot be read is left out and logged."""

import logging
from collections.abc import Mapping
from datetime import date

from shop.api import reading
from shop.api.reading import BadRecord
from shop.api.records import DayStatus, QuotaDay, Slot

log = logging.getLogger(__name__)

STATUS_WORDS = frozenset(DayStatus)
FREE_WORDS = {"available": True, "fully_booked": False, "unavailable": False}


def capacity(payload: object) -> list[Slot]:
    """Reader of the slots of one ticket, or of one piece of equipment."""
    return list(_slots(_data(payload), {}))


def capacities(payload: object) -> list[QuotaDay]:
    """Reader of quotas by id."""
    return _quotas([(key, value) for key, value in _members(_data(payload))])


def calendar_any(payload: object) -> dict[date, bool]:
    """Reader of days by bookability, given as a flag or in words."""
    found: dict[date, bool] = {}
    for key, value in _members(_data(payload)):
        day, free = reading.day(key), reading.flag(value)
        if free is None and isinstance(value, str):
            free = FREE_WORDS.get(value)
        if day is not None and free is not None:
            found[day] = free
    return found


def calendar_status(payload: object) -> dict[date, DayStatus]:
    """Reader of days by status. A word nobody knows counts as available: looking closer does no harm."""
    found: dict[date, DayStatus] = {}
    for key, value in _members(_data(payload)):
        day, free = reading.day(key), reading.flag(value)
        word = reading.text(value)
        if free is not None:
            word = DayStatus.AVAILABLE if free else DayStatus.UNAVAILABLE
        if day is not None and word:
            found[day] = DayStatus(word) if word in STATUS_WORDS else DayStatus.AVAILABLE
    return found


def calendar_all(payload: object) -> dict[date, list[QuotaDay]]:
    """Reader of days with their quotas."""
    found: dict[date, list[QuotaDay]] = {}
    for key, value in _members(_data(payload)):
        if (day := reading.day(key)) is not None:
            found[day] = _quotas(_members(value))
    return found


def quotas(payload: object) -> list[QuotaDay]:
    """Reader of the quotas that come along with a list of tickets."""
    return _quotas(_members(reading.mapping(payload).get("quotas")))


def totals(payload: object) -> dict[int, tuple[Slot, ...]]:
    """Reader of the sizes that come along with a list of tickets, by ticket."""
    rows = map(reading.mapping, reading.rows(reading.mapping(payload).get("tickets")))
    found = {reading.identifier(row.get("id")): _slots(row.get("total_capacities"), {}) for row in rows}
    return {ticket_id: slots for ticket_id, slots in found.items() if ticket_id is not None}


def capacity_by_id(payload: object) -> dict[int, list[Slot]]:
    """Reader of the slots of several things, by their id."""
    found = {reading.identifier(key): list(_slots(value, {})) for key, value in _members(_data(payload))}
    return {own_id: slots for own_id, slots in found.items() if own_id is not None}


def _data(payload: object) -> object:
    data = reading.mapping(payload).get("data")
    if not isinstance(data, Mapping | list):
        raise BadRecord("no data")
    return data


def _members(value: object) -> list[tuple[object, object]]:
    """Members with their keys; those of an array have none."""
    if isinstance(value, Mapping):
        return list(value.items())
    return [(None, member) for member in reading.rows(value)]


def _quotas(members: list[tuple[object, object]]) -> list[QuotaDay]:
    found = []
    for key, value in members:
        inner = reading.mapping(value)
        inner = reading.mapping(inner.get("quota")) or inner
        quota_id = reading.identifier(inner.get("id")) or reading.identifier(key)
        if quota_id is None or not inner:
            log.warning("left out a quota without id")
            continue
        tickets = reading.identifiers(inner.get("tickets")) or reading.identifiers(inner.get("ticket_ids"))
        slots = _slots(inner.get("capacities"), _merged(inner.get("total_capacities")))
        found.append(QuotaDay(quota_id, tickets, slots))
    return sorted(found, key=lambda quota: quota.quota_id)


def _slots(counts: object, totals: Mapping[str, object]) -> tuple[Slot, ...]:
    """Slots by instant. Totals are matched by instant too: their keys may be spelled in another way."""
    sizes = {reading.moment(key): reading.integer(size) for key, size in totals.items()}
    found = []
    given = _merged(counts)
    for key, value in given.items():
        at, left = reading.moment(key), reading.integer(value)
        if at is not None and left is not None:
            total = sizes.get(at)
            found.append(Slot(key, at, max(left, 0), None if total is None else max(total, 0)))
    if len(found) < len(given):
        log.warning("left out %d unreadable slots", len(given) - len(found))
    return tuple(sorted(found, key=lambda slot: (slot.at, slot.key)))


def _merged(value: object) -> dict[str, object]:
    """One map, also from an array of maps."""
    parts = value if isinstance(value, list) else [value]
    return {str(key): count for part in parts for key, count in reading.mapping(part).items()}
