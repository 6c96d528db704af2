"""What all kinds of places have in common: what is used, what the operator fixed, and a repeatable dice."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from sandbox.catalogue.world import World
from sandbox.clock import ZONE, Clock, wall

Place = tuple[int, datetime]  # what is counted (a quota, a date, a tour, equipment) and when
DATES, TOURS, EQUIPMENT = 10**12, 2 * 10**12, 3 * 10**12  # added to an id, so that no place meets another
HORIZON = 180  # days ahead that can be booked
GRID = 15  # minutes


class Counting:
    """Counts places. `used` holds what orders and holds draw, `fixed` what the operator set as left."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self.clock = clock
        self.used: Counter[Place] = Counter()
        self.fixed: dict[Place, int] = {}
        self.seat_taken: dict[int, set[int]] = {}  # by date: what orders hold
        self.seats_elsewhere: dict[int, frozenset[int]] = {}  # by date: what other sales channels sold
        self.late_entry_minutes = 0

    def take(self, draws: Iterable[tuple[Place, int]], sign: int = 1) -> None:
        for place, quantity in draws:
            self.used[place] += sign * quantity

    def rest(self, place: Place, usual: int) -> int:
        """What is left of `usual` places, or of what the operator set, net of orders and holds."""
        return max(0, self.fixed.get(place, usual) - self.used.get(place, 0))


@lru_cache(maxsize=200_000)
def slices(at: datetime, duration: int) -> tuple[datetime, ...]:
    """The quarter hours that something takes which begins at an instant."""
    local = at.astimezone(ZONE)
    first = local.hour * 60 + local.minute
    return tuple(wall(local.date(), minute) for minute in range(first, first + duration, GRID))


@lru_cache(maxsize=200_000)
def dice(number: int, at: datetime) -> int:
    """0 to 99, always the same for a place."""
    text = f"{number} {at:%Y-%m-%d %H:%M}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % 100
