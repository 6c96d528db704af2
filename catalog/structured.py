"""What the catalogue's pages show, in the vocabulary of schema.org. Made of rows at hand: nobody is asked.

Only what we know is said: a blank part of an address, a day without known hours, a price of nothing on sale are absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language

from catalog.models import Event, EventDate, Exhibition, Museum, Picture, Place, Ticket
from catalog.shapes import DayHours
from catalog.tour_page import TourPage
from shop.preview import Node, absolute

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ON_SALE, NOT_ON_SALE = "https://schema.org/InStock", "https://schema.org/OutOfStock"
CLOSED = "00:00"  # a day that ends when it begins


def website() -> Node:
    """The shop itself."""
    return {
        "@type": "WebSite",
        "name": settings.SHOP_NAME,
        "url": _address("home"),
        "inLanguage": get_language(),
        "publisher": _seller(),
    }


def breadcrumbs(crumbs: Sequence[tuple[str, str]]) -> Node:
    """The way to the page: pairs of title and path; the page itself has no path."""
    steps = [
        _known({"@type": "ListItem", "position": number, "name": title, "item": path and absolute(path)})
        for number, (title, path) in enumerate(crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def museum(row: Museum, *, description: str, picture: Picture | None, hours: Iterable[DayHours]) -> Node:
    """One museum with its known opening hours, day by day."""
    told = [_opening(day) for day in hours if day.known]
    return _house(row) | _known(
        {"description": description, "image": _image(picture), "openingHoursSpecification": told}
    )


def exhibition(
    row: Exhibition,
    house: Museum | None,
    *,
    description: str,
    picture: Picture | None,
    tickets: Iterable[Ticket],
) -> Node:
    """One exhibition, where it is, and the tickets on sale that admit to it. A permanent one has no dates."""
    return _known(
        {
            "@type": "ExhibitionEvent",
            "name": row.title,
            "url": _address("exhibition", row.pk),
            "description": description,
            "image": _image(picture),
            "startDate": row.starts_on and row.starts_on.isoformat(),
            "endDate": row.ends_on and row.ends_on.isoformat(),
            "location": _house(house) if house else _place(row),
            "offers": [_offer(ticket, ON_SALE) for ticket in tickets],
        }
    )


def ticket(
    anchor: Ticket, family: Sequence[Ticket], *, title: str, description: str, picture: Picture | None
) -> Node:
    """One visit to buy: an offer for each kind. How many places are left the mirror does not know."""
    kinds = [_offer(kind, ON_SALE) for kind in family]
    return _known(
        {
            "@type": "Product",
            "name": title,
            "url": _address("ticket", anchor.pk),
            "description": description,
            "image": _image(picture),
            "offers": kinds or [_offer(anchor, NOT_ON_SALE)],
        }
    )


def event(
    row: Event,
    house: Museum | None,
    *,
    description: str,
    picture: Picture | None,
    dates: Sequence[EventDate],
) -> Node:
    """One event with its next dates, each with an offer at its lowest price if it is for sale."""
    location = _house(house) if house else _place(row)
    shared = {"name": row.title, "location": location}
    own = {
        "@type": "Event",
        "url": _address("event", row.pk),
        "description": description,
        "image": _image(picture),
    }
    told = [_known(shared | {"@type": "Event"} | _date(row, date)) for date in dates]
    if len(told) == 1:
        return _known(told[0] | own)
    span = {"startDate": told[0]["startDate"]} if told else {}
    return _known(shared | own | span | {"subEvent": told})


def _date(row: Event, date: EventDate) -> Node:
    address = f"{_address('event', row.pk)}?date={date.pk}"
    return {
        "url": address,
        "startDate": localtime(date.start_time).isoformat(),
        "endDate": localtime(date.ends_at).isoformat() if date.ends_at else "",
        "offers": [_seats_offer(date, address)] if date.price_from is not None else [],
    }


def _seats_offer(date: EventDate, address: str) -> Node:
    return {
        "@type": "Offer",
        "url": address,
        "price": _euros(date.price_from or 0),
        "priceCurrency": settings.CURRENCY,
        "availability": ON_SALE if date.bookable else NOT_ON_SALE,
        "seller": _seller(),
    }


def tour(page: TourPage, *, description: str) -> Node:
    """One tour that starts when the visitor wants. What it costs depends on when, so no price is told."""
    offer = {
        "@type": "Offer",
        "url": _address("tour", page.tour.pk),
        "availability": ON_SALE if page.tour.bookable else NOT_ON_SALE,
        "seller": _seller(),
    }
    return _known(
        {
            "@type": "TouristTrip",
            "name": page.tour.title,
            "url": _address("tour", page.tour.pk),
            "description": description,
            "image": _image(page.picture),
            "touristType": [term.title for term in page.audiences if term.title],
            "itinerary": _house(page.museum) if page.museum else _place(page.tour),
            "offers": offer,
        }
    )


def _house(row: Museum) -> Node:
    address = _address("museum", row.pk)
    return _known({"@type": "Museum", "@id": address, "name": row.title, "url": address}) | _where(row)


def _place(row: Place) -> Node:
    """Somewhere that is no museum of ours, {} if nothing is known about it."""
    known = _known({"name": row.place_name}) | _where(row)
    return {"@type": "Place"} | known if known else {}


def _where(row: Place) -> Node:
    address = _known(
        {
            "streetAddress": row.street,
            "postalCode": row.zip_code,
            "addressLocality": row.city,
            "addressCountry": row.country,
        }
    )
    geo = {"latitude": row.latitude, "longitude": row.longitude}
    located = row.latitude is not None and row.longitude is not None
    return _known(
        {
            "address": {"@type": "PostalAddress"} | address if address else None,
            "geo": {"@type": "GeoCoordinates"} | geo if located else None,
        }
    )


def _opening(hours: DayHours) -> Node:
    """The hours of one day at the venue; a closed day is open from midnight to midnight of the same day."""
    day = hours.day.isoformat()
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": f"https://schema.org/{WEEKDAYS[hours.day.weekday()]}",
        "validFrom": day,
        "validThrough": day,
        "opens": f"{localtime(hours.begins_at):%H:%M}" if hours.begins_at else CLOSED,
        "closes": f"{localtime(hours.ends_at):%H:%M}" if hours.ends_at else CLOSED,
    }


def _offer(ticket: Ticket, availability: str) -> Node:
    return {
        "@type": "Offer",
        "name": ticket.title,
        "url": _address("ticket", ticket.pk),
        "price": _euros(ticket.gross_cents),
        "priceCurrency": settings.CURRENCY,
        "availability": availability,
        "seller": _seller(),
    }


def _euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02}"


def _seller() -> Node:
    return {"@type": "Organization", "name": settings.SELLER_NAME}


def _image(picture: Picture | None) -> str:
    return absolute(reverse("media", args=[picture.shown.fallback])) if picture else ""


def _address(name: str, *args: int) -> str:
    return absolute(reverse(f"catalog:{name}", args=args))


def _known(values: dict[str, Any]) -> Node:
    """Without what is blank."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
