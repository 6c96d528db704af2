"""When a tour may begin, for how many people, and how much equipment there is."""

from collections import Counter
from datetime import date, datetime, timedelta

from sandbox.catalogue.counting import EQUIPMENT, GRID, HORIZON, TOURS, Counting, Place, dice, slices
from sandbox.catalogue.model import Tour
from sandbox.clock import ZONE, exists, wall


class Guides(Counting):
    """Tours on demand. People and equipment are counted by quarter hours over the duration of a tour."""

    def tour_grid(self, tour: Tour, day: date) -> list[datetime]:
        """Every time at which a tour may begin on a day, booked or not."""
        today = self.clock.today()
        if not self.world.open_on(tour.house, day) or not today <= day <= today + timedelta(days=HORIZON):
            return []
        return [at for minute in range(tour.first, tour.last + 1, GRID) if exists(at := wall(day, minute))]

    def tour_day(self, tour: Tour, day: date, language: int | None = None) -> list[tuple[datetime, int]]:
        """The times of the grid at which somebody can still book, each with the people it still takes."""
        if not tour.bookable or not self.has_guide(tour, day, language):
            return []
        now = self.clock.now()
        found = ((at, self._people_left(tour, at)) for at in self.tour_grid(tour, day) if at >= now)
        return [(at, people) for at, people in found if people]

    def tour_bookable(self, tour: Tour, at: datetime, language: int | None = None) -> int:
        """People a tour still takes that begins at an instant; 0 without a guide or off its grid."""
        day = at.astimezone(ZONE).date()
        return next((people for start, people in self.tour_day(tour, day, language) if start == at), 0)

    def has_guide(self, tour: Tour, day: date, language: int | None = None) -> bool:
        """Does a guide work on a day who speaks the language (None: any of the tour)?"""
        known = self.world.languages_of(tour)
        wanted = known if language is None else (language,)
        if not tour.languages_limited:
            return bool(set(wanted) & set(known))
        return any(day.weekday() in tour.guides.get(code, ()) for code in wanted)

    def _people_left(self, tour: Tour, at: datetime) -> int:
        """What every quarter hour of the tour has left; 0 when that is less than a group."""
        usual = _people(tour, at)
        if not usual:
            return 0
        people = min(self.rest((TOURS + tour.id, part), usual) for part in slices(at, tour.duration))
        return people if people >= tour.min_people else 0

    def equipment_left(self, tour: Tour, equipment_id: int, at: datetime) -> int:
        """Pieces that are free during the whole tour; 0 for equipment of other tours."""
        if equipment_id not in tour.equipment:
            return 0
        count = self.world.equipment[equipment_id].count
        parts = [(EQUIPMENT + equipment_id, part) for part in slices(at, tour.duration)]
        return min(self.rest(place, count - dice(*place) * count // 400) for place in parts)

    def draws_of_tour(
        self, tour: Tour, at: datetime, people: int, equipment: dict[int, int]
    ) -> Counter[Place]:
        """What a booking takes from every quarter hour of the tour."""
        draws: Counter[Place] = Counter()
        for part in slices(at, tour.duration):
            draws[TOURS + tour.id, part] += people
            for number, quantity in equipment.items():
                draws[EQUIPMENT + number, part] += quantity
        return draws


def _people(tour: Tour, at: datetime) -> int:
    """Other sales channels have some of the starts, or a part of the group."""
    luck = dice(TOURS + tour.id, at)
    if luck < 25:
        return 0
    return tour.max_people if luck < 85 else tour.max_people - tour.max_people // 3
