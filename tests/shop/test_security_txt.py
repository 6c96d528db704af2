"""Where to tell of a weakness, as RFC 9116 wants it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.shop.test_settings import faults_of, settings_of


def fields(client: Client) -> dict[str, str]:
    answer = client.get("/.well-known/security.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    text = answer.content.decode()
    assert text.endswith("\n")
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_it_says_whom_until_when_and_in_which_languages(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT, settings.PUBLIC_URL = "security@museum.example", "https://shop.example"
    found = fields(client)
    assert found["Contact"] == "mailto:security@museum.example"
    assert found["Preferred-Languages"] == "de, en"
    assert found["Canonical"] == "https://shop.example/.well-known/security.txt"
    expires = datetime.fromisoformat(found["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)


def test_the_contact_may_be_a_page(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = "https://museum.example/security"
    assert fields(client)["Contact"] == "https://museum.example/security"


def test_without_a_choice_it_is_the_contact_of_the_shop() -> None:
    assert settings_of(DEMO="1", CONTACT_EMAIL="a@b.example")["SECURITY_CONTACT"] == "a@b.example"


@pytest.mark.parametrize("value", ["nobody", "http://museum.example/", "a b@c"])
def test_nonsense_stops_the_start(value: str) -> None:
    assert "SECURITY_CONTACT" in faults_of(DEMO="1", SECURITY_CONTACT=value)
