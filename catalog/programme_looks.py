"""How a party fits into an event or a tour, as far as the mirror tells: when, and from which price on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from catalog.choosing import part_of
from catalog.directory import Entry, Showing
from catalog.looking import Fit
from catalog.models import Tour
from catalog.seeking import Seek


@dataclass(frozen=True, slots=True)
class Programme:
    """One event or tour. `showing` is the first date that may take the party; `cents` what it pays at least."""

    entry: Entry
    fit: Fit
    showing: Showing | None = None
    cents: int | None = None
    takes_party: bool = False  # nobody has asked for its places yet

    @property
    def at(self) -> datetime | None:
        return self.showing.at if self.showing else None

    @property
    def title(self) -> str:
        return self.entry.offer.title if self.entry.offer else ""


def look_at_programme(entry: Entry, seek: Seek) -> Programme | None:
    """How the party fits into an event or a tour on the day; None if there is nothing to be said about it."""
    if isinstance(entry.offer, Tour):
        return _tour(entry, entry.offer, seek)
    return _event(entry, seek)


def _event(entry: Entry, seek: Seek) -> Programme | None:
    now = timezone.now()
    to_come = [one for one in entry.dates if one.at > now]
    this_day = [one for one in to_come if _day(one) == seek.day and _in_part(one, seek)]
    for showing in this_day:
        if _takes(showing, seek):
            return Programme(entry, Fit.ON_ITS_PAGE, showing, _cents(showing, seek))
    if this_day:
        return Programme(entry, Fit.FULL, this_day[0])
    later = next((one for one in to_come if _day(one) > seek.day and _takes(one, seek)), None)
    return Programme(entry, Fit.OTHER_DAY, later, _cents(later, seek)) if later and seek.narrowed else None


def _tour(entry: Entry, tour: Tour, seek: Seek) -> Programme:
    most, least = tour.max_participants, tour.min_participants
    fits = (most is None or seek.party.total <= most) and (least is None or seek.party.total >= least)
    return Programme(entry, Fit.ON_ITS_PAGE if fits else Fit.FULL)


def _takes(showing: Showing, seek: Seek) -> bool:
    return showing.least <= seek.party.total <= (showing.most or seek.party.total)


def _cents(showing: Showing, seek: Seek) -> int | None:
    return None if showing.price_from is None else showing.price_from * seek.party.total


def _day(showing: Showing) -> date:
    return timezone.localtime(showing.at).date()


def _in_part(showing: Showing, seek: Seek) -> bool:
    return seek.part_index in {None, part_of(showing.at)}
