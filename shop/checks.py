"""System checks of `check --deploy`: combinations that start, but that nobody should run in production."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from shop import texts

log = logging.getLogger(__name__)


def dangerous_settings(**_: Any) -> Iterable[checks.CheckMessage]:
    """Judge the settings of this shop."""
    return list(judge(settings))


def judge(settings: Any) -> Iterable[checks.CheckMessage]:
    """Yield what is dangerous or doubtful about these settings in production."""
    if settings.DEMO:
        yield checks.Error("DEMO is on: everybody knows its passwords and secrets.", id="shop.E001")
    if not settings.PUBLIC_URL.startswith("https://"):
        yield checks.Error(
            "PUBLIC_URL is not https://: cookies and orders would travel readable.", id="shop.E002"
        )
    if not settings.GOMUS_URL.startswith("https://"):
        yield checks.Error("GOMUS_URL is not https://: the token would travel readable.", id="shop.E003")
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield checks.Warning(
            "DATABASE_URL is SQLite: fine for one machine, PostgreSQL is made for more.", id="shop.W001"
        )
    if not settings.REQUIRE_TWO_FACTOR:
        yield checks.Warning(
            "REQUIRE_TWO_FACTOR is off: a stolen password opens orders and money.", id="shop.W003"
        )
    if "demo" in settings.PAYMENT_METHODS:
        yield checks.Error("PAYMENT_METHODS offers the demo payment: tickets would be free.", id="shop.E004")
    if settings.STRIPE_SECRET_KEY.startswith(("sk_test_", "rk_test_")) or settings.MOLLIE_API_KEY.startswith(
        "test_"
    ):
        yield checks.Error("A payment key is one for tests: tickets would be free.", id="shop.E005")
    if settings.EMAIL_BACKEND.endswith(
        (".console.EmailBackend", ".filebased.EmailBackend", ".dummy.EmailBackend")
    ):
        yield checks.Warning(
            "EMAIL_URL delivers nothing: buyers would wait for their tickets.", id="shop.W002"
        )


def legal_texts(**_: Any) -> Iterable[checks.CheckMessage]:
    """Refuse a shop whose legal texts are still outlines. Before the first migration nobody can know."""
    try:
        unfinished = texts.unfinished()
    except DatabaseError:
        return [
            checks.Info(
                "The legal texts could not be read: the database does not answer, or is not migrated yet.",
                hint="Run the check again after `manage.py migrate`.",
                id="shop.I001",
            )
        ]
    return [
        checks.Error(
            f"Legal text missing: {title} ({language}) is a placeholder or has gaps.",
            hint="Write and publish it in the admin under Shop, Legal texts.",
            id="shop.E005",
        )
        for title, language in unfinished
    ]


def say_what_is_missing() -> None:
    """Tell the log of a starting server which legal texts nobody has written yet."""
    if settings.DEMO:
        return
    for message in legal_texts():
        log.log(message.level, "%s %s", message.msg, message.hint)
