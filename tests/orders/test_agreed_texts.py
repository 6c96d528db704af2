"""The texts an order was placed under: kept with it, sent with the first mail, shown on its page for good."""

import hashlib

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from orders import deliveries, mail
from orders.law import RIGHTS
from orders.lifecycle import State
from orders.models import Delivery, Order, TextCopy
from orders.services import place_order
from orders.snapshot import TextSnapshot
from tests.orders.given import a_snapshot

pytestmark = pytest.mark.django_db


def a_text(
    name: str = "terms", body: str = "<h2>1</h2><p>We sell &amp; you pay.</p>", version: int | None = 7
) -> TextSnapshot:
    return TextSnapshot(name, name.title(), version, hashlib.sha256(body.encode()).hexdigest(), body)


NOTICE = a_text(RIGHTS, "<p>Tickets: there is no right of withdrawal.</p>", None)


def an_order(key: str = "basket-1", *texts: TextSnapshot) -> Order:
    return place_order(snapshot=a_snapshot(key=key, texts=texts or (a_text(), NOTICE)))


def first_mail(order: Order) -> EmailMultiAlternatives:
    return mail.message(deliveries.announce(order, Delivery.Kind.RECEIVED))


def test_every_order_has_its_texts_and_the_words_are_kept_once() -> None:
    first, second = an_order(), an_order("basket-2", a_text(), a_text("privacy", "<p>Little.</p>"))
    assert [(text.name, text.version) for text in first.texts.all()] == [("terms", 7), (RIGHTS, None)]
    assert [text.name for text in second.texts.all()] == ["terms", "privacy"]
    assert TextCopy.objects.count() == 3
    for text in first.texts.select_related("copy"):
        assert hashlib.sha256(text.copy.body.encode()).hexdigest() == text.copy_id


def test_the_first_mail_carries_them_along() -> None:
    message = first_mail(an_order())
    [(name, content, kind)] = [tuple(part) for part in message.attachments]
    assert (name, kind) == ("terms.html", "text/html")
    assert "We sell &amp; you pay." in content
    assert content.startswith("<!doctype html>")
    for words in (str(message.body), str(message.alternatives[0][0])):
        assert "Tickets: there is no right of withdrawal." in words
        assert "Terms" in words


def test_other_mails_do_not() -> None:
    order = an_order()
    message = mail.message(deliveries.announce(order, Delivery.Kind.REFUNDED))
    assert message.attachments == []


def test_the_page_of_the_order_shows_them_and_the_way_to_withdraw(client: Client) -> None:
    order = an_order()
    Order.objects.update(state=State.READY)
    page = client.get(reverse("orders:order", args=[order.secret])).content.decode()
    address = reverse("orders:agreed_text", args=[order.secret, "terms"])
    assert f'href="{address}"' in page
    assert f'href="{reverse("orders:withdraw")}?order={order.secret}"' in page
    text = client.get(address)
    assert "We sell &amp; you pay." in text.content.decode()
    assert a_text().sha256 in text.content.decode()
    assert "noindex" in text["X-Robots-Tag"]


@pytest.mark.parametrize("wrong", ["privacy", "secret"])
def test_only_its_secret_opens_a_text(client: Client, wrong: str) -> None:
    order = an_order()
    secret, name = (order.number, "terms") if wrong == "secret" else (order.secret, "privacy")
    assert client.get(reverse("orders:agreed_text", args=[secret, name])).status_code == 404
