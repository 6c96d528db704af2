"""Guessing passwords is slow: after some failures a name is not listened to for a while, from the same address."""

from __future__ import annotations

import hashlib

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from shop.limits import client_of

MOST_FROM_ONE_ADDRESS = 5  # failures of one name; its owner elsewhere is not locked out
MOST_FROM_ALL = 50  # failures of one name from wherever
SECONDS = 15 * 60


class LockedLogin(AdminAuthenticationForm):
    """The login of the admin, deaf to a name that failed too often. While the cache is down nobody gets in."""

    def clean(self) -> dict[str, object]:
        counters = _counters(self.cleaned_data.get("username", ""), self.request)
        try:
            found = cache.get_many(counters)
        except RedisError as error:
            raise ValidationError(_("Nobody can log in just now. Please try again in a minute.")) from error
        if any(found.get(name, 0) >= most for name, most in counters.items()):
            raise ValidationError(
                _("Too many failed logins. Please wait a quarter of an hour."), code="locked"
            )
        try:
            data: dict[str, object] = super().clean()
        except ValidationError:
            for name in counters:
                cache.add(name, 0, SECONDS)
                cache.incr(name)
            raise
        cache.delete_many(counters)
        return data


def _counters(username: str, request: HttpRequest | None) -> dict[str, int]:
    """Names of the counters and how far they may go. Names typed at the door stay out of the cache as words."""
    name = hashlib.sha256(username.casefold().encode()).hexdigest()
    address = client_of(request) if request else ""
    return {f"login:{name}:{address}": MOST_FROM_ONE_ADDRESS, f"login:{name}": MOST_FROM_ALL}
