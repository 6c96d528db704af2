"""In front of everything else: pages that are the same for everybody are sent ready-made.

Such a page is made by asking the shop as nobody: of the visitor's request only the address is passed on, no cookie and
no other header, so nothing of a visitor can get into what others are shown. The one thing visitors see differently is
the link to their basket; it is put into the page on the way out. Whoever has more with them than a basket (a message to
be shown, a session) is answered by the shop itself.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import parse_etags
from redis.exceptions import RedisError

from checkout.badge import Badge, badge_of
from shop import edition, gateway
from shop.dates import today
from shop.kept import LONGEST_QUERY, NotToKeep, Page, Shelf, etag, page_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# All that a page for everybody may depend on. No cookie, no header a visitor chooses but the host.
OF_ADDRESS = frozenset(
    {"SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_HOST"}
)
FAST = 3  # level of compression for a page that is sent once

GetResponse = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known before a page is chosen: the values found in the cache, and the name of the page."""

    found: Mapping[str, object]
    edition: str
    language: str
    name: str


class FrontMiddleware:
    """Answers with kept pages; passes everything else on."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        self._shelf = Shelf()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        badge = badge_of(request)
        if request.method not in SAFE:
            return self._changing(request, badge)
        language = request.path_info[1:].split("/", 1)[0]
        if not isinstance(request, WSGIRequest) or not _may_be_kept(request, language):
            return self._get_response(request)
        try:
            return self._kept(request, badge, language)
        except (RedisError, DisallowedHost):
            return self._get_response(request)

    def _changing(self, request: HttpRequest, badge: Badge | None) -> HttpResponseBase:
        """Pass a request on that may change the visitor's basket."""
        _void(badge)
        response = self._get_response(request)
        _void(badge)
        return response

    def _kept(self, request: WSGIRequest, badge: Badge | None, language: str) -> HttpResponseBase:
        names = [edition.NAME, gateway.state_name()]
        found = cache.get_many(names if badge is None else [*names, badge.name, badge.state_name])
        shown = _shown(request, found, language)
        page = self._shelf.at_hand(shown.name)
        if page is None:
            with edition.seen(shown.edition):
                try:
                    page = self._made(request, shown)
                except NotToKeep:
                    return self._get_response(request)
        if badge is None:
            return _answer(request, page, page.body, page.etag, page.packed)
        link = badge.known(found, shown.edition, language) or _link(badge, request, shown)
        body = page.with_link(link)
        return _answer(request, page, body, etag(body))

    def _made(self, request: WSGIRequest, shown: Shown) -> Page:
        """The page from the shared cache, or made anew. Raises NotToKeep."""
        if not _is_for_everybody(request, shown.language):
            raise NotToKeep
        return self._shelf.bring(shown.name, lambda: page_of(self._get_response(_as_nobody(request))))


def _may_be_kept(request: WSGIRequest, language: str) -> bool:
    """Whether the request is one of a visitor who brings at most a basket."""
    if (
        request.method != "GET"
        or language not in settings.LANGUAGE_NAMES
        or "HTTP_HX_REQUEST" in request.META
    ):
        return False
    cookies = request.COOKIES
    if (
        settings.SESSION_COOKIE_NAME in cookies
        or "messages" in cookies
        or "HTTP_AUTHORIZATION" in request.META
    ):
        return False
    return len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY


def _is_for_everybody(request: WSGIRequest, language: str) -> bool:
    """Whether the view says so, and knows everything the query says."""
    with translation.override(language):
        try:
            view = resolve(request.path_info).func
        except Resolver404:
            return False
    names = getattr(view, "kept_names", None)
    return names is not None and names.issuperset(request.GET)


def _shown(request: WSGIRequest, found: Mapping[str, object], language: str) -> Shown:
    version = edition.of(found)
    upstream = gateway.state_among(found)
    retry = upstream.retry_at.strftime("%H:%M") if upstream.retry_at else ""
    parts = (
        *(version, str(upstream.ok), retry, today().isoformat()),
        *(request.scheme or "", request.get_host(), request.get_full_path()),
    )
    return Shown(found, version, language, "\n".join(parts))


def _as_nobody(request: WSGIRequest) -> WSGIRequest:
    """A request for the same address by somebody of whom nothing is known."""
    proxy = {settings.SECURE_PROXY_SSL_HEADER[0]} if settings.SECURE_PROXY_SSL_HEADER else set()
    environ = {
        name: value
        for name, value in request.environ.items()
        if name in OF_ADDRESS | proxy or name.startswith("wsgi.")
    }
    return WSGIRequest({**environ, "REQUEST_METHOD": "GET", "wsgi.input": BytesIO()})


def _link(badge: Badge, request: WSGIRequest, shown: Shown) -> bytes:
    with translation.override(shown.language):
        return badge.make(request, shown.found, shown.edition, shown.language)


def _answer(
    request: WSGIRequest, page: Page, body: bytes, tag: str, packed: bytes | None = None
) -> HttpResponseBase:
    if tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        response = HttpResponse(packed or gzip.compress(body, FAST, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(body)
    if response.status_code == 200:
        response.headers["Content-Length"] = str(len(response.content))
    for name, value in page.headers:
        response.headers[name] = value
    response.headers["ETag"] = tag
    # Asked about each time: after a visit to the basket, going back must not show the link from before.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = page.vary
    return response


def _void(badge: Badge | None) -> None:
    if badge is not None:
        try:
            badge.void()
        except RedisError:
            return  # nothing is kept then either
