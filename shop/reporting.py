"""Errors told to Sentry, where the operator wants it: what broke and where, and nothing of anybody's person.

The package is an extra of its own (requirements/sentry.txt). Values of variables, forms, cookies, queries and bodies
never leave the shop; what is left is searched for keys in addresses, our secrets and mail addresses.
"""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from shop.tracing import KEYS_IN_ADDRESSES, SHORTEST_SECRET

MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
DIRECT = ("method", "url")  # what is told of a request


def start(transport: Any = None) -> None:
    """Begin to report, if SENTRY_DSN is set. `transport`, one of Sentry's, takes the events elsewhere."""
    if not settings.SENTRY_DSN:
        return
    try:
        import sentry_sdk  # noqa: PLC0415 - most shops do without it
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and the package for it is missing: pip install -r requirements/sentry.txt"
        ) from error
    # What it would tell of persons by itself is off by default; what it would tell beside that is switched off here.
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        transport=transport,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        before_send=scrubbed,
    )


def scrubbed(event: Any, _hint: Any) -> Any:
    """The event without anything of a person or a key to an order."""
    request = event.get("request", {})
    if request:
        event["request"] = {name: request[name] for name in DIRECT if name in request}
    for name in ("user", "extra", "breadcrumbs"):
        event.pop(name, None)
    return _clean(event)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _words(value)
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def _words(text: str) -> str:
    for secret in settings.SECRETS:
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "…")
    return MAIL.sub("…@…", KEYS_IN_ADDRESSES.sub(r"\1…", text))
