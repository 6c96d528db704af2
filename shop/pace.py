"""Slows down who fills baskets, searches, or tries keys of orders much faster than people do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from shop.limits import client_of, spend, spent
from shop.options import Act

KEYS = frozenset({"secret", "token", "ref", "signed"})  # parts of addresses that open something
# A question with words of its own costs a search of the mirror, or a call to the ticket system.
ASKING = frozenset(
    {
        *("catalog:find", "catalog:events", "catalog:tours", "catalog:day", "catalog:museum_days"),
        *("catalog:exhibition_days", "catalog:ticket", "catalog:event", "catalog:tour", "checkout:quote"),
    }
)
NOT_FOUND = 404


class PaceMiddleware:
    """Answers 429 with the seconds to wait; passes everything else on. Kept pages were answered before, for nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        match = request.resolver_match
        if response.status_code == NOT_FOUND and match and KEYS & match.kwargs.keys():
            spend(
                Act.KEYS, client_of(request)
            )  # only misses count: who has the key may come as often as they like
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Refuse before the view does any work."""
        client, wait = client_of(request), 0
        if KEYS & kwargs.keys():
            wait = spent(Act.KEYS, client)
        elif act := _act(request):
            wait = spend(act, client)
        return too_many(request, wait) if wait else None


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """The page that asks for patience."""
    answer = render(request, "429.html", {"wait": wait}, status=429)
    answer["Retry-After"] = str(wait)
    answer["Cache-Control"] = "no-store"
    if getattr(request, "htmx", False) and request.headers.get("HX-Boosted"):
        answer["HX-Redirect"] = request.get_full_path()  # a whole page, not a part of the one that is open
    return answer


def _act(request: HttpRequest) -> Act | None:
    match = request.resolver_match
    name = match.view_name if match else ""
    if request.method == "POST" and name.startswith("checkout:"):
        return Act.BASKET
    return Act.SEARCH if name in ASKING and request.META.get("QUERY_STRING") else None
