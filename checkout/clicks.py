"""One click sent twice: the very form of the very page, with everything in it the same, within seconds.

A page carries a token of its own each time it is shown, so two tabs, or the same page opened again, are never taken for
one click.
"""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

AGAIN_SECONDS = 5
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


def is_repeated(request: HttpRequest) -> bool:
    """Was exactly this sent a moment ago? Nobody knows without a cache: then it was not."""
    if not request.POST.get(TOKEN):
        return False
    try:
        return not cache.add(_name(request), 1, AGAIN_SECONDS)
    except RedisError:
        return False


def forget(request: HttpRequest) -> None:
    """Nothing came of it: it may be sent again."""
    try:
        cache.delete(_name(request))
    except RedisError:
        return


def _name(request: HttpRequest) -> str:
    sent = urlencode(sorted((name, value) for name, values in request.POST.lists() for value in values))
    return f"click:{hashlib.sha256(f'{request.path} {sent}'.encode()).hexdigest()}"
