"""Everything the pages read from the mirror: a fixed small number of queries each, no call upstream.

The shapes they return are in `catalog.shapes`. Pages of a retired or unknown row raise `DoesNotExist` of the model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q

from catalog.admitting import admitting, shelve
from catalog.families import group, kin, price_from, shop_order
from catalog.hours import house_with_hours, opening_hours
from catalog.models import Exhibition, MirrorQuerySet, Museum, Picture, Ticket
from catalog.on_sale import Offer, OnSale, offered_in
from catalog.shapes import (
    ExhibitionCard,
    ExhibitionPage,
    ExhibitionsPage,
    HomePage,
    MuseumCard,
    MuseumPage,
    Offers,
    TicketPage,
)
from catalog.tour_page import tours_of
from shop import edition
from shop.dates import today

HOME_CARDS = 8
SOON_CARDS = 4
# Long texts stay in the database where only a card is shown.
CARD_EXHIBITION = (
    *("titles", "museum", "picture", "featured", "shop_order"),
    *("time_frames", "starts_on", "ends_on"),
)
UNSEEN = ("remote_url", "uploads", "failures")  # of a picture

OFFERED_TICKET = (
    *("price_cents", "dynamic_prices", "discount", "vat_bp", "tax_included", "shop_order"),
    *("titles", "sub_titles", "ticket_type", "quota_ids", "min_persons", "max_persons"),
    *("first_entry", "last_entry", "entry_duration"),
    *("visitor_kind", "visitor_kind_by_staff"),
)


@edition.remembered
def home_page() -> HomePage:
    """Exhibitions on now, those starting soon, and the museums."""
    now, soon = _by_time(_exhibitions())
    chosen = [*now[:HOME_CARDS], *soon[:SOON_CARDS]]
    houses = _houses()
    pictures = _pictures([*(row.picture_id for row in chosen), *(row.picture_id for row in houses)])
    on_sale = offered_in((row.pk for row in houses), (row.pk for row in chosen))
    cards = _cards(chosen, {row.pk: row for row in houses}, pictures, on_sale)
    shown = len(now[:HOME_CARDS])
    return HomePage(cards[:shown], len(now), cards[shown:], _museum_cards(houses, now, pictures, on_sale))


@edition.remembered
def museums_page() -> tuple[MuseumCard, ...]:
    """All museums, with the number of their exhibitions on now."""
    houses = _houses()
    pictures = _pictures(row.picture_id for row in houses)
    on_sale = offered_in((row.pk for row in houses), ())
    return _museum_cards(houses, _by_time(_exhibitions())[0], pictures, on_sale)


@edition.remembered
def exhibitions_page() -> ExhibitionsPage:
    """All exhibitions on now, featured and soonest to end first, and those to come."""
    now, soon = _by_time(_exhibitions())
    shown = [*now, *soon]
    houses = {row.pk: row for row in _houses()}
    pictures = _pictures(row.picture_id for row in shown)
    on_sale = offered_in({row.museum_id for row in shown if row.museum_id}, (row.pk for row in shown))
    cards = _cards(shown, houses, pictures, on_sale)
    return ExhibitionsPage(cards[: len(now)], cards[len(now) :])


def museum_page(museum_id: int) -> MuseumPage:
    """One museum with its hours, exhibitions and tickets. Raises Museum.DoesNotExist."""
    museum, hours = house_with_hours(museum_id)
    now, soon = _by_time(_exhibitions().filter(museum=museum).select_related("picture"))
    shown = [*now, *soon]
    offered = admitting(museum)
    pictures = {found.pk: found for row in shown if (found := _fetched(row.picture))}
    on_sale = offered_in([museum.pk], [row.pk for row in shown])
    cards = _cards(shown, {museum.pk: museum}, pictures, on_sale)
    return MuseumPage(
        museum=museum,
        picture=_fetched(museum.picture),
        hours=hours,
        now=cards[: len(now)],
        soon=cards[len(now) :],
        families=offered.families,
        combined=offered.combined,
        annual=offered.annual,
        tours=tours_of(museum),
    )


def exhibition_page(exhibition_id: int) -> ExhibitionPage:
    """One exhibition with its house and tickets. Raises Exhibition.DoesNotExist."""
    found = Exhibition.objects.live().select_related("picture", "museum", "museum__picture")
    exhibition = found.get(pk=exhibition_id)
    museum = _live(exhibition.museum)
    offered = admitting(exhibition)
    house = Ticket.objects.sellable().filter(museums=exhibition.museum_id, exhibitions=None)
    house_tickets = shelve(group(house)) if museum else ()
    offers = (*offered.families, *house_tickets)
    prices = [family.price_from for family in offers if family.price_from is not None]
    return ExhibitionPage(
        exhibition=exhibition,
        museum=museum,
        picture=_fetched(exhibition.picture) or _fetched(museum.picture if museum else None),
        hours=opening_hours(museum),
        families=offered.families,
        house_families=house_tickets,
        combined=offered.combined,
        price_from=min((price for price in prices if price), default=0 if prices else None),
    )


def shown_ticket(ticket_id: int) -> Ticket:
    """A ticket that has a page, sold at the moment or not: anything but a part. Raises Ticket.DoesNotExist."""
    return Ticket.objects.live().filter(is_sub_ticket=False).select_related("picture").get(pk=ticket_id)


def ticket_page(anchor: Ticket) -> TicketPage:
    """An ordinary ticket, the kinds beside it, and where it admits to."""
    family = tuple(ticket_family(anchor.pk))
    exhibition = Exhibition.objects.live().filter(tickets=anchor).select_related("picture").first()
    museum = Museum.objects.live().filter(tickets=anchor).select_related("picture").first()
    return TicketPage(
        anchor=anchor,
        family=family,
        on_sale=bool(family),
        museum=museum,
        exhibition=exhibition,
        picture=_fetched(anchor.picture)
        or _fetched(exhibition.picture if exhibition else None)
        or _fetched(museum.picture if museum else None),
        hours=opening_hours(museum),
    )


def ticket_by_id(ticket_id: int) -> Ticket:
    """A live ticket, sold at the moment or not. Raises Ticket.DoesNotExist."""
    return Ticket.objects.with_page().get(pk=ticket_id)


def tickets_by_id(ticket_ids: Iterable[int]) -> dict[int, Ticket]:
    """The live ones of these tickets by their id."""
    return {ticket.pk: ticket for ticket in Ticket.objects.live().filter(pk__in=list(ticket_ids))}


def ticket_family(ticket_id: int) -> list[Ticket]:
    """Sellable tickets of the same type that share a quota with this one, in shop order; empty if it is not sold."""
    slim = Ticket.objects.sellable().only("ticket_type", "quota_ids", "shop_order", "price_cents")
    offered = {ticket.pk: ticket for ticket in slim}
    if ticket_id not in offered:
        return []
    members = kin(offered[ticket_id], offered.values())
    return sorted(Ticket.objects.filter(pk__in=[ticket.pk for ticket in members]), key=shop_order)


def offers() -> Offers:
    """All sellable tickets and their museums; three queries."""
    tickets = tuple(Ticket.objects.sellable().only(*OFFERED_TICKET))
    houses = Museum.objects.live().defer("descriptions").in_bulk()
    links = Ticket.museums.through.objects.order_by("museum_id").values_list("ticket_id", "museum_id")
    museums: dict[int, list[Museum]] = {}
    for ticket_id, museum_id in links:
        if museum_id in houses:
            museums.setdefault(ticket_id, []).append(houses[museum_id])
    return Offers(tickets, museums)


def exhibitions_of_tickets() -> dict[int, list[Exhibition]]:
    """The exhibitions tickets admit to, by ticket id, with their titles alone; two queries."""
    shows = Exhibition.objects.live().only("titles", "sub_titles").in_bulk()
    links = Ticket.exhibitions.through.objects.order_by("exhibition_id")
    found: dict[int, list[Exhibition]] = {}
    for ticket_id, show_id in links.values_list("ticket_id", "exhibition_id"):
        if show_id in shows:
            found.setdefault(ticket_id, []).append(shows[show_id])
    return found


def pictures_to_fetch(attempts: int) -> list[int]:
    """Pictures not fetched yet that failed fewer than `attempts` times."""
    return list(Picture.objects.filter(width=0, failures__lt=attempts).values_list("pk", flat=True))


def _exhibitions() -> MirrorQuerySet[Exhibition]:
    ended = Q(ends_on__lt=today())
    return Exhibition.objects.live().exclude(ended).only(*CARD_EXHIBITION)


def _by_time(found: MirrorQuerySet[Exhibition]) -> tuple[list[Exhibition], list[Exhibition]]:
    day = today()
    rows = list(found)
    now = [row for row in rows if row.runs_on(day)]
    soon = [row for row in rows if not row.runs_on(day) and row.starts_on and row.ends_on != day]
    now.sort(key=lambda row: (row.shop_order, not row.featured, row.ends_on or date.max, row.pk))
    return now, sorted(soon, key=lambda row: (row.shop_order, row.starts_on or date.max, row.pk))


def _houses() -> list[Museum]:
    return list(Museum.objects.live().defer("descriptions"))


def _cards(
    exhibitions: Iterable[Exhibition],
    museums: Mapping[int, Museum],
    pictures: Mapping[int, Picture],
    on_sale: OnSale,
) -> tuple[ExhibitionCard, ...]:
    """Cards of these exhibitions; no query. Without tickets of its own one is seen with those of its house."""
    return tuple(
        _card(row, museums, pictures, on_sale.of_exhibition(row.pk) or on_sale.of_house(row.museum_id or 0))
        for row in exhibitions
    )


def _card(
    row: Exhibition, museums: Mapping[int, Museum], pictures: Mapping[int, Picture], offers: Sequence[Offer]
) -> ExhibitionCard:
    first = min(offers, key=shop_order, default=None)
    return ExhibitionCard(
        exhibition=row,
        museum=museums.get(row.museum_id or 0),
        picture=pictures.get(row.picture_id or 0),
        price_from=price_from(offers),
        ticket_id=first.pk if first else None,
    )


def _museum_cards(
    museums: Iterable[Museum],
    now: Iterable[Exhibition],
    pictures: Mapping[int, Picture],
    on_sale: OnSale,
) -> tuple[MuseumCard, ...]:
    running = Counter(row.museum_id for row in now)
    return tuple(
        MuseumCard(
            row,
            pictures.get(row.picture_id or 0),
            price_from(on_sale.of_museum(row.pk)),
            running[row.pk],
        )
        for row in museums
    )


def _pictures(ids: Iterable[int | None]) -> dict[int, Picture]:
    return Picture.objects.exclude(width=0).defer(*UNSEEN).in_bulk({pk for pk in ids if pk})


def _fetched(picture: Picture | None) -> Picture | None:
    return picture if picture and picture.width else None


def _live(museum: Museum | None) -> Museum | None:
    return museum if museum and museum.on_offer else None
