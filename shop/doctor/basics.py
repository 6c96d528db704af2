"""What the shop cannot do without: address, key, clock, languages, money, time zone, lists, something to sell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from shop.api import Gomus, errors
from shop.api.records import Version
from shop.doctor.findings import Finding, broken, ok, warning
from shop.doctor.trouble import explained, wrong_key

PAGE = 100
CLOCK_DOUBTFUL = timedelta(seconds=30)
CLOCK_WRONG = timedelta(minutes=5)  # as long as a hold lasts
SELLERS = frozenset({"reseller", "cashpoint", "user"})


@dataclass(frozen=True, slots=True)
class Patient:
    """The ticket system under examination and what it says about itself."""

    gomus: Gomus
    address: str
    version: Version


Check = Callable[[Patient], Finding]


def meet(gomus: Gomus, address: str) -> tuple[Finding, Patient | None]:
    """Say whether a go~mus answers at all; without a patient there is nothing more to examine."""
    try:
        version = gomus.catalogue.version()
    except errors.GomusError as error:
        check = "key" if isinstance(error, errors.Unauthorized) else "address"
        return explained(check, error, address), None
    if not (version.api or version.currency or version.time):
        said = f"{address} answers, but says neither its version nor its time."
        return broken("address", said, "Put the address of the go~mus installation into GOMUS_URL."), None
    said = f"{address} is go~mus, API {version.api or 'of unknown version'}."
    return ok("address", said), Patient(gomus, address, version)


def key(patient: Patient) -> Finding:
    """Say who we are to the ticket system."""
    try:
        account = patient.gomus.reference.who_am_i()
    except errors.NotFound:
        return warning("key", "it is not refused, but the ticket system does not say whose it is.", "")
    if account.access == "public":
        return wrong_key("key", "the ticket system takes us for an anonymous visitor.")
    if account.access not in SELLERS:
        said = f"it belongs to an account of kind {account.access!r}, which does not sell."
        return warning("key", said, "Ask the museum for a reseller's key.")
    only = f", for the museums {', '.join(map(str, account.museum_ids))} only" if account.museum_ids else ""
    return ok("key", f"accepted, access {account.access}{only}.")


def may_list_orders(patient: Patient) -> Finding:
    """Say whether we can look for an order whose creation was never answered."""
    try:
        patient.gomus.probes.head("orders", per_page=1)
    except errors.Forbidden:
        return broken(
            "orders",
            "our key may not list orders (403): an order whose answer got lost could never be found.",
            "Ask the museum to let the key list its own orders.",
        )
    return ok("orders", "our key may list orders.")


def clock(patient: Patient) -> Finding:
    """Compare clocks: slots, holds and drafts end by the clock of the ticket system."""
    theirs = patient.version.time
    if theirs is None:
        return warning("clock", "the ticket system does not tell its time.", "Compare the clocks yourself.")
    apart = timezone.now() - theirs
    seconds = round(abs(apart).total_seconds())
    if abs(apart) < CLOCK_DOUBTFUL:
        return ok("clock", "both clocks agree.")
    which = "ahead of" if apart > timedelta(0) else "behind"
    said = f"this machine is {seconds} seconds {which} the ticket system."
    todo = "Let this machine take its time from the network (NTP); if it does, tell the museum."
    return (broken if abs(apart) >= CLOCK_WRONG else warning)("clock", said, todo)


def languages(patient: Patient) -> Finding:
    """Compare the languages of the shop with those that have texts."""
    offered = patient.gomus.catalogue.locales()
    missing = [code for code, _ in settings.LANGUAGES if code not in offered]
    if not missing:
        return ok("languages", f"texts come in {', '.join(offered)}.")
    said = f"there are no texts in {', '.join(missing)}, only in {', '.join(offered)}."
    todo = "Take the language out of LANGUAGES, or ask the museum for translations."
    return (warning if len(missing) < len(settings.LANGUAGES) else broken)("languages", said, todo)


def currency(patient: Patient) -> Finding:
    """Compare currencies."""
    theirs = patient.version.currency
    if theirs == settings.CURRENCY:
        return ok("currency", f"prices are in {theirs}.")
    if not theirs:
        said = "the ticket system does not name its currency."
        return warning("currency", said, f"Ask the museum whether prices are in {settings.CURRENCY}.")
    said = f"prices are in {theirs}, the shop shows {settings.CURRENCY}."
    return broken("currency", said, f"Set CURRENCY={theirs}.")


def time_zone(patient: Patient) -> Finding:
    """Compare time zones, by their offset where upstream has another name for ours."""
    theirs, time, ours = patient.version.zone, patient.version.time, settings.TIME_ZONE
    if theirs == ours:
        return ok("time zone", f"both are in {ours}.")
    if time is None:
        said = f"the ticket system says {theirs or 'nothing'}, the shop {ours}."
        return warning("time zone", said, "Ask the museum whether that is the same.")
    if time.utcoffset() == time.astimezone(ZoneInfo(ours)).utcoffset():
        return ok("time zone", f"the ticket system says {theirs or 'nothing'}, which now equals {ours}.")
    said = f"the ticket system is in {theirs or 'another zone'}, the shop in {ours}."
    return broken("time zone", said, "Set TIME_ZONE to the zone of the museums.")


def pages(patient: Patient) -> Finding:
    """Say how many rows of a list we really get at once."""
    granted = patient.gomus.probes.head("museums", PAGE).per_page
    if granted is None:
        return ok("pages", "lists come whole.")
    if granted < PAGE:
        said = f"lists come in pages of {granted} rows, not of {PAGE}."
        return warning("pages", said, "A sync takes longer; ask the museum whether the key should get more.")
    return ok("pages", f"lists come in pages of {granted} rows.")


def catalogue(patient: Patient) -> Finding:
    """Say whether there is anything to sell."""
    counts = {name: patient.gomus.probes.head(name).total for name in ("museums", "tickets")}
    empty = [name for name, count in counts.items() if not count]
    if empty:
        said = f"our key sees no {' and no '.join(empty)}."
        return broken("catalogue", said, "Ask the museum to release its offers to the key.")
    return ok("catalogue", f"{counts['museums']} museums and {counts['tickets']} tickets.")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("key", key),
    ("orders", may_list_orders),
    ("clock", clock),
    ("languages", languages),
    ("currency", currency),
    ("time zone", time_zone),
    ("pages", pages),
    ("catalogue", catalogue),
)
