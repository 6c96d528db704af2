"""A guided tour for one group, at a start the visitor chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import tour_times
from catalog.models import Museum, Tour
from catalog.tour_bill import divide
from catalog.tour_times import TourOffer
from checkout import price_lists
from checkout.fields import an_id
from checkout.goods.base import Beside, Good
from checkout.goods.tour_choice import TourChoice
from checkout.goods.tour_problems import of_equipment, of_people, of_prices
from checkout.items import tour_item
from checkout.limits import MOST_OF_A_KIND
from checkout.models import BasketGood
from checkout.places import Days
from checkout.price_lists import Charge, Row
from checkout.problems import Problem, Refused
from orders.snapshot import Attendee
from shop.api import records


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
        return [cls(tour, TourChoice.read(data, tour))]

    @classmethod
    def restore(cls, row: BasketGood) -> Self:
        assert row.tour is not None, "held by a constraint"
        return cls(row.tour, TourChoice.from_json(row.choice))

    def choice(self) -> dict[str, Any]:
        return self.chosen.as_json()

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
        return self.chosen.starts_at

    @property
    def ends_at(self) -> datetime | None:
        minutes = self.tour.duration
        return self.starts_at + timedelta(minutes=minutes) if self.starts_at and minutes else None

    @property
    def page(self) -> str:
        return f"{reverse('catalog:tour', args=[self.tour.pk])}?{self.chosen.wish.query()}"

    def details(self) -> list[str]:
        return self.chosen.details(self.tour)

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
        return of_prices(self.chosen, prices) or [
            *of_people(self.tour, self.number, start),
            *of_equipment(self.tour, self.chosen, self.facts.equipment),
        ]

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
