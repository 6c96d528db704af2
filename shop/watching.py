"""Gives every request its id, counts it and, where logs are read by machines, writes its line."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shop import meter, tracing

log = logging.getLogger("shop.access")

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
READY_MADE = "(ready-made)"  # answered before any route was looked for


class WatchMiddleware:
    """Around everything that answers people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        own_id = tracing.request_id(request.headers.get("X-Request-ID"))
        started = time.perf_counter()
        with tracing.about(request=own_id):
            response = self._get_response(request)
            seconds = time.perf_counter() - started
            _count(request, response.status_code, seconds)
        response.headers["X-Request-ID"] = own_id
        return response


def _count(request: HttpRequest, status: int, seconds: float) -> None:
    match = request.resolver_match
    route = (match.view_name or match.route) if match else READY_MADE if status < 400 else "(none)"
    method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
    # The route and never the address, which may hold the key to an order.
    log.info("%s %s %d in %.0f ms", method, route, status, seconds * 1000)
    meter.add("vitrine_requests_total", route=route, method=method or "other", status=str(status))
    meter.add("vitrine_request_seconds_sum", seconds)
    meter.add("vitrine_request_seconds_count")
    edge = next((str(bucket) for bucket in BUCKETS if seconds <= bucket), "+Inf")
    meter.add("vitrine_request_seconds_bucket", le=edge)
    meter.settle()
