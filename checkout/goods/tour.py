"""A guided tour for one group, at a start the visitor chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import tour_times
from catalog.models import Museum, Term, Tour
from catalog.models.base import pick
from catalog.tour_bill import divide
from catalog.tour_times import TourOffer
from catalog.tour_wish import TourWish
from checkout import price_lists
from checkout.fields import an_id, counted, counts
from checkout.goods.base import Beside, Good
from checkout.items import tour_item
from checkout.limits import MOST_OF_A_KIND, at_least, at_most
from checkout.models import BasketGood
from checkout.places import Days, day_of
from checkout.price_lists import Charge, Row
from checkout.problems import Problem, Refused
from orders.snapshot import Attendee
from shop.api import records
from shop.api.reading import moment

LONGEST_KEY = 40


@dataclass(frozen=True, slots=True)
class TourChoice:
    """`people`: all who come; 0: those of `scales`. `surcharges`: all that are charged, None: it has none.

    `scales` where the tour has scale prices; who is named in none of them pays the dearest.

    `language`, `age_group`: their names by language, as they were when they were chosen.
    """

    start: str
    language_id: int
    age_group_id: int | None = None
    grade_id: int | None = None
    people: int = 0
    scales: Mapping[int, int] | None = None
    surcharges: Mapping[int, int] | None = None
    equipment: Mapping[int, int] = field(default_factory=dict)
    language: Mapping[str, str] = field(default_factory=dict)
    age_group: Mapping[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return self.people or sum((self.scales or {}).values())


class TourGood(Good):
    kind = BasketGood.Kind.TOUR.value

    def __init__(self, tour: Tour, chosen: TourChoice) -> None:
        self.tour = tour
        self.chosen = chosen
        self.facts: TourOffer | None = None

    # --- where it comes from --------------------------------------------------------------------------------

    @classmethod
    def read(cls, data: QueryDict) -> list[Self]:
        tour = Tour.objects.live().select_related("museum").filter(pk=an_id(data.get("tour"))).first()
        if tour is None or not tour.bookable:
            raise Refused(_("This tour is no longer on sale."))
        words = {term.pk: term for term in tour.tags.all()}
        language, age_group = _language(data, words), _age_group(data, words)
        start = data.get("start", "").strip()[:LONGEST_KEY]
        if day_of(start) is None:
            raise Refused(_("Please choose a day and a time."))
        scales = counts(data, "scale-")
        people = counted(data.get("people"))
        if not (scales or people):
            raise Refused(_("Please choose how many people are coming."))
        chosen = TourChoice(
            start=start,
            language_id=language.remote_id,
            age_group_id=age_group.remote_id if age_group else None,
            grade_id=_grade(data, words),
            people=people,
            scales=scales or None,
            surcharges=counts(data, "surcharge-"),
            equipment=counts(data, "equipment-"),
            language=language.titles,
            age_group=age_group.titles if age_group else {},
        )
        return [cls(tour, chosen)]

    @classmethod
    def restore(cls, row: BasketGood) -> Self:
        assert row.tour is not None, "held by a constraint"
        kept = dict(row.choice)
        for name in ("scales", "surcharges", "equipment"):
            if kept.get(name) is not None:
                kept[name] = {int(key): number for key, number in kept[name].items()}
        return cls(row.tour, TourChoice(**kept))

    def choice(self) -> dict[str, Any]:
        chosen = self.chosen
        kept: dict[str, Any] = {
            name: getattr(chosen, name)
            for name in (
                "start",
                "language_id",
                "age_group_id",
                "grade_id",
                "people",
                "language",
                "age_group",
            )
        }
        for name in ("scales", "surcharges", "equipment"):
            numbers = getattr(chosen, name)
            kept[name] = None if numbers is None else {str(key): n for key, n in numbers.items()}
        return kept

    def product(self) -> dict[str, int]:
        return {"tour_id": self.tour.pk}

    @property
    def place(self) -> str:
        return f"tour {self.tour.pk} {self.starts_at.isoformat() if self.starts_at else ''}"

    # --- words and numbers ----------------------------------------------------------------------------------

    @property
    def number(self) -> int:
        return self.chosen.number

    @property
    def title(self) -> str:
        return self.tour.title

    @property
    def museum(self) -> Museum | None:
        return self.tour.museum

    @property
    def starts_at(self) -> datetime | None:
        return moment(self.chosen.start)

    @property
    def ends_at(self) -> datetime | None:
        minutes = self.tour.duration
        return self.starts_at + timedelta(minutes=minutes) if self.starts_at and minutes else None

    @property
    def page(self) -> str:
        chosen = self.chosen
        wish = TourWish(
            language=chosen.language_id,
            age_group=chosen.age_group_id,
            grade=chosen.grade_id,
            people=self.number,
            start=chosen.start,
            scales=chosen.scales or {},
            surcharges=chosen.surcharges or {},
            equipment=chosen.equipment,
        )
        return f"{reverse('catalog:tour', args=[self.tour.pk])}?{wish.query()}"

    def details(self) -> list[str]:
        chosen = self.chosen
        told = [_("Language: %(language)s") % {"language": pick(dict(chosen.language))}]
        if age_group := pick(dict(chosen.age_group)):
            told.append(_("Age group: %(name)s") % {"name": age_group})
        names = {one["id"]: pick(one["titles"]) for one in self.tour.equipment}
        told += [f"{number} × {names.get(key) or key}" for key, number in chosen.equipment.items() if number]
        return told

    # --- live facts -----------------------------------------------------------------------------------------

    def look(self, days: Days) -> None:  # noqa: ARG002
        chosen = self.chosen
        self.facts = tour_times.offer(
            self.tour,
            chosen.start,
            language=chosen.language_id,
            people=min(chosen.number, MOST_OF_A_KIND),
            with_equipment=bool(chosen.equipment),
        )
        self.known, self.stale = True, self.facts.stale
        self.follow()

    def follow(self) -> None:
        """The start in upstream's own spelling, who pays which price, and what nobody is asked about."""
        assert self.facts is not None
        start, prices = self.facts.start, self.facts.prices
        if start is None or prices is None:
            return
        known = price_lists.surcharges(prices.prices)
        wanted = {key: n for key, n in (self.chosen.surcharges or {}).items() if not _is_due(known.get(key))}
        due = {key: price_lists.times(price, self.number) for key, price in known.items() if _is_due(price)}
        self.chosen = replace(
            self.chosen,
            start=start.key,
            scales=self._divided(prices),
            surcharges={**due, **wanted} if known or wanted else None,
        )

    def problems(self, beside: Beside) -> list[Problem]:  # noqa: ARG002
        assert self.facts is not None, "judged without facts"
        start, prices = self.facts.start, self.facts.prices
        if self.tour.retired_at or not self.tour.bookable:
            return [Problem("not_bookable", _("This tour is no longer on sale."))]
        if self.starts_at and self.starts_at <= timezone.now():
            return [Problem("time_in_past", _("This time has passed."))]
        if start is None:
            return [
                Problem("time_invalid", _("This time cannot be booked any more. Please choose another one."))
            ]
        if prices is None or not prices.bookable or not price_lists.is_sound(prices.prices, prices.discount):
            return [Problem("not_bookable", _("This tour cannot be booked any more."))]
        found = self._unclear(prices) + self._surcharges(prices)
        if found:
            return found
        return self._crowded(start) + self._equipment()

    def charges(self) -> tuple[Charge, ...]:
        assert self.facts is not None, "priced without facts"
        assert self.facts.prices is not None, "priced without a price list"
        prices = self.facts.prices
        return price_lists.charges(self._rows(prices), price_lists.terms_of(prices))

    @property
    def discount(self) -> int:
        return self.facts.prices.discount if self.facts and self.facts.prices else 0

    def payload(self, people: Sequence[Attendee]) -> dict[str, Any]:  # noqa: ARG002
        chosen = self.chosen
        return tour_item(
            self.tour.pk,
            chosen.start,
            chosen.language_id,
            chosen.age_group_id,
            grade_id=chosen.grade_id,
            number=None if chosen.scales else chosen.people,
            scales=chosen.scales,
            surcharges=chosen.surcharges,
            equipment=chosen.equipment,
        )

    # --- inside ---------------------------------------------------------------------------------------------

    def _divided(self, prices: records.TourPrices) -> Mapping[int, int] | None:
        """People by price; as it was chosen where that does not add up, which `problems` tells."""
        chosen = self.chosen.scales
        scales = price_lists.scales(prices.prices)
        if not scales or set(chosen or {}) - set(scales):
            return chosen
        return divide(prices, self.number, chosen or {}) or chosen

    def _unclear(self, prices: records.TourPrices) -> list[Problem]:
        scales = price_lists.scales(prices.prices)
        chosen = self.chosen.scales or {}
        if set(chosen) - set(scales):
            return [
                Problem("unknown_scale_price", _("This price is no longer offered. Please choose again."))
            ]
        if scales and sum(chosen.values()) != self.number:
            return [Problem("scale_price_required", _("Please choose how many people come at which price."))]
        return []

    def _surcharges(self, prices: records.TourPrices) -> list[Problem]:
        known = price_lists.surcharges(prices.prices)
        found = []
        for key, number in (self.chosen.surcharges or {}).items():
            price = known.get(key)
            if price is None:
                text = _("A surcharge you chose is no longer offered. Please choose again.")
                found.append(Problem("unknown_surcharge", text))
            elif number > price_lists.times(price, self.number):
                name = pick(price.title.as_dict())
                most = price_lists.times(price, self.number)
                found.append(Problem("surcharge_quantity", at_most(name, most)))
        return found

    def _crowded(self, start: records.StartTime) -> list[Problem]:
        people = self.number
        most = start.max_participants if start.max_participants is not None else MOST_OF_A_KIND
        left = start.bookable_participants
        if people > min(most, MOST_OF_A_KIND):
            return [Problem("quantity_above_maximum", at_most(self.title, most))]
        if people < start.min_participants:
            return [Problem("quantity_below_minimum", at_least(self.title, start.min_participants))]
        if left is not None and people > left:
            text = ngettext(
                "Only %(left)s place is left on this tour.",
                "Only %(left)s places are left on this tour.",
                left,
            )
            return [Problem("sold_out", text % {"left": left})]
        return []

    def _equipment(self) -> list[Problem]:
        assert self.facts is not None
        names = {one["id"]: pick(one["titles"]) for one in self.tour.equipment}
        return [
            Problem(
                "equipment_unavailable",
                _("%(name)s: only %(left)s left at this time.")
                % {"name": names.get(key) or key, "left": self.facts.equipment.get(key, 0)},
            )
            for key, number in self.chosen.equipment.items()
            if number > self.facts.equipment.get(key, 0)
        ]

    def _rows(self, prices: records.TourPrices) -> list[Row]:
        scales = price_lists.scales(prices.prices)
        base = (
            price_lists.chosen_rows(scales, self.chosen.scales or {})
            if scales
            else price_lists.flat_rows(prices.prices, self.number)
        )
        extra = price_lists.surcharges(prices.prices)
        # A surcharge stands in the order by how often it is charged, a price by who chose it.
        return base + price_lists.chosen_rows(extra, self.chosen.surcharges or {})


def _is_due(price: records.Price | None) -> bool:
    return price is not None and not price.optional


def _language(data: QueryDict, words: Mapping[str, Term]) -> Term:
    offered = [term for term in words.values() if term.kind == Term.Kind.LANGUAGES]
    wanted = an_id(data.get("language"))
    found = next((term for term in offered if term.remote_id == wanted), None)
    if found is None:
        raise Refused(_("Please choose a language the tour is held in."))
    return found


def _age_group(data: QueryDict, words: Mapping[str, Term]) -> Term | None:
    """Needed where the tour lists any."""
    offered = [term for term in words.values() if term.kind == Term.Kind.AGE_GROUPS]
    wanted = an_id(data.get("age_group"))
    found = next((term for term in offered if term.remote_id == wanted), None)
    if found is None and offered:
        raise Refused(_("Please choose an age group."))
    return found


def _grade(data: QueryDict, words: Mapping[str, Term]) -> int | None:
    """Only if the visitor says one of those the tour is for."""
    wanted = an_id(data.get("grade"))
    offered = [term.remote_id for term in words.values() if term.kind == Term.Kind.GRADES]
    return wanted if wanted in offered else None
