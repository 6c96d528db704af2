"""How often one network address may do what pays only by doing it very often: one counter for each, a minute long."""

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from shop.options import Act

MINUTE = 60  # seconds
HOME = 64  # leading bits of an IPv6 address that one household or server has all the rest of


def client_of(request: HttpRequest) -> str:
    """The address a request came from. A proxy adds it at the end; what stands before is the visitor's word."""
    told: str = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def spend(act: Act, client: str) -> int:
    """Count one more of this act; return how many seconds the client must wait, 0 if it may go on.

    While the cache is down nobody is held up: what must never be guessed is too long to be guessed anyway.
    """
    most, (name, wait) = settings.RATE_LIMITS[act], _counter(act, client)
    if not most:
        return 0
    try:
        cache.add(name, 0, 2 * MINUTE)
        number = cache.incr(name)
    except (RedisError, ValueError):  # ValueError: the server has just dropped the counter
        return 0
    return wait if number > most else 0


def spent(act: Act, client: str) -> int:
    """Return as `spend` does, without counting: whether the next one would be too many."""
    most, (name, wait) = settings.RATE_LIMITS[act], _counter(act, client)
    try:
        return wait if most and cache.get(name, 0) >= most else 0
    except RedisError:
        return 0


def _counter(act: Act, client: str) -> tuple[str, int]:
    """The name of the counter of this minute, without the address in it, and the seconds until the next minute."""
    minute, gone = divmod(int(time.time()), MINUTE)
    who = salted_hmac("shop.limits", _household(client), algorithm="sha256").hexdigest()[:32]
    return f"limit:{act}:{minute}:{who}", MINUTE - gone


def _household(client: str) -> str:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    return str(ipaddress.ip_network((address, HOME), strict=False)) if address.version > 4 else client
