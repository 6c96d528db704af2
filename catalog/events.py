"""Events and their dates as the pages read them from the mirror: a fixed small number of queries, no call upstream.

Pages of a retired or unknown row raise `DoesNotExist` of the model. Dates are those that have not begun yet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Event, EventDate, Exhibition, MirrorQuerySet, Museum, Picture, Term

AUDIENCES, AGE_GROUPS = Term.Kind.AUDIENCES.value, Term.Kind.AGE_GROUPS.value
NAMED_BY = (Term.Kind.CATEGORIES.value, Term.Kind.LANGUAGES.value, AUDIENCES, AGE_GROUPS)
HEAVY = ("descriptions", "contents")
TOLD: dict[str, Promise] = {
    Term.Kind.LANGUAGES.value: _("Languages"),
    AUDIENCES: _("For"),
    AGE_GROUPS: _("Age"),
    Term.Kind.GRADES.value: _("School grades"),
    Term.Kind.DISABLEMENTS.value: _("Barrier-free offers"),
}


class Fact(NamedTuple):
    """One event in one language. `first`, `number`, `price_from` (gross cents) are of its dates within a span.

    `before` and `after` are its nearest dates outside of it. None: there is none, or it is not told.
    """

    event_id: int
    museum_id: int | None
    category_id: str | None
    language_id: str | None
    first: datetime | None
    number: int
    price_from: int | None
    before: datetime | None
    after: datetime | None


class DayFact(NamedTuple):
    """One event in one language on one day."""

    event_id: int
    museum_id: int | None
    category_id: str | None
    language_id: str | None
    day: date


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event with its next date and the number of dates after that."""

    event: Event
    museum: Museum | None
    picture: Picture | None
    first: datetime
    more: int
    price_from: int | None


@dataclass(frozen=True, slots=True)
class EventPage:
    """`months` are first days of months that have dates, with their number; `tags` words by their kind."""

    event: Event
    museum: Museum | None
    exhibition: Exhibition | None
    picture: Picture | None
    tags: Mapping[str, Sequence[Term]]
    months: tuple[tuple[date, int], ...]
    coming: tuple[EventDate, ...]  # the next few

    @property
    def words(self) -> list[tuple[Promise, list[str]]]:
        """What is worth telling of its tags: the kind and the words."""
        return [
            (word, [term.title for term in self.tags[kind]])
            for kind, word in TOLD.items()
            if kind in self.tags
        ]


def facts(start: datetime, end: datetime) -> list[Fact]:
    """What the coming dates of all events say, seen from the span between two instants."""
    inside = Q(start_time__gte=start, start_time__lt=end)
    rows = _coming().values_list("event_id", "event__museum_id", "event__category_id", "language_id")
    told = rows.annotate(
        first=Min("start_time", filter=inside),
        number=Count("id", filter=inside),
        price=Min("price_from", filter=inside & Q(bookable=True)),
        before=Max("start_time", filter=Q(start_time__lt=start)),
        after=Min("start_time", filter=Q(start_time__gte=end)),
    )
    return [Fact(*row) for row in told]


def days(first: date) -> list[DayFact]:
    """On which days of the month that begins with `first` there are which events."""
    start, end = midnight(first), midnight((first + timedelta(days=31)).replace(day=1))
    inside = (
        _coming().filter(start_time__gte=start, start_time__lt=end).annotate(at_day=TruncDate("start_time"))
    )
    columns = ("event_id", "event__museum_id", "event__category_id", "language_id", "at_day")
    return [DayFact(*row) for row in inside.values_list(*columns).distinct()]


def tags() -> dict[int, set[str]]:
    """The audiences and age groups of all events, by event."""
    links = Event.tags.through.objects.filter(term__kind__in=(AUDIENCES, AGE_GROUPS))
    found: dict[int, set[str]] = {}
    for event_id, term_id in links.values_list("event_id", "term_id"):
        found.setdefault(event_id, set()).add(term_id)
    return found


def terms() -> dict[str, Term]:
    """The words to choose events by, by their id."""
    return Term.objects.live().filter(kind__in=NAMED_BY).only("kind", "remote_id", "titles").in_bulk()


def museums() -> dict[int, Museum]:
    """All museums, by their id."""
    return Museum.objects.live().defer("descriptions").in_bulk()


def titled(ids: Collection[int] | None = None) -> dict[int, Event]:
    """These live events (None: all) with pictures and without long texts, by their id."""
    found = Event.objects.live().select_related("picture").defer(*HEAVY)
    return found.in_bulk() if ids is None else found.in_bulk(ids)


def soon(
    most: int, *, museum: Museum | None = None, exhibition: Exhibition | None = None
) -> tuple[EventCard, ...]:
    """The events whose next dates come soonest, of a museum or an exhibition if one is given; one query."""
    dates = EventDate.objects.coming().filter(event=OuterRef("pk")).order_by().values("event")
    found = Event.objects.live().select_related("picture", "museum")
    if museum:
        found = found.filter(museum=museum)
    if exhibition:
        found = found.filter(exhibition=exhibition)
    told = found.annotate(
        first=Subquery(dates.annotate(first=Min("start_time")).values("first")),
        number=Subquery(dates.annotate(number=Count("id")).values("number")),
        price=Subquery(dates.filter(bookable=True).annotate(price=Min("price_from")).values("price")),
    )
    rows = told.exclude(first=None).defer(*HEAVY, "museum__descriptions").order_by("first", "pk")[:most]
    return tuple(card(row, _live(row.museum), row.first, row.number, row.price) for row in rows)


def card(
    event: Event, museum: Museum | None, first: datetime, number: int, price_from: int | None
) -> EventCard:
    """The card of an event with so many dates from `first` on."""
    return EventCard(event, museum, fetched(event.picture), first, number - 1, price_from)


def event_page(event_id: int) -> EventPage:
    """One event with its house, words and months. Raises Event.DoesNotExist."""
    related = ("picture", "museum", "museum__picture", "exhibition", "category")
    event = Event.objects.live().select_related(*related).get(pk=event_id)
    museum = _live(event.museum)
    words: dict[str, list[Term]] = {}
    for term in event.tags.filter(retired_at=None):
        if term.title:
            words.setdefault(term.kind, []).append(term)
    coming = EventDate.objects.coming().filter(event=event)
    months = coming.order_by().annotate(month=TruncMonth("start_time")).values_list("month")
    return EventPage(
        event=event,
        museum=museum,
        exhibition=_live(event.exhibition),
        picture=fetched(event.picture) or fetched(museum.picture if museum else None),
        tags=words,
        months=tuple(
            (timezone.localtime(month).date(), number)
            for month, number in months.annotate(number=Count("id")).order_by("month")
        ),
        coming=tuple(coming.select_related("language")[:10]),
    )


def dates_of(event_id: int, first: date, end: date) -> tuple[EventDate, ...]:
    """The coming dates of an event from the day `first` to before the day `end`, soonest first."""
    found = EventDate.objects.coming().filter(
        event_id=event_id, start_time__gte=midnight(first), start_time__lt=midnight(end)
    )
    return tuple(found.select_related("language"))


def date_of(event_id: int, date_id: int) -> EventDate:
    """One coming date of an event. Raises EventDate.DoesNotExist."""
    found = EventDate.objects.coming().select_related("language", "event", "museum", "event__museum")
    date_: EventDate = found.filter(event__retired_at=None).get(pk=date_id, event_id=event_id)
    return date_


def midnight(day: date) -> datetime:
    """The instant a day begins at the venue."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def fetched(picture: Picture | None) -> Picture | None:
    """The picture, once there is one."""
    return picture if picture and picture.width else None


def _coming() -> MirrorQuerySet[EventDate]:
    return EventDate.objects.coming().filter(event__retired_at=None).order_by()


H = TypeVar("H", Museum, Exhibition)


def _live(row: H | None) -> H | None:
    return row if row and row.on_offer else None
