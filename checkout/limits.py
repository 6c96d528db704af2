"""How many people one order may hold, said in sentences. Pure; the places left are another question."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Ticket
from checkout.pricing import HIGHEST_COUNT

MOST_LINES = 100
MOST_OF_A_KIND = 100  # where the museum sets no limit
MOST_NAMES = 200  # that a buyer can be asked to type


def most_of(ticket: Ticket) -> int:
    """Return the largest number of one kind in an order, all its times together."""
    return min(ticket.max_persons or MOST_OF_A_KIND, HIGHEST_COUNT)


def kind_problem(ticket: Ticket, name: str, number: int) -> str:
    """Say why an order may not hold `number` of this kind (all its times together); empty if it may."""
    most, least = most_of(ticket), ticket.min_persons
    if number > most:
        return at_most(name, most)
    return at_least(name, least) if number < least else ""


def at_most(name: str, number: int) -> str:
    """Say that an order holds no more of these."""
    return _("%(kind)s: at most %(number)s per order.") % {"kind": name, "number": number}


def at_least(name: str, number: int) -> str:
    """Say that an order holds no fewer of these."""
    return _("%(kind)s: at least %(number)s per order.") % {"kind": name, "number": number}


def names_problem(numbers: Iterable[tuple[Ticket, int]]) -> str:
    """Say that there are more names to ask for than one order can carry; empty if there are not."""
    return too_many_names(sum(number for ticket, number in numbers if ticket.attendees_required))


def too_many_names(number: int) -> str:
    """Say that so many names are too many for one order; empty if they are not."""
    if number <= MOST_NAMES:
        return ""
    return _("Tickets with names: at most %(number)s per order.") % {"number": MOST_NAMES}


def too_few_places(wanted: int, left: int) -> str:
    """Say that `left` places are not enough for `wanted` people."""
    if not left:
        return _("No places are left at this time beside what is in your basket.")
    return ngettext(
        "%(wanted)s people, but only %(left)s place is left at this time.",
        "%(wanted)s people, but only %(left)s places are left at this time.",
        left,
    ) % {"wanted": wanted, "left": left}


def just_taken(name: str) -> str:
    """Say that the places were there a moment ago."""
    return _("%(kind)s: somebody else has just taken these places. Please choose another time.") % {
        "kind": name
    }


def totals(numbers: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """Add up (ticket id, number) by ticket."""
    sums: dict[int, int] = {}
    for ticket_id, number in numbers:
        sums[ticket_id] = sums.get(ticket_id, 0) + number
    return sums
