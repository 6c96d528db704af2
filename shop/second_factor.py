"""Has somebody proved twice who they are? Asked wherever a login opens more than a visitor may see."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django_otp import user_has_device

Person = User | AnonymousUser


def passed(person: Person) -> bool:
    """Is the login enough? Not where a second factor is required or set up, and has not been shown."""
    if not person.is_authenticated:
        return False
    if person.is_verified():  # type: ignore[attr-defined] # by the middleware of django-otp
        return True
    return not (settings.REQUIRE_TWO_FACTOR or user_has_device(person))
