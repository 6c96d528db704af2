"""Whole pages that are the same for everybody, kept ready to be sent: made once, shared by all processes.

A view says with `@kept` that its pages hold nothing of a visitor; `shop.front` makes and serves them.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import has_vary_header

from shop.flight import get_or_compute

FRESH_SECONDS = 60  # then made anew, because dates of events pass
STALE_SECONDS = 240  # how much longer it is shown while one process makes it anew
LOCK_SECONDS = 10
SHAPE = 2  # of a page in the cache: count up when its fields change
AT_HAND = 256  # pages every process has in its memory, the most recent ones
LONGEST_QUERY = 200
HOLE = re.compile(rb'<a id="basket-link".*?</a>', re.DOTALL)
NOT_OURS = frozenset({"content-length", "content-encoding", "cache-control", "etag", "vary"})

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def kept(*names: str) -> Callable[[View], View]:
    """Marks a view whose pages are the same for everybody. `names`: what it reads of the query."""

    def mark(view: View) -> View:
        view.kept_names = frozenset(names)  # type: ignore[attr-defined]
        return view

    return mark


class NotToKeep(Exception):
    """What the view answered is not a page for everybody."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was made for nobody. `hole`: where in `body` the link to the basket stands; `vary`: what of a
    request decides that it is this page at all."""

    body: bytes
    packed: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str
    hole: tuple[int, int]
    vary: str

    def with_link(self, link: bytes) -> bytes:
        """The page with another link to the basket."""
        return self.body[: self.hole[0]] + link + self.body[self.hole[1] :]


def page_of(response: HttpResponseBase) -> Page:
    """The page in an answer. Raises NotToKeep for errors, for what sets cookies or forbids to be kept."""
    forbidden = "no-store" in response.get("Cache-Control", "") or "private" in response.get(
        "Cache-Control", ""
    )
    if response.status_code != 200 or response.cookies or forbidden or not isinstance(response, HttpResponse):
        raise NotToKeep
    body = response.content
    link = HOLE.search(body)
    if link is None:
        raise NotToKeep
    return Page(
        body=body,
        packed=gzip.compress(body, 9, mtime=0),
        headers=tuple((name, value) for name, value in response.items() if name.lower() not in NOT_OURS),
        etag=etag(body),
        hole=link.span(),
        vary=", ".join(
            [
                "Accept-Encoding",
                "Cookie",
                *(["HX-Request"] if has_vary_header(response, "HX-Request") else []),
            ]
        ),
    )


def etag(body: bytes) -> str:
    """Weak, because the same page is sent packed and plain."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'


class Shelf:
    """The pages this process has at hand; those it has not are looked for in the cache, or made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[str, tuple[Page, float]] = OrderedDict()

    def at_hand(self, name: str) -> Page | None:
        """The page of this name, if this process has a fresh one."""
        with self._lock:
            found = self._pages.get(name)
            if found is None or found[1] < time.monotonic():
                return None
            self._pages.move_to_end(name)
            return found[0]

    def bring(self, name: str, make: Callable[[], Page]) -> Page:
        """The page of this name, made by one process at a time. Raises what `make` raises."""
        flight = get_or_compute(_key(name), make, fresh=FRESH_SECONDS, stale=STALE_SECONDS, lock=LOCK_SECONDS)
        left = 1.0 if flight.stale else FRESH_SECONDS - flight.age_seconds
        with self._lock:
            self._pages[name] = (flight.value, time.monotonic() + left)
            self._pages.move_to_end(name)
            while len(self._pages) > AT_HAND:
                self._pages.popitem(last=False)
        return flight.value


def _key(name: str) -> str:
    return f"page:{SHAPE}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
