"""Makes a request go wrong as rehearsed: late answers, cut lines, odd bodies, maintenance."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from sandbox import errors
from sandbox.errors import ApiError
from sandbox.errors import Fault as Refusal
from sandbox.faults import AFTER, Fault
from sandbox.state import State

HTML = "<!doctype html><html><head><title>Wartung</title></head><body><h1>Wartung</h1></body></html>"
BIG = 5_000_000  # bytes
Answer = Callable[[Request], Awaitable[Response]]


async def around(state: State, name: str, request: Request, answer: Answer) -> Response:
    """Answer a request, with the trouble that is planned for its route."""
    fault = state.faults.next(name) if state.faults.pending else None
    await request.body()  # what was sent counts, even if the sender hangs up while it is kept waiting
    if state.switches.latency_ms:
        await asyncio.sleep(state.switches.latency_ms / 1000)
    if state.switches.maintenance != "off":
        return _maintenance(state)
    if fault is None:
        return await answer(request)
    if fault.kind not in AFTER and (spoilt := await _spoil(request, fault)):
        return spoilt
    response = await answer(request)
    if fault.kind in AFTER and (spoilt := await _spoil(request, fault, response)):
        return spoilt
    return response


async def _spoil(request: Request, fault: Fault, response: Response | None = None) -> Response | None:
    """What the trouble makes of an answer; None: only time was lost."""
    if fault.kind.startswith(("delay", "hang")):
        await asyncio.sleep(fault.seconds)
        return None
    if fault.kind.startswith("drop"):
        request.scope["extensions"]["sandbox.line"]["transport"].abort()
        return Response(status_code=204)  # goes nowhere: the connection is gone
    return _odd(fault, response)


def _odd(fault: Fault, response: Response | None) -> Response:
    """An answer that is not what it should be."""
    if fault.kind == "truncated":
        body = bytes(response.body) if response else b"{"
        return Response(body[: len(body) // 2], 200, media_type="application/json")
    if fault.kind == "endless":
        return StreamingResponse(_endless(), 200, media_type="application/json")
    if fault.kind == "big":
        return JSONResponse({"data": "x" * BIG})
    word, status = fault.kind.split("_")[:2]
    if word == "html":
        return HTMLResponse(HTML, int(status))
    if word == "empty":
        return Response(status_code=int(status))
    waiting = fault.kind in ("status_429", "status_503_retry")
    headers = {"retry-after": str(int(fault.seconds))} if waiting else {}
    return JSONResponse({"error": "Trouble."}, int(status), headers)


async def _endless() -> AsyncIterator[bytes]:
    yield b'{"data": "'
    while True:
        yield b"x" * 65_536
        await asyncio.sleep(0.01)


def _maintenance(state: State) -> Response:
    if state.switches.maintenance == "html":
        return HTMLResponse(HTML, 503)
    fault = Refusal("maintenance", "Das System wird gewartet.", "The system is under maintenance.")
    return JSONResponse(errors.body(ApiError(503, fault), "en", "sbx-0"), 503, {"retry-after": "30"})
