"""The web application: routes, errors, rehearsed trouble, the request log."""

import itertools
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sandbox import control, errors, trouble, wire
from sandbox.errors import ApiError, Fault, not_found
from sandbox.routes import (
    annual,
    browser,
    catalogue,
    dates,
    documents,
    events,
    holds,
    orders,
    places,
    reference,
    seating,
    starts,
    tickets,
    tours,
)
from sandbox.state import State
from sandbox.table import Table

log = logging.getLogger("sandbox")
API = "/api/v4"
PICTURES = Path(__file__).parent / "data" / "pictures"
TOPICS = (
    holds, browser, documents, annual, orders,
    tickets, places, reference, catalogue, dates, events, starts, tours, seating,
)  # fmt: skip
Endpoint = Callable[[Request], Awaitable[Any]]


def create(state: State) -> ASGIApp:
    """The application over one state."""
    numbers = itertools.count(1)
    api = [
        Route(_path(route), _endpoint(state, route, numbers), methods=list(route.methods or ["GET"]))
        for topic in TOPICS
        for route in topic.routes(state)
    ]
    pages = [Route("/", _hello), *control.routes(state), Mount("/pictures", StaticFiles(directory=PICTURES))]
    return Table(api, _unknown, Starlette(routes=pages))


def _path(route: Route) -> str:
    """A few addresses belong to the older version of the API and say so themselves."""
    return route.path if route.path.startswith("/api/") else API + route.path


async def _hello(request: Request) -> Response:
    return PlainTextResponse("A stand-in for the go~mus API. See /_sandbox/\n")


async def _unknown(request: Request) -> Response:
    """No such address, or not with this method."""
    if allowed := request.scope["allow"]:
        fault = Fault("method_not_allowed", "Methode nicht erlaubt.", "Method not allowed.")
        error = ApiError(405, fault, headers={"allow": ", ".join(sorted(allowed))})
    else:
        error = not_found()
    language = request.query_params.get("locale", "en")[:2]
    return JSONResponse(errors.body(error, language, "sbx-0"), error.status, error.headers)


def _endpoint(state: State, route: Route, numbers: "itertools.count[int]") -> Endpoint:
    async def endpoint(request: Request) -> Response:
        started = time.perf_counter()
        name = f"{request.method} {route.path}"
        status = 0
        try:
            response = await trouble.around(state, name, request, answer)
            status = response.status_code
            return response
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            state.log.add({"route": name, "status": status, "ms": milliseconds, "at": time.time()})
            log.info("%s %s %s ms", name, status, milliseconds)

    async def answer(request: Request) -> Response:
        return await _answer(state, route.endpoint, request, next(numbers))

    return endpoint


async def _answer(state: State, handler: Endpoint, request: Request, number: int) -> Response:
    state.tidy()
    before = state.store.changes
    try:
        state.limits.take(_caller(request))
        wire.account(request)  # an unknown key is refused everywhere, also where none is needed
        result = await handler(request)
    except ApiError as error:
        if state.store.changes != before:
            state.broken.append(f"{request.method} {request.url.path}: {error} changed something")
        return _refusal(state, request, error, number)
    if isinstance(result, Response):
        return result
    body, status = result if isinstance(result, tuple) else (result, 200)
    return JSONResponse(body, status)


def _caller(request: Request) -> str:
    return request.headers.get("authorization") or (request.client.host if request.client else "")


def _refusal(state: State, request: Request, error: ApiError, number: int) -> Response:
    language = request.query_params.get("locale", "en")[:2]
    shape = state.switches.error_shape
    if shape == "html":
        return HTMLResponse(trouble.HTML, error.status)
    if shape == "empty":
        return Response(status_code=error.status)
    full = errors.body(error, language, f"sbx-{number:06}")
    return JSONResponse(errors.shaped(full, shape), error.status, error.headers)
