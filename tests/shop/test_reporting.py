"""What goes to Sentry says what broke and where, and nothing of anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings

from shop import reporting
from tests.shop.test_settings import faults_of

SECRET = "a-key-of-an-order-0123456789"
DSN = "https://0123456789abcdef@sentry.example/7"


def breaks(request: HttpRequest, secret: str) -> HttpResponse:
    """A view with everything about a person at hand."""
    name = request.POST["name"]
    raise RuntimeError(f"ida@example.org of {request.path} with {django_settings.GOMUS_TOKEN}: {name!r:.0}")


urlpatterns = [path("de/order/<str:secret>/", breaks)]


class Letterbox(sentry_sdk.Transport):
    """Keeps the envelopes."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Any) -> None:
        if event := envelope.get_event():
            self.events.append(json.loads(json.dumps(event, default=str)))


@pytest.fixture
def letterbox(settings: Settings) -> Iterator[Letterbox]:
    settings.SENTRY_DSN, settings.ROOT_URLCONF = DSN, __name__
    box = Letterbox()
    reporting.start(box)
    yield box
    sentry_sdk.get_global_scope().set_client(None)


@pytest.mark.django_db
def test_an_error_is_told_without_anything_of_a_person(letterbox: Letterbox, settings: Settings) -> None:
    client = Client(raise_request_exception=False, headers={"Cookie": "basket=cookie-of-ida"})
    client.cookies["basket"] = "cookie-of-ida"
    answer = client.post(
        f"/de/order/{SECRET}/?email=query-of-ida", {"name": "Ida Brandt"}, REMOTE_ADDR="203.0.113.77"
    )
    assert answer.status_code == 500
    (event,) = letterbox.events
    (error,) = event["exception"]["values"]
    assert error["type"] == "RuntimeError"
    assert error["stacktrace"]["frames"][-1]["function"] == "breaks"
    assert "…@… of /de/order/…/ with …" in error["value"]
    told = json.dumps(event, ensure_ascii=False)
    for private in (SECRET, "Ida Brandt", "ida@example", "cookie-of-ida", "query-of-ida", "203.0.113.77"):
        assert private not in told, private
    assert settings.GOMUS_TOKEN not in told
    assert set(event["request"]) <= {"method", "url"}


def test_without_an_address_nothing_is_loaded(settings: Settings) -> None:
    settings.SENTRY_DSN = ""
    reporting.start()
    assert not sentry_sdk.get_client().is_active()


def test_an_address_that_is_none_stops_the_start() -> None:
    assert "SENTRY_DSN" in faults_of(DEMO="1", SENTRY_DSN="sentry.example")
