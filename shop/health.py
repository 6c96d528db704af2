"""What machines ask: is this process up, and can the shop sell right now.

Answered before everything else, for whatever host name a probe uses, and without a session.
"""

from collections.abc import Callable
from dataclasses import asdict

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from redis.exceptions import RedisError

from catalog.models import SyncRun
from shop import gateway
from shop.metrics import metrics

OK, DOWN = "ok", "down"


class HealthMiddleware:
    """Answers /healthz, /readyz and /metrics; passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._views = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = self._views.get(request.path_info, self._get_response)
        return view(request)


def healthz(request: HttpRequest) -> HttpResponse:
    """Say "ok": this process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Say what the shop stands on, as JSON: 200 when it can work, 503 when database, cache or broker are down.

    An old mirror or a ticket system that is down is told but is no reason to take the shop away: pages still work.
    """
    state = {"database": _database(), "cache": _cache(), "broker": _broker()}
    ready = all(value == OK for value in state.values())
    mirror = {"age_seconds": _mirror_age() if state["database"] == OK else None}
    upstream = asdict(gateway.upstream_state())
    body = {"ready": ready, **state, "mirror": mirror, "upstream": upstream}
    return JsonResponse(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return DOWN
    return OK


def _cache() -> str:
    try:
        cache.set("readyz", OK, 60)
        return OK if cache.get("readyz") == OK else DOWN
    except RedisError:
        return DOWN


def _broker() -> str:
    options = {"socket_connect_timeout": 1, "socket_timeout": 1}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **options) as client:
            return OK if client.ping() else DOWN
    except RedisError:
        return DOWN


def _mirror_age() -> int | None:
    """Return how many seconds ago the catalogue was fetched, None if never or if nobody can say."""
    try:
        newest = SyncRun.objects.filter(ok=True).aggregate(at=Max("finished_at"))["at"]
    except DatabaseError:
        return None
    return int((timezone.now() - newest).total_seconds()) if newest else None
