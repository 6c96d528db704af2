"""Mails that belong to no order: sent once, however the mail server behaves."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from pytest_django.fixtures import Settings

from shop import letters
from shop.letters import Content
from shop.models import Letter
from tests.orders.test_mail import Post

pytestmark = pytest.mark.django_db
CONTENT = Content(
    "Ein Betreff", "Guten Tag,", ["Eine Zeile."], [("Vertrag", "VT-1 <b>")], "https://x.example/a", "Hier"
)


@pytest.fixture(autouse=True)
def _post(settings: Settings) -> Iterator[None]:
    settings.EMAIL_BACKEND = f"{Post.__module__}.{Post.__name__}"
    Post.troubles = []
    yield
    Post.troubles = []


def a_letter() -> Letter:
    return letters.promise(Letter.Kind.NEWSLETTER, "ida@example.org", CONTENT)


def the_mail() -> EmailMultiAlternatives:
    [found] = outbox.outbox
    assert isinstance(found, EmailMultiAlternatives)
    return found


def test_it_is_sent_once_in_words_and_html() -> None:
    letter = a_letter()
    assert letters.due() == [letter.pk]
    for _ in range(2):
        letters.send(letter.pk)
    found = the_mail()
    assert found.to == ["ida@example.org"]
    assert "VT-1 <b>" in str(found.body)
    assert "VT-1 &lt;b&gt;" in str(found.alternatives[0][0])
    assert found.extra_headers["Message-ID"] == letter.message_id
    assert letters.due() == []


def test_a_mail_server_that_is_away_is_tried_again_later() -> None:
    Post.troubles = [ConnectionRefusedError()]
    letter = a_letter()
    letters.send(letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.claimed_until) == (Letter.State.WAITING, None)
    assert letter.due_at > timezone.now()
    assert letters.due() == []


@pytest.mark.parametrize(("code", "state"), [(550, Letter.State.FAILED), (450, Letter.State.WAITING)])
def test_an_address_refused_for_good_is_given_up(code: int, state: Letter.State) -> None:
    Post.troubles = [smtplib.SMTPRecipientsRefused({"ida@example.org": (code, b"no")})]
    letter = a_letter()
    letters.send(letter.pk)
    letter.refresh_from_db()
    assert letter.state == state


def test_old_letters_are_forgotten_those_that_wait_are_not() -> None:
    sent, waiting = a_letter(), a_letter()
    letters.send(sent.pk)
    Letter.objects.update(created_at=timezone.now() - timedelta(days=91))
    letters.forget_old()
    assert list(Letter.objects.all()) == [waiting]
