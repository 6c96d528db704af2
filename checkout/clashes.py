"""Visits that hardly go together: at the same time, or too little time for the way. Notes, never refusals. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody must be at `museum` from `begins` to `ends`; of an entry that is the time to enter within.

    `owner`: the line it belongs to; the entries of one line are no business of ours. `guided`: it goes by the clock
    from beginning to end, as a tour does.
    """

    owner: str
    title: str
    museum: str
    begins: datetime
    ends: datetime
    guided: bool

    @property
    def where(self) -> str:
        return f"{self.title} ({self.museum})" if self.museum and self.museum != self.title else self.title


@dataclass(frozen=True, slots=True)
class Clash:
    """Two stays and the whole minutes between them, None where they overlap."""

    first: Stay
    second: Stay
    minutes: int | None

    @property
    def text(self) -> str:
        """The note, in the active language."""
        words = {"first": self.first.where, "second": self.second.where, "minutes": self.minutes}
        if self.minutes is None:
            return _("“%(first)s” and “%(second)s” are at the same time.") % words
        if self.minutes == 0:
            return _("There is no time between “%(first)s” and “%(second)s”.") % words
        return (
            ngettext(
                "There is only %(minutes)s minute between “%(first)s” and “%(second)s”.",
                "There are only %(minutes)s minutes between “%(first)s” and “%(second)s”.",
                self.minutes,
            )
            % words
        )


def between(stays: Iterable[Stay]) -> list[Clash]:
    """Every two stays that overlap or leave less than the way between two museums needs, earliest first."""
    found = [
        clash
        for one, other in combinations(sorted(stays, key=lambda stay: (stay.begins, stay.ends)), 2)
        if (clash := _clash(one, other, timedelta(minutes=settings.TRAVEL_MINUTES)))
    ]
    return sorted(found, key=lambda clash: (clash.second.begins, clash.first.begins))


def _clash(first: Stay, second: Stay, way: timedelta) -> Clash | None:
    """`first` does not begin after `second`. In one house only what goes by the clock can be missed."""
    if first.owner == second.owner:
        return None
    overlap = second.begins < first.ends or second.begins == first.begins
    if first.museum == second.museum:
        return Clash(first, second, None) if overlap and first.guided and second.guided else None
    if overlap:
        return Clash(first, second, None)
    gap = second.begins - first.ends
    return Clash(first, second, int(gap.total_seconds()) // 60) if gap < way else None
