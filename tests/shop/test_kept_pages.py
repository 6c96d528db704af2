"""Pages kept for everybody: fast, at once up to date, and never with anything of another visitor in them."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Lock

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Exhibition, Museum, Ticket
from catalog.refresh import refresh
from catalog.sync import sync_catalog
from checkout import cookies
from checkout.models import Basket
from shop import gateway
from shop.dates import today
from shop.front import FrontMiddleware
from tests.catalog import rows
from tests.catalog.upstream import Upstream, serve, small_world
from tests.checkout.given import a_line

pytestmark = pytest.mark.django_db
DAY = f"day/{today() + timedelta(days=3)}/"
PAGES = [
    "",
    "museums/",
    "museums/1/",
    "exhibitions/",
    "exhibitions/1/",
    "about/terms/",
    "events/",
    "tours/",
    DAY,
]
SOON = timezone.now() + timedelta(days=2)


@pytest.fixture(autouse=True)
def _catalogue(settings: LazySettings) -> Iterator[None]:
    settings.GOMUS_URL = "http://127.0.0.1:9"  # nobody
    gateway.reset()
    house = rows.museum(1)
    rows.ticket(1, museums=[house], exhibitions=[rows.exhibition(1, house)])
    rows.event_date(1, rows.event(1, house), SOON + timedelta(days=1))
    rows.tour(1, house, bookable=True)
    yield
    gateway.reset()


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    with serve(small_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        yield found
        gateway.reset()


def somebody(tickets: int = 0) -> Client:
    """A visitor with so many tickets in the basket."""
    client = Client()
    if tickets:
        basket = Basket.objects.create()
        a_line(basket, 1, tickets, at=SOON)
        answer = HttpResponse()
        cookies.keep(answer, basket)
        client.cookies[cookies.COOKIE] = answer.cookies[cookies.COOKIE].value
    return client


def html(client: Client, path: str = "", **headers: str) -> str:
    answer = client.get(f"/en/{path}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_kept_page_is_the_page_and_asks_the_database_nothing(path: str) -> None:
    with CaptureQueriesContext(connection) as made:
        first = html(Client(), path)
    assert len(made) <= 6
    with CaptureQueriesContext(connection) as made:
        assert html(Client(), path) == first
    assert len(made) == 0


def test_a_kept_page_carries_every_header_of_a_page() -> None:
    first, second, other = (
        Client().get("/en/museums/"),
        Client().get("/en/museums/"),
        Client().get("/en/tickets/1/"),
    )
    both = [{name: page[name] for name in page.headers if name != "X-Request-ID"} for page in (first, second)]
    assert both[0] == both[1]
    missing = set(other.headers) - set(second.headers) - {"Content-Language"}
    assert missing == set()
    assert second.headers["Vary"] == "Accept-Encoding, Cookie"
    assert second.headers["Cache-Control"] == "private, no-cache"
    assert second.headers["Content-Security-Policy"] == other.headers["Content-Security-Policy"]


class TestVisitors:
    @pytest.mark.parametrize("path", PAGES)
    def test_everybody_sees_their_own_basket_whoever_came_first(self, path: str) -> None:
        visitors = [(somebody(2), "2 tickets"), (Client(), "Basket: empty"), (somebody(5), "5 tickets")]
        for _ in range(2):
            for visitor, basket in visitors:
                text = html(visitor, path)
                assert basket in text
                assert text.count('id="basket-link"') == 1
                assert sum(other in text for _visitor, other in visitors) == 1

    def test_the_page_with_a_basket_is_else_the_page_of_everybody(self) -> None:
        plain, own = html(Client(), "museums/"), html(somebody(2), "museums/")
        assert own.partition('<a id="basket-link"')[0] == plain.partition('<a id="basket-link"')[0]
        assert (
            own.partition("Basket:")[2].partition("</a>")[2]
            == plain.partition("Basket: empty")[2].partition("</a>")[2]
        )

    def test_a_basket_costs_no_query_the_second_time(self) -> None:
        visitor = somebody(2)
        html(visitor)
        with CaptureQueriesContext(connection) as made:
            assert "2 tickets" in html(visitor, "museums/") + html(visitor)
        assert [query for query in made if "basket" in query["sql"]] == []

    def test_what_a_visitor_sends_is_seen_on_the_next_page(self) -> None:
        visitor = somebody(2)
        assert "2 tickets" in html(visitor)
        line = Basket.objects.get().lines.get()
        visitor.post("/en/basket/change/", {"remove": str(line.pk)})
        del visitor.cookies["sessionid"]  # the way to undo it, which alone would have the page made anew
        assert "Basket: empty" in html(visitor)

    def test_a_forged_basket_is_an_empty_one(self) -> None:
        visitor = somebody(2)
        html(visitor)
        visitor.cookies[cookies.COOKIE] = visitor.cookies[cookies.COOKIE].value[:-1]
        assert "Basket: empty" in html(visitor)

    def test_a_message_is_for_one_visitor_and_one_page(self) -> None:
        visitor = somebody(2)
        request = RequestFactory().get("/")
        storage = CookieStorage(request)
        storage.add(messages.SUCCESS, "Nur für Ida")
        answer = HttpResponse()
        storage.update(answer)
        visitor.cookies["messages"] = answer.cookies["messages"].value
        assert "Nur für Ida" in html(visitor)
        del visitor.cookies["messages"]
        assert "Nur für Ida" not in html(visitor) + html(Client())

    def test_nothing_a_request_carries_but_its_address_is_in_the_page(self) -> None:
        curious = Client(SERVER_PROTOCOL="HTTP/1.0", REMOTE_ADDR="198.51.100.7", REMOTE_USER="ida")
        curious.cookies.load({"csrftoken": "c" * 32, "django_language": "de", "theme": "ida"})
        odd = {
            "Accept-Language": "de",
            "Referer": "https://ida.example/",
            "User-Agent": "ida",
            "X-Forwarded-Host": "ida",
        }
        carried = html(curious, **odd)
        plain = html(Client())
        assert carried == plain
        assert "ida" not in plain
        assert "csrfmiddlewaretoken" not in plain
        assert not Client().get("/en/").cookies

    def test_who_has_a_session_is_answered_by_the_shop_itself(self) -> None:
        html(Client())
        visitor = Client()
        visitor.cookies["sessionid"] = "x" * 32
        with CaptureQueriesContext(connection) as made:
            html(visitor)
        assert len(made) > 0

    def test_a_word_the_page_does_not_know_is_kept_for_nobody(self) -> None:
        assert "utm=ida" in html(Client(), "exhibitions/?utm=ida")
        assert "utm=" not in html(Client(), "exhibitions/")
        assert "utm=eva" in html(Client(), "exhibitions/?utm=eva")

    def test_languages_days_and_hosts_have_pages_of_their_own(self) -> None:
        texts = {
            Client().get(path, headers={"host": host}).content
            for path in ("/en/exhibitions/", "/de/exhibitions/", "/en/exhibitions/?day=2030-01-01")
            for host in ("127.0.0.1", "localhost")
        }
        assert len(texts) == 3
        assert Client().get("/en/", headers={"host": "elsewhere.example"}).status_code == 400


class TestChanges:
    def test_a_changed_row_is_shown_at_once(self) -> None:
        visitor = somebody(1)
        html(visitor, "museums/")
        house = Museum.objects.get(pk=1)
        house.titles = {"en": "The house anew"}
        house.save()
        assert "The house anew" in html(Client(), "museums/")
        assert "The house anew" in html(visitor, "museums/")

    def test_what_pages_not_kept_show_of_the_catalogue_is_of_now_too(self) -> None:
        unkept = "exhibitions/?word=unknown"
        html(Client(), unkept)
        show = Exhibition.objects.get(pk=1)
        show.titles = {"en": "The show anew"}
        show.save()
        assert "The show anew" in html(Client(), unkept)
        Ticket.objects.get(pk=1).delete()
        assert 'class="price"' not in html(Client(), unkept)
        show.hidden = True
        show.save()
        assert "The show anew" not in html(Client(), unkept)

    def test_cards_are_in_the_language_and_of_the_day_of_the_page(self) -> None:
        show = Exhibition.objects.get(pk=1)
        show.time_frames = [{"start": None, "end": f"{today() + timedelta(days=9)}T18:00:00+01:00"}]
        show.ends_on = today() + timedelta(days=9)
        show.save()
        texts = [
            Client().get(f"/{language}/exhibitions/?word=unknown").content.decode()
            for language in ("en", "de", "en")
        ]
        assert ["Until" in text for text in texts] == [True, False, True]
        assert ["Exhibition 1 de" in text for text in texts] == [False, True, False]
        with time_machine.travel(timezone.now() + timedelta(days=10)):
            assert "Exhibition 1 en" not in html(Client(), "exhibitions/?word=unknown")

    def test_a_sync_and_a_ticket_read_again_are_shown_at_once(self, upstream: Upstream) -> None:
        sync_catalog()
        before = html(Client(), "museums/5/")
        upstream.tickets[1] |= {"price_cents": 555, "vat_pct": 0}
        refresh([1])
        assert "5.55" in html(Client(), "museums/5/")
        assert "5.55" not in before
        upstream.museums[5]["title"] = {"en": "Renamed upstream"}
        sync_catalog()
        assert "Renamed upstream" in html(Client(), "museums/5/")

    def test_a_ticket_system_that_is_down_is_told_at_once(self) -> None:
        html(Client())
        for _ in range(2):
            gateway._note_trouble(None)
        assert "buying is paused" in html(Client())
        gateway.reset()
        assert "buying is paused" not in html(Client())

    def test_a_page_that_is_gone_is_not_shown_any_more(self) -> None:
        html(Client(), "museums/1/")
        rows.retire(Museum.objects.get(pk=1))
        assert Client().get("/en/museums/1/").status_code == 404


class TestWire:
    def test_an_unchanged_page_is_not_sent_again(self) -> None:
        visitor = somebody(2)
        for client in (Client(), visitor):
            known = client.get("/en/").headers["ETag"]
            again = client.get("/en/", headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["ETag"] == known
        everybody = Client().get("/en/").headers["ETag"]
        assert visitor.get("/en/", headers={"If-None-Match": everybody}).status_code == 200

    def test_it_is_sent_packed_to_who_takes_that(self) -> None:
        for client in (Client(), somebody(2)):
            packed = client.get("/en/", headers={"Accept-Encoding": "br, gzip"})
            plain = client.get("/en/")
            assert packed.headers["Content-Encoding"] == "gzip"
            assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 2
            assert gzip.decompress(packed.content) == plain.content

    def test_who_asks_for_a_part_is_not_shown_the_page_a_browser_kept(self) -> None:
        page = Client().get("/en/tours/")
        part = Client().get("/en/tours/", headers={"HX-Request": "true"})
        assert "HX-Request" in page.headers["Vary"]
        assert b"<html" in page.content
        assert b"<html" not in part.content

    def test_head_answers_like_get(self) -> None:
        assert Client().head("/en/").status_code == 200


class TestMaking:
    """The middleware in front of a shop that counts how often it is asked."""

    @staticmethod
    def front(answer: Callable[[], HttpResponse]) -> tuple[FrontMiddleware, list[HttpRequest]]:
        asked: list[HttpRequest] = []
        guard = Lock()

        def shop(request: HttpRequest) -> HttpResponse:
            with guard:
                asked.append(request)
            return answer()

        return FrontMiddleware(shop), asked

    @staticmethod
    def ask(front: FrontMiddleware, path: str = "/en/museums/") -> HttpResponse:
        answer = front(RequestFactory().get(path))
        assert isinstance(answer, HttpResponse)
        return answer

    def test_however_many_come_at_once_a_page_is_made_once(self) -> None:
        come, begun = Barrier(12), datetime.now(UTC)

        def page() -> HttpResponse:
            return HttpResponse(f'<a id="basket-link">x</a>{begun}')

        fronts = [self.front(page) for _ in range(3)]  # as in three processes

        def visit(number: int) -> bytes:
            come.wait()
            return self.ask(fronts[number % 3][0]).content

        with ThreadPoolExecutor(12) as visitors:
            texts = set(visitors.map(visit, range(12)))
        assert len(texts) == 1
        assert sum(len(asked) for _front, asked in fronts) == 1

    @pytest.mark.parametrize("fault", ["error", "cookie", "private", "no link"])
    def test_what_is_not_for_everybody_is_kept_for_nobody(self, fault: str) -> None:
        def page() -> HttpResponse:
            body = "" if fault == "no link" else '<a id="basket-link">x</a>'
            response = HttpResponse(body, status=500 if fault == "error" else 200)
            if fault == "cookie":
                response.set_cookie("csrftoken", "secret")
            if fault == "private":
                response.headers["Cache-Control"] = "private"
            return response

        front, asked = self.front(page)
        mine = RequestFactory().get("/en/museums/")
        assert front(mine).status_code == (500 if fault == "error" else 200)
        self.ask(front)
        assert asked.count(mine) == 1
        assert len(asked) == 4  # each visitor's request was answered by the shop, after nobody's

    @pytest.mark.parametrize(
        "path", ["/en/tickets/1/", "/en/find/", "/en/basket/", "/en/nowhere/", "/admin/", "/en/"]
    )
    def test_only_views_that_say_so_are_asked_as_nobody(self, path: str) -> None:
        front, asked = self.front(lambda: HttpResponse('<a id="basket-link">x</a>'))
        request = RequestFactory().get(path)
        front(request)
        assert (asked == [request]) is (path != "/en/")
