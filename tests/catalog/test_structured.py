"""What the pages tell machines: linked data as search engines read it, and nothing that could leave its element."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Exhibition, Museum, OpeningHours, Picture
from shop.dates import today
from shop.preview import Node
from shop.templatetags.vitrine import linked_data
from tests.catalog import rows

pytestmark = pytest.mark.django_db

SHOP = "https://tickets.example.org"
ELEMENT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
DAY = timedelta(days=1)
NASTY = '</script><script>alert(1)</script><!-- & "quoted"'
ADDRESS = {"street": "Kastanienallee 12", "zip_code": "10435", "city": "Berlin", "country": "DE"}


@pytest.fixture(autouse=True)
def _public(settings: LazySettings) -> None:
    settings.PUBLIC_URL = SHOP
    settings.SELLER_NAME = "Example Tickets"
    settings.GOMUS_URL = "http://127.0.0.1:9"


def told(client: Client, path: str) -> dict[str, Node]:
    """The nodes of a page by their type."""
    (text,) = ELEMENT.findall(client.get(path).content.decode())
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


def house(**values: Any) -> Museum:
    return rows.museum(1, **{"latitude": 52.539, "longitude": 13.4103} | ADDRESS | values)


class TestMuseum:
    def test_where_it_is_and_what_it_looks_like(self, client: Client) -> None:
        house(picture=rows.picture("house"), descriptions={"en": "<p>Six&nbsp;centuries of <b>clay</b>.</p>"})
        node = told(client, "/en/museums/1/")["Museum"]
        assert node == {
            "@type": "Museum",
            "@id": f"{SHOP}/en/museums/1/",
            "name": "Museum 1 en",
            "url": f"{SHOP}/en/museums/1/",
            "description": "Six centuries of clay.",
            "image": f"{SHOP}/media/pictures/house.jpeg",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "Kastanienallee 12",
                "postalCode": "10435",
                "addressLocality": "Berlin",
                "addressCountry": "DE",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 52.539, "longitude": 13.4103},
        }

    def test_what_is_not_known_is_not_said(self, client: Client) -> None:
        rows.museum(1, latitude=52.5, descriptions={}, picture=rows.picture("house", fetched=False))
        node = told(client, "/en/museums/1/")["Museum"]
        assert sorted(node) == ["@id", "@type", "name", "url"]

    def test_on_the_equator_is_somewhere(self, client: Client) -> None:
        house(latitude=0.0, longitude=0.0)
        geo = told(client, "/en/museums/1/")["Museum"]["geo"]
        assert geo == {"@type": "GeoCoordinates", "latitude": 0.0, "longitude": 0.0}

    def test_hours_are_those_of_the_venue_day_by_day(self, client: Client) -> None:
        museum, now = house(), datetime.now(UTC)
        first, second = today() + DAY, today() + 2 * DAY
        at_nine = datetime.combine(first, datetime.min.time(), UTC).replace(hour=9)
        for day, begin, end in [
            (first, at_nine, at_nine + timedelta(hours=8)),
            (second, None, None),
        ]:
            OpeningHours.objects.create(museum=museum, day=day, begins_at=begin, ends_at=end, read_at=now)
        specified = told(client, "/de/museums/1/")["Museum"]["openingHoursSpecification"]
        assert [(row["validFrom"], row["validThrough"]) for row in specified] == [
            (first.isoformat(), first.isoformat()),
            (second.isoformat(), second.isoformat()),
        ]
        assert specified[0]["dayOfWeek"] == f"https://schema.org/{first:%A}"
        assert specified[0]["opens"] in ("10:00", "11:00"), "in Berlin, winter or summer"
        assert specified[0]["closes"] in ("18:00", "19:00")
        assert (specified[1]["opens"], specified[1]["closes"]) == ("00:00", "00:00"), "closed"


class TestExhibition:
    def test_when_where_and_for_how_much(self, client: Client) -> None:
        shown = rows.exhibition(7, house(), first=today() - DAY, last=date(2099, 3, 1))
        rows.ticket(3, exhibitions=[shown], price_cents=1405)
        rows.ticket(4, exhibitions=[shown], price_cents=1000, vat_bp=700, tax_included=False)
        rows.ticket(5, exhibitions=[shown], bookable=False)
        rows.retire(rows.ticket(6, exhibitions=[shown]))
        node = told(client, "/de/exhibitions/7/")["ExhibitionEvent"]
        assert node["name"] == "Exhibition 7 de"
        assert node["url"] == f"{SHOP}/de/exhibitions/7/"
        assert node["startDate"] == (today() - DAY).isoformat()
        assert node["endDate"] == "2099-03-01"
        assert node["location"]["@id"] == f"{SHOP}/de/museums/1/"
        assert node["location"]["address"]["addressLocality"] == "Berlin"
        assert node["offers"][0] == {
            "@type": "Offer",
            "name": "Ticket 3 de",
            "url": f"{SHOP}/de/tickets/3/",
            "price": "14.05",
            "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock",
            "seller": {"@type": "Organization", "name": "Example Tickets"},
        }
        assert [offer["price"] for offer in node["offers"]] == ["14.05", "10.70"]

    def test_tickets_of_the_house_admit_too(self, client: Client) -> None:
        museum = house()
        rows.exhibition(7, museum)
        rows.ticket(3, museums=[museum], price_cents=0)
        (offer,) = told(client, "/en/exhibitions/7/")["ExhibitionEvent"]["offers"]
        assert (offer["url"], offer["price"]) == (f"{SHOP}/en/tickets/3/", "0.00")

    def test_a_permanent_one_without_house_has_neither_dates_nor_museum(self, client: Client) -> None:
        rows.exhibition(7)
        node = told(client, "/en/exhibitions/7/")["ExhibitionEvent"]
        assert sorted(node) == ["@type", "description", "name", "url"]

    def test_a_house_that_has_gone_is_not_where_it_is(self, client: Client) -> None:
        museum = house()
        rows.exhibition(7, museum)
        rows.retire(museum)
        assert "location" not in told(client, "/en/exhibitions/7/")["ExhibitionEvent"]

    def test_without_house_it_may_have_an_address_of_its_own(self, client: Client) -> None:
        rows.exhibition(7)
        Exhibition.objects.update(place_name="Old Port", city="Hamburg")
        assert told(client, "/en/exhibitions/7/")["ExhibitionEvent"]["location"] == {
            "@type": "Place",
            "name": "Old Port",
            "address": {"@type": "PostalAddress", "addressLocality": "Hamburg"},
        }


class TestTicket:
    def test_every_kind_is_an_offer(self, client: Client) -> None:
        museum = house(picture=rows.picture("house"))
        for pk, cents, kind in [(1, 1400, "Adults"), (2, 700, "Reduced")]:
            rows.ticket(pk, museums=[museum], price_cents=cents, titles={"en": f"Visit – {kind}"})
        node = told(client, "/en/tickets/2/")["Product"]
        assert (node["name"], node["url"]) == ("Visit", f"{SHOP}/en/tickets/2/")
        assert node["image"] == f"{SHOP}/media/pictures/house.jpeg"
        assert [(offer["name"], offer["price"]) for offer in node["offers"]] == [
            ("Visit – Adults", "14.00"),
            ("Visit – Reduced", "7.00"),
        ]
        assert {offer["availability"] for offer in node["offers"]} == {"https://schema.org/InStock"}

    def test_one_that_is_not_on_sale_says_so(self, client: Client) -> None:
        rows.ticket(1, bookable=False)
        (offer,) = told(client, "/en/tickets/1/")["Product"]["offers"]
        assert offer["availability"] == "https://schema.org/OutOfStock"


class TestEvent:
    def test_every_coming_date_is_told_with_its_offer(self, client: Client) -> None:
        event = rows.event(9, house(), descriptions={"en": "<p>Fire.</p>"}, picture=rows.picture("fire"))
        start = datetime.now(UTC).replace(microsecond=0) + DAY
        rows.event_date(1, event, start, duration=90, price_from=1205)
        rows.event_date(2, event, start + DAY, bookable=False, price_from=0)
        rows.event_date(3, event, start + 2 * DAY)
        node = told(client, "/en/events/9/")["Event"]
        assert (node["name"], node["url"], node["description"]) == (
            "Event 9 en",
            f"{SHOP}/en/events/9/",
            "Fire.",
        )
        assert node["location"]["@id"] == f"{SHOP}/en/museums/1/"
        first, second, third = node["subEvent"]
        assert node["startDate"] == first["startDate"]
        assert datetime.fromisoformat(first["startDate"]) == start
        assert datetime.fromisoformat(first["endDate"]) == start + timedelta(minutes=90)
        (offer,) = first["offers"]
        assert (offer["price"], offer["url"]) == ("12.05", f"{SHOP}/en/events/9/?date=1")
        assert offer["availability"] == "https://schema.org/InStock"
        assert second["offers"][0]["availability"] == "https://schema.org/OutOfStock"
        assert "offers" not in third
        assert "endDate" not in third

    def test_with_one_date_the_event_is_that_date(self, client: Client) -> None:
        start = datetime.now(UTC).replace(microsecond=0) + DAY
        rows.event_date(1, rows.event(9), start)
        node = told(client, "/en/events/9/")["Event"]
        assert datetime.fromisoformat(node["startDate"]) == start
        assert "subEvent" not in node

    def test_without_dates_it_is_still_something(self, client: Client) -> None:
        rows.event(9, descriptions={})
        assert sorted(told(client, "/en/events/9/")["Event"]) == ["@type", "name", "url"]


class TestTour:
    def test_where_it_leads_and_that_it_is_sold_here(self, client: Client) -> None:
        made = rows.tour(9, house(), bookable=True)
        made.tags.add(rows.term("audiences", 2, titles={"en": "School classes"}))
        node = told(client, "/en/tours/9/")["TouristTrip"]
        assert (node["name"], node["url"]) == ("Tour 9 en", f"{SHOP}/en/tours/9/")
        assert node["touristType"] == ["School classes"]
        assert node["itinerary"]["@id"] == f"{SHOP}/en/museums/1/"
        assert node["offers"] == {
            "@type": "Offer",
            "url": f"{SHOP}/en/tours/9/",
            "availability": "https://schema.org/InStock",
            "seller": {"@type": "Organization", "name": "Example Tickets"},
        }

    def test_one_that_is_not_sold_says_so(self, client: Client) -> None:
        rows.tour(9, bookable=False)
        node = told(client, "/en/tours/9/")["TouristTrip"]
        assert node["offers"]["availability"] == "https://schema.org/OutOfStock"
        assert "itinerary" not in node


class TestEveryPage:
    def test_the_home_page_names_the_shop(self, client: Client, settings: LazySettings) -> None:
        settings.SHOP_NAME = "Museum Tickets"
        assert told(client, "/en/") == {
            "WebSite": {
                "@type": "WebSite",
                "name": "Museum Tickets",
                "url": f"{SHOP}/en/",
                "inLanguage": "en",
                "publisher": {"@type": "Organization", "name": "Example Tickets"},
            }
        }

    @pytest.mark.parametrize(
        ("path", "names"),
        [
            ("museums/", ["Vitrine", "Museums"]),
            ("museums/1/", ["Museums", "Museum 1 en"]),
            ("exhibitions/", ["Vitrine", "Exhibitions"]),
            ("exhibitions/7/", ["Exhibitions", "Museum 1 en", "Exhibition 7 en"]),
            ("tickets/3/", ["Museums", "Museum 1 en", "Ticket 3 en"]),
            ("events/", ["Vitrine", "Events"]),
            ("events/9/", ["Events", "Museum 1 en", "Event 9 en"]),
            ("tours/", ["Vitrine", "Guided tours"]),
            ("tours/9/", ["Guided tours", "Museum 1 en", "Tour 9 en"]),
        ],
    )
    def test_the_way_to_it_is_that_of_the_breadcrumbs(
        self, client: Client, path: str, names: list[str]
    ) -> None:
        museum = house()
        rows.event(9, museum)
        rows.ticket(3, museums=[museum], exhibitions=[rows.exhibition(7, museum)])
        rows.tour(9, museum)
        steps = told(client, f"/en/{path}")["BreadcrumbList"]["itemListElement"]
        assert [step["name"] for step in steps] == names
        assert [step["position"] for step in steps] == list(range(1, len(names) + 1))
        assert all(step["item"].startswith(f"{SHOP}/en/") for step in steps[:-1])
        assert "item" not in steps[-1], "the page itself"

    @pytest.mark.parametrize("path", ["museums/1/", "exhibitions/7/", "tickets/3/", "events/9/", "tours/9/"])
    def test_an_upstream_title_cannot_leave_its_element(self, client: Client, path: str) -> None:
        museum = house(titles={"en": NASTY}, picture=rows.picture("house"))
        shown = rows.exhibition(7, museum)
        rows.event(9, museum, titles={"en": NASTY})
        Exhibition.objects.update(titles={"en": NASTY}, teasers={"en": NASTY})
        Picture.objects.update(alts={"en": NASTY})
        rows.ticket(3, museums=[museum], exhibitions=[shown], titles={"en": NASTY})
        rows.tour(9, museum, titles={"en": NASTY}, sub_titles={"en": NASTY}, bookable=True)
        assert "<script>alert" not in client.get(f"/en/{path}").content.decode()
        steps = told(client, f"/en/{path}")["BreadcrumbList"]["itemListElement"]
        assert steps[-1]["name"] == NASTY


@given(st.recursive(st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=4))
def test_whatever_is_told_arrives_and_is_no_markup(value: Any) -> None:
    (text,) = ELEMENT.findall(linked_data([{"value": value}]))
    assert not set("<>&") & set(text)
    assert json.loads(text)["@graph"] == [{"value": value}]
