"""The link to a visitor's basket for pages that are otherwise the same for everybody.

What it says is kept for seconds under the basket's own secret. Whatever the visitor sends (a ticket into the basket,
an order) makes it void, before and after; so does a new edition of the catalogue.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string

from checkout.context import summary
from checkout.cookies import COOKIE, secret_of

KEPT_SECONDS = 20
VOID_SECONDS = 120  # longer than a link is kept and a request may take


@dataclass(frozen=True, slots=True)
class Badge:
    """Where the link of one visitor is kept in the cache."""

    owner: str

    @property
    def name(self) -> str:
        return f"badge:{self.owner}"

    @property
    def state_name(self) -> str:
        return f"badge:{self.owner}:changed"

    def known(self, found: Mapping[str, object], edition: str, language: str) -> bytes | None:
        """The link in this language among values read from the cache together, if it still holds."""
        kept = found.get(self.name)
        if not isinstance(kept, dict) or kept.get("of") != (edition, found.get(self.state_name)):
            return None
        link = kept.get(language)
        return link if isinstance(link, bytes) else None

    def make(self, request: HttpRequest, found: Mapping[str, object], edition: str, language: str) -> bytes:
        """The link in the active language, and keep it for as long as what was `found` before still holds."""
        link = render_to_string("_basket_link.html", {"basket_summary": summary(request)}).strip().encode()
        kept = {"of": (edition, found.get(self.state_name)), language: link}
        cache.set(self.name, kept, KEPT_SECONDS)
        return link

    def void(self) -> None:
        """What was kept no longer holds."""
        cache.set(self.state_name, uuid4().hex, VOID_SECONDS)


def badge_of(request: HttpRequest) -> Badge | None:
    """The badge of the visitor's basket, the same on all devices that share it; None without one.

    A cookie that is not ours leads to no basket and has a badge of its own.
    """
    cookie = request.COOKIES.get(COOKIE)
    if not cookie:
        return None
    secret = secret_of(request)
    owner = f"basket {secret}" if secret else f"cookie {cookie}"
    return Badge(hashlib.sha256(owner.encode()).hexdigest()[:32])
