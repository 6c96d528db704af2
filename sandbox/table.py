"""Finds the route of an address: fixed ones by looking them up, those with parameters among the few of their length."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]
PREFIX = "/api/"


class Table:
    """The API. Fixed words win over ids, and a slash at the end makes no difference. The rest goes to `others`."""

    def __init__(self, routes: Iterable[Route], unknown: Endpoint, others: ASGIApp) -> None:
        self._fixed: defaultdict[str, list[Route]] = defaultdict(list)
        self._shaped: defaultdict[int, list[Route]] = defaultdict(list)
        self._unknown, self._others = unknown, others
        for route in routes:
            if route.param_convertors:
                self._shaped[route.path.count("/")].append(route)
            else:
                self._fixed[route.path].append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._others(scope, receive, send)
            return
        scope["path"] = scope["path"].rstrip("/")
        endpoint = self._find(scope)
        response = await endpoint(Request(scope, receive))
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> Endpoint:
        """The endpoint for a request; `allow` in the scope names the methods when only those are wrong."""
        path, method = scope["path"], scope["method"]
        scope["path_params"], allowed = {}, set[str]()
        for route in self._fixed.get(path, ()):
            if method in (route.methods or ()):
                return route.endpoint
            allowed |= route.methods or set()
        for route in () if allowed else self._shaped.get(path.count("/"), ()):
            try:
                match, more = route.matches(scope)
            except ValueError:  # an id of thousands of digits is not even read
                continue
            if match is Match.FULL:
                scope["path_params"] = more["path_params"]
                return route.endpoint
            if match is Match.PARTIAL:
                allowed |= route.methods or set()
        scope["allow"] = allowed
        return self._unknown
