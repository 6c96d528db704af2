"""A combined ticket: one price, several entries, each at a time of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.availability import DayAvailability, NotKnown
from catalog.models import Museum, Ticket
from catalog.models.base import pick
from catalog.slots import Draw, free_for
from checkout import limits
from checkout.fields import an_id, counted, counts
from checkout.goods.base import Beside, Good
from checkout.items import ticket_item
from checkout.models import BasketGood
from checkout.places import Days, day_of
from checkout.price_lists import Charge, Terms, single
from checkout.pricing import HIGHEST_COUNT
from checkout.problems import Problem, Refused
from orders.snapshot import Attendee
from shop.api.reading import moment

LONGEST_KEY = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One entry: its ticket, the chosen time as upstream told it, and words that outlive the mirror.

    `title` and `museum` are by language.
    """

    id: int
    key: str
    minutes: int
    title: Mapping[str, str]
    museum: Mapping[str, str]
    address: str

    @property
    def at(self) -> datetime | None:
        return moment(self.key)


class CombinedGood(Good):
    kind = BasketGood.Kind.COMBINED.value

    def __init__(self, ticket: Ticket, number: int, parts: Sequence[Part], key: str = "") -> None:
        self.ticket = ticket
        self.count = number
        self.chosen = tuple(parts)
        self.key = key  # the entry of the main ticket, known when the places of the day are
        self.facts: DayAvailability | None = None

    # --- where it comes from --------------------------------------------------------------------------------

    @classmethod
    def read(cls, data: QueryDict) -> list[Self]:
        """One good for each kind of visitor: `kind-<ticket id>`, or `ticket` and `number`."""
        numbers = counts(data, "kind-")
        if not numbers:
            numbers = {an_id(data.get("ticket")): counted(data.get("number"))}
        tickets = Ticket.objects.with_page().filter(pk__in=numbers, bookable=True)
        found = [ticket for ticket in tickets if ticket.sub_ticket_ids]
        if len(found) < len(numbers):
            raise Refused(_("This ticket is no longer on sale."))
        if not all(numbers.values()):
            raise Refused(_("Please choose how many people are coming."))
        parts = _parts(data, found)
        return [cls(one, numbers[one.pk], [parts[pk] for pk in one.sub_ticket_ids]) for one in found]

    @classmethod
    def restore(cls, row: BasketGood) -> Self:
        assert row.ticket is not None, "held by a constraint"
        kept = row.choice
        return cls(row.ticket, kept["number"], [Part(**part) for part in kept["parts"]], kept["key"])

    def choice(self) -> dict[str, Any]:
        parts = [
            {name: getattr(part, name) for name in ("id", "key", "minutes", "title", "museum", "address")}
            for part in self.chosen
        ]
        return {"number": self.count, "key": self.key, "parts": parts}

    def product(self) -> dict[str, int]:
        return {"ticket_id": self.ticket.pk}

    @property
    def place(self) -> str:
        times = " ".join(f"{part.at:%Y%m%d%H%M%z}" for part in self.chosen if part.at)
        return f"combined {self.ticket.pk} {times}"[:200]

    def joined(self, there: Self) -> Self:
        return self.numbered(self.count + there.count)

    def numbered(self, number: int) -> Self:
        found = type(self)(self.ticket, number, self.chosen, self.key)
        found.facts, found.known, found.stale = self.facts, self.known, self.stale
        return found

    # --- words and numbers ----------------------------------------------------------------------------------

    @property
    def number(self) -> int:
        return self.count

    @property
    def title(self) -> str:
        return self.ticket.title

    @property
    def page(self) -> str:
        words = {f"part-{part.id}": part.key for part in self.chosen}
        if on := self.day:
            words["day"] = on.isoformat()
        words[f"kind-{self.ticket.pk}"] = str(self.count)
        return f"{reverse('catalog:ticket', args=[self.ticket.pk])}?{urlencode(words)}"

    @property
    def starts_at(self) -> datetime | None:
        return min((part.at for part in self.chosen if part.at), default=None)

    @property
    def ends_at(self) -> datetime | None:
        ends = [part.at + timedelta(minutes=part.minutes) for part in self.chosen if part.at]
        return max(ends, default=None)

    def parts(self) -> list[dict[str, Any]]:
        return [
            {
                **_words(part),
                "address": part.address,
                "at": part.at.isoformat() if part.at else "",
                "minutes": part.minutes,
            }
            for part in sorted(self.chosen, key=lambda part: part.at or timezone.now())
        ]

    @property
    def asks_names(self) -> bool:
        return self.ticket.attendees_required

    # --- live facts -----------------------------------------------------------------------------------------

    def ticket_ids(self) -> set[int]:
        return {self.ticket.pk, *(part.id for part in self.chosen)}

    def draws(self) -> list[Draw]:
        own = [Draw(self.ticket.pk, self.key, self.count)] if self.key else []
        return own + [Draw(part.id, part.key, self.count) for part in self.chosen]

    def look(self, days: Days) -> None:
        on = self.day
        found = days.get(on) if on else None
        if found is None:
            raise NotKnown(None)
        self.facts, self.known, self.stale = found, True, found.stale
        self._follow(found)

    def _follow(self, found: DayAvailability) -> None:
        """Upstream's own spelling of every time; the main ticket enters with its first part."""
        entries = []
        for part in self.chosen:
            slot = found.slot(part.key)
            minutes = round((slot.ends_at - slot.at).total_seconds() / 60) if slot else part.minutes
            entries.append(replace(part, key=slot.key, minutes=minutes) if slot else part)
        self.chosen = tuple(entries)
        first = self.starts_at
        offered = [slot for slot in found.slots if self.ticket.pk in slot.per_ticket]
        before = [slot for slot in offered if first and slot.at <= first]
        main = before[-1] if before else next(iter(offered), None)
        self.key = main.key if main else ""

    def problems(self, beside: Beside) -> list[Problem]:
        facts, ticket = self.facts, self.ticket
        assert facts is not None, "judged without facts"
        if (
            ticket.retired_at
            or not ticket.bookable
            or set(ticket.sub_ticket_ids) != {p.id for p in self.chosen}
        ):
            return [Problem("not_bookable", _("This ticket is no longer on sale."))]
        if any(part.at is None or part.at <= timezone.now() for part in self.chosen):
            return [Problem("time_in_past", _("This time has passed."))]
        found = self._times(facts)
        if found or not self.key:
            return found or [Problem("slot_unavailable", _gone(self.title))]
        elsewhere = beside.numbers.get(ticket.pk, 0)
        total = self.count + elsewhere
        if text := limits.kind_problem(ticket, self.title, total):
            above = total > limits.most_of(ticket)
            return [Problem("quantity_above_maximum" if above else "quantity_below_minimum", text)]
        return self._crowded(facts, beside)

    def _times(self, facts: DayAvailability) -> list[Problem]:
        found = []
        for part in self.chosen:
            slot = facts.slot(part.key)
            if slot is None or part.id not in slot.per_ticket:
                found.append(Problem("time_invalid", _gone(pick(dict(part.title)))))
        gap = self.ticket.min_gap_minutes or 0
        times = sorted(part.at for part in self.chosen if part.at)
        if any(second - first < timedelta(minutes=gap) for first, second in pairwise(times)):
            text = _("There must be %(minutes)s minutes between two entries.") % {"minutes": gap}
            found.append(Problem("sub_ticket_times_too_close", text))
        return found

    def _crowded(self, facts: DayAvailability, beside: Beside) -> list[Problem]:
        taken = list(beside.draws)
        for draw in self.draws():
            left = free_for(facts.quota_days, draw.ticket_id, draw.key, taken)
            if left < draw.quantity:
                return [Problem("sold_out", limits.too_few_places(draw.quantity, left))]
            taken.append(draw)
        return []

    # --- the order ------------------------------------------------------------------------------------------

    def charges(self) -> tuple[Charge, ...]:
        ticket = self.ticket
        unit = ticket.dynamic_prices.get(self.key, ticket.price_cents)
        terms = Terms(ticket.discount, ticket.vat_bp, ticket.tax_included)
        return single(unit, min(self.count, HIGHEST_COUNT), terms)

    @property
    def discount(self) -> int:
        return self.ticket.discount

    def payload(self, people: Sequence[Attendee]) -> dict[str, Any]:
        times = {part.id: part.key for part in self.chosen}
        return ticket_item(self.ticket.pk, self.key, self.count, people, times)

    def after_sale(self) -> str:
        return self.ticket.after_sale_information


def _words(part: Part) -> dict[str, str]:
    """Many parts are called after their house: that is said once."""
    title, museum = pick(dict(part.title)), pick(dict(part.museum))
    return {"title": museum if museum and title.startswith(museum) else title, "museum": museum}


def _gone(title: str) -> str:
    return _("%(kind)s: not offered at this time.") % {"kind": title}


def _parts(data: QueryDict, mains: Sequence[Ticket]) -> dict[int, Part]:
    """The entries chosen for all parts of these tickets, by the part's id. Raises Refused when one is missing."""
    wanted = {pk for main in mains for pk in main.sub_ticket_ids}
    rows = {row.pk: row for row in Ticket.objects.live().filter(pk__in=wanted).prefetch_related("museums")}
    keys = {pk: data.get(f"part-{pk}", "").strip()[:LONGEST_KEY] for pk in rows}
    if rows.keys() != wanted:
        raise Refused(_("This ticket is no longer on sale."))
    missing = [rows[pk].title for pk, key in keys.items() if day_of(key) is None]
    if missing:
        raise Refused(_("Please choose a time for: %(parts)s.") % {"parts": ", ".join(missing)})
    if len({day_of(key) for key in keys.values()}) > 1:
        raise Refused(_("All entries of a combined ticket are on one day."))
    return {pk: _part(rows[pk], key) for pk, key in keys.items()}


def _part(ticket: Ticket, key: str) -> Part:
    houses: list[Museum] = list(ticket.museums.all())[:1]
    return Part(
        id=ticket.pk,
        key=key,
        minutes=ticket.entry_duration or 0,
        title=ticket.titles,
        museum=houses[0].titles if houses else {},
        address=houses[0].address if houses else ticket.address,
    )
