"""Filters of the catalogue's pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from catalog import seeking
from catalog.attending import Wish
from catalog.choosing import PARTS, Choice
from catalog.combined_choosing import CombinedChoice
from catalog.combined_places import Way
from catalog.combining import PartSlot
from catalog.event_seeking import EventSeek
from catalog.filters import KIND_NAMES
from catalog.finding import Found
from catalog.links import Kind, page_url
from catalog.models import Event, Ticket, Tour
from catalog.naming import split_titles
from catalog.party import Party
from catalog.prices import gross
from catalog.programme_looks import Programme
from catalog.seeking import Seek
from shop.templatetags.vitrine import clock, shortday

register = template.Library()


@register.filter
def family_title(tickets: Sequence[Ticket]) -> str:
    """What all kinds of a visit have in common."""
    title, names = split_titles([ticket.title for ticket in tickets])
    return title or names[0]


@register.filter
def kind_names(tickets: Sequence[Ticket]) -> list[str]:
    """The kinds of a visit, each by what sets it apart."""
    return split_titles([ticket.title for ticket in tickets])[1]


@register.filter
def party_query(choice: Choice) -> str:
    """What was chosen so far, to be carried along in a link."""
    instead = f"&instead={choice.instead}" if choice.instead else ""
    return instead + "".join(f"&q-{kind.ticket.pk}={kind.chosen}" for kind in choice.kinds if kind.chosen)


@register.filter
def combined_party(choice: CombinedChoice) -> str:
    """Who is coming on a combined ticket, to be carried along in a link."""
    return f"&{choice.wish.query()}"


@register.simple_tag
def combined_query(
    choice: CombinedChoice,
    *,
    day: date | None = None,
    slot: PartSlot | None = None,
    without: int = 0,
    way: Way | None = None,
) -> str:
    """The choice with a new day (no times yet), one time more or less, or all times of a way."""
    if day is not None:
        return choice.wish.query(day=day)
    if way is not None:
        return choice.wish.query(day=way.day, times=way.keys)
    times = {visit.part.pk: visit.chosen.key for visit in choice.chosen if visit.chosen}
    times |= {slot.part: slot.key} if slot else {}
    times.pop(without, None)
    return choice.wish.query(day=choice.day, times=times)


@register.simple_tag
def combined_times(choice: CombinedChoice, way: Way) -> str:
    """ "10:00 House of Vessels, 11:30 Cabinet", with its day before it where it is another one."""
    titles = {visit.part.pk: visit.part.title for visit in choice.visits}
    times = ", ".join(f"{clock(at)} {titles[part]}" for part, at in way.times.items())
    return times if way.day == choice.day else f"{shortday(way.day)}: {times}"


@register.simple_tag
def find_url(seek: Seek, **changes: Any) -> str:
    """The address of a search, with something changed."""
    return f"{reverse('catalog:find')}?{seek.query(**changes)}"


@register.simple_tag
def events_url(seek: EventSeek, **changes: Any) -> str:
    """The address of a list of events, with something changed."""
    query = seek.query(**changes)
    return reverse("catalog:events") + (f"?{query}" if query else "")


@register.simple_tag
def loosened_url(seek: EventSeek, name: str) -> str:
    """The address of the same list without one condition."""
    without: dict[str, Any] = {"text": {"text": ""}, "days": {"start": None, "end": None}}
    return events_url(seek, **without.get(name, {name: 0}))


@register.filter
def scale_field(scale_id: int) -> str:
    """The name of the field that counts people at a scale price."""
    return f"scale-{scale_id}"


@register.filter
def carried(wish: Wish) -> str:
    """Numbers of people chosen so far, to be carried along in a link to another date."""
    return wish.query()


@register.simple_tag
def looser_url(seek: Seek, name: str) -> str:
    """The address of a search with nothing chosen of one filter."""
    return f"{reverse('catalog:find')}?{seek.without(name).query()}"


@register.simple_tag
def all_url(seek: Seek) -> str:
    """The address of a search for everything of its day and party."""
    return f"{reverse('catalog:find')}?{seek.query(text='', museum=0, kind='', terms=())}"


@register.filter
def visit_url(found: Found, seek: Seek) -> str:
    """The page of a visit with the day, the time if one is known, and the numbers already chosen."""
    if isinstance(found, Programme):
        offer = cast(Event | Tour, found.entry.offer)
        day = timezone.localtime(found.at).date() if found.at else seek.day
        return page_url(found.entry.kind, offer.pk, {"day": day})
    time = {"time": found.slot.key} if found.slot else {}
    party = {f"q-{pk}": number for pk, number in (found.seating or {}).items()}
    query = {"day": seek.day, **time, **party}
    return page_url(Kind.TICKET, found.family[0].pk, query, "who" if time else "day")


@register.filter
def kind_word(kind: Kind) -> Promise:
    """What a visit is, in a word."""
    return KIND_NAMES[kind]


@register.filter
def party_words(party: Party) -> str:
    """2 adults, 1 child."""
    return seeking.party_words(party)


@register.filter
def part_word(part: str) -> Promise:
    """Morning, of its name in addresses."""
    return PARTS[seeking.PART_NAMES.index(part)][1]


@register.filter
def price_at(ticket: Ticket, key: str) -> int:
    """Gross cents of one at an entry time."""
    return ticket.gross_at(key)


@register.filter
def undiscounted(ticket: Ticket) -> int:
    """Gross cents of one before the discount."""
    return gross(ticket.price_cents, discount=0, vat_bp=ticket.vat_bp, tax_included=ticket.tax_included)
