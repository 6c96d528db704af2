"""Orders by e-mail: the mail box learns its links, whoever asks learns nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from orders import finding, tasks
from orders.lifecycle import FAILED, State
from orders.models import LinkRequest, Order
from shop.models import Letter
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db
with translation.override("en"):
    FIND, SENT = reverse("orders:find"), reverse("orders:links_sent")


def asked(client: Client, email: str = "ida@example.org", **extra: str) -> LinkRequest:
    answer = client.post(FIND, {"email": email}, **extra)  # type: ignore[arg-type]
    assert (answer.status_code, answer["Location"]) == (302, SENT)
    return LinkRequest.objects.latest("pk")


def mailed(row: LinkRequest) -> Letter | None:
    tasks.send_links(row.pk)
    return Letter.objects.filter(kind=Letter.Kind.ORDERS).first()


def test_the_links_of_all_orders_come_by_mail_once(client: Client) -> None:
    german, other = an_order(state=State.READY, language="de"), an_order(email="paul@example.org")
    row = asked(client, "IDA@example.org")
    letter = mailed(row)
    assert letter is not None
    assert letter.recipient == "IDA@example.org"
    for text in (letter.text, letter.html):
        assert f"/de/order/{german.secret}/" in text
        assert german.number in text
        assert other.secret not in text
    tasks.send_links(row.pk)
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("state", sorted(FAILED))
def test_orders_that_came_to_nothing_are_not_sent(client: Client, state: State) -> None:
    an_order(state=state)
    assert mailed(asked(client)) is None


def test_the_mail_speaks_the_language_of_the_page(client: Client) -> None:
    an_order(state=State.READY)
    with translation.override("de"):
        client.post(reverse("orders:find"), {"email": "ida@example.org"})
    letter = mailed(LinkRequest.objects.get())
    assert letter is not None
    assert "Bestellungen" in letter.subject


def test_who_asks_cannot_tell_whether_there_are_orders(
    client: Client, django_assert_max_num_queries: object
) -> None:
    an_order(state=State.READY)
    pages, looks = [], []
    for email in ("ida@example.org", "nobody@example.org"):
        with django_assert_max_num_queries(8) as seen:  # type: ignore[operator]
            answer = client.post(FIND, {"email": email})
        looks.append([re.sub(r"'[^']*'|\d+", "", query["sql"]) for query in seen.captured_queries])
        pages.append((answer.status_code, answer["Location"], client.get(SENT).content))
    assert looks[0] == looks[1]
    assert not any("orders_order" in sql for sql in looks[0])
    assert pages[0][:2] == pages[1][:2]


def test_a_stranger_gets_no_mail(client: Client) -> None:
    an_order(state=State.READY)
    assert mailed(asked(client, "nobody@example.org")) is None


@pytest.mark.parametrize("typed", ["", "ida", "a@example.org\nBcc: b@example.org"])
def test_what_is_no_address_is_asked_for_again(client: Client, typed: str) -> None:
    answer = client.post(FIND, {"email": typed})
    assert answer.status_code == 422
    assert "an address like" in answer.content.decode()
    assert not LinkRequest.objects.exists()


def test_an_address_is_written_to_a_few_times_an_hour(client: Client) -> None:
    for _ in range(finding.MOST_PER_ADDRESS):
        asked(client)
    answer = client.post(FIND, {"email": "Ida@Example.org"})
    assert answer.status_code == 429
    assert "mailto:" in answer.content.decode()
    asked(client, "paul@example.org")
    LinkRequest.objects.update(asked_at=timezone.now() - timedelta(minutes=61))
    asked(client)


def test_a_client_asks_for_a_few_addresses_an_hour(client: Client) -> None:
    for number in range(finding.MOST_PER_CLIENT):
        asked(client, f"a{number}@example.org")
    assert client.post(FIND, {"email": "b@example.org"}).status_code == 429
    asked(client, "b@example.org", REMOTE_ADDR="192.0.2.7")
    assert "127.0.0.1" not in LinkRequest.objects.values_list("client", flat=True)


def test_behind_a_proxy_its_word_counts_and_not_the_visitors(client: Client, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    rows = [
        asked(client, f"a{at}@example.org", HTTP_X_FORWARDED_FOR=told)
        for at, told in enumerate(["203.0.113.1, 192.0.2.7", "203.0.113.2, 192.0.2.7", "192.0.2.8"])
    ]
    assert rows[0].client == rows[1].client != rows[2].client


def test_the_sweep_finds_wishes_no_bell_announced_and_forgets_old_ones(client: Client) -> None:
    row = asked(client)
    assert finding.due() == [row.pk]
    LinkRequest.objects.update(asked_at=timezone.now() - timedelta(days=2))
    finding.forget_old()
    assert finding.due() == [row.pk], "unanswered ones stay"
    finding.answer(row.pk)
    finding.forget_old()
    assert not LinkRequest.objects.exists()


def test_the_pages_are_private(client: Client) -> None:
    for address in (FIND, SENT):
        answer = client.get(address)
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
    assert Order.objects.count() == 0
