"""Who is much faster than people must wait a little; everybody else never notices."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from pytest_django.fixtures import Settings
from redis.exceptions import RedisError

from orders.lifecycle import State
from shop import limits
from shop.options import Act
from tests.orders.given import an_order
from tests.shop.test_settings import faults_of, settings_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 12, 0, 10, tzinfo=UTC)
ONE, OTHER = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "192.0.2.8"}


@pytest.fixture(autouse=True)
def _three(settings: Settings) -> None:
    settings.RATE_LIMITS = dict.fromkeys(Act, 3)


def change(client: Client, **who: str) -> int:
    return client.post("/en/basket/change/", {}, **who).status_code  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_says_when_to_come_back(client: Client, language: str) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(3):
            assert client.post(f"/{language}/basket/change/", {}).status_code == 302
        answer = client.post(f"/{language}/basket/change/", {})
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (429, "50", "no-store")
    page = answer.content.decode()
    words = {"de": "in 50 Sekunden noch einmal", "en": "try again in 50 seconds"}
    assert words[language] in page
    assert {"de": "Gehen Sie in Ihrem Browser zurück", "en": "Go back in your browser"}[language] in page
    assert f'href="/{language}/basket/change/"' not in page, "a form is not sent by a link"


def test_the_next_minute_begins_at_zero_and_others_are_not_held_up(client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert [change(client, **ONE) for _ in range(4)] == [302, 302, 302, 429]
        assert change(client, **OTHER) == 302
        clock.shift(50)
        assert change(client, **ONE) == 302


def test_zero_is_no_limit(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = dict.fromkeys(Act, 0)
    assert [change(client) for _ in range(6)] == [302] * 6


def test_reading_with_words_of_ones_own_is_counted_and_plain_pages_are_not(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        asked = [client.get("/en/events/", {"month": "2027-01", "x": str(at)}).status_code for at in range(4)]
        assert asked == [200, 200, 200, 429]
        assert [client.get("/en/events/").status_code for _ in range(5)] == [200] * 5


@pytest.mark.parametrize("name", ["orders:order", "orders:state", "orders:shared", "checkout:newsletter"])
def test_keys_that_open_nothing_are_counted(client: Client, name: str) -> None:
    with time_machine.travel(NOON, tick=False), translation.override("en"):
        tried = [client.get(reverse(name, args=[f"guess-{at}"])).status_code for at in range(4)]
    assert tried == [404, 404, 404, 429]


def test_who_has_the_key_comes_as_often_as_they_like(client: Client) -> None:
    order = an_order(state=State.READY)
    with time_machine.travel(NOON, tick=False):
        assert {client.get(f"/en/order/{order.secret}/").status_code for _ in range(8)} == {200}


def test_a_swapped_part_becomes_a_page_when_it_has_to_wait(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Boosted": "true"}
    with time_machine.travel(NOON, tick=False):
        answers = [client.get("/en/events/?month=2027-01", headers=headers) for _ in range(4)]
    assert answers[3].status_code == 429
    assert answers[3]["HX-Redirect"] == "/en/events/?month=2027-01"


def test_a_lost_cache_holds_nobody_up(client: Client, settings: Settings) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    with pytest.raises(RedisError):
        cache.get("anything")
    assert [limits.spend(Act.BASKET, "192.0.2.7") for _ in range(5)] == [0] * 5
    assert limits.spent(Act.KEYS, "192.0.2.7") == 0


def test_a_household_has_one_counter_and_no_address_is_kept() -> None:
    with time_machine.travel(NOON, tick=False):
        for last in range(3):
            assert limits.spend(Act.BASKET, f"2001:db8:1:2::{last}") == 0
        assert limits.spend(Act.BASKET, "2001:db8:1:2:ffff::1") == 50
        assert limits.spend(Act.BASKET, "2001:db8:1:3::1") == 0
    assert "2001" not in limits._counter(Act.BASKET, "2001:db8::1")[0]


@pytest.mark.parametrize(
    ("proxied", "told", "client"),
    [
        (False, "203.0.113.1", "192.0.2.7"),
        (True, "203.0.113.1, 198.51.100.9", "198.51.100.9"),
        (True, "", "192.0.2.7"),
    ],
)
def test_only_a_proxy_is_believed(*, proxied: bool, told: str, client: str, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if proxied else None
    headers = {"X-Forwarded-For": told} if told else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.7")
    assert limits.client_of(request) == client


def test_behind_a_proxy_a_guesser_does_not_lock_out_the_owner_of_a_login(
    client: Client, settings: Settings
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    login = reverse("admin:login")
    words = {"username": "ida", "password": "wrong"}

    def told(address: str) -> str:
        answer = client.post(
            login,
            words,
            headers={
                "X-Forwarded-For": address,
                "X-Forwarded-Proto": "https",
                "Accept-Language": "en",
            },
        )
        return answer.content.decode()

    for _ in range(5):
        assert "Too many failed logins" not in told("203.0.113.1")
    assert "Too many failed logins" in told("203.0.113.1")
    assert "Too many failed logins" not in told("198.51.100.9")


def test_the_numbers_are_read_from_the_environment() -> None:
    found = settings_of(DEMO="1", RATE_LIMITS="basket=5, keys=0")["RATE_LIMITS"]
    assert (found["basket"], found["keys"], found["search"]) == (5, 0, 300)


@pytest.mark.parametrize("value", ["basket", "basket=-1", "login=3", "basket=x"])
def test_nonsense_stops_the_start(value: str) -> None:
    assert "RATE_LIMITS" in faults_of(DEMO="1", RATE_LIMITS=value)
