"""A transport whose total time is bounded, also against a server that sends one byte now and then.

httpx knows time limits per socket operation only; a trickling answer can make those last forever. Here every
operation of a call additionally ends at the call's deadline.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx


class Deadline:
    """A moment, `seconds` from now, by which something must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, negative when it is over."""
        return self._end - time.monotonic()


_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def bounded(deadline: Deadline) -> Iterator[None]:
    """Bound all network operations of this thread by `deadline`."""
    mark = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(mark)


_public_only: ContextVar[bool] = ContextVar("public_only", default=False)


@contextmanager
def public_only() -> Iterator[None]:
    """Let new connections of this thread lead to public addresses alone, whatever a name is said to stand for."""
    mark = _public_only.set(True)
    try:
        yield
    finally:
        _public_only.reset(mark)


def public_address(host: str, port: int) -> str:
    """An address of the host, all of whose addresses are public. Raises httpcore.ConnectError."""
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise httpcore.ConnectError(f"{host} is unknown") from error
    if not all(ipaddress.ip_address(address).is_global for address in found):
        raise httpcore.ConnectError(f"{host} leads into a private network")
    return found[0]


def _clamp(timeout: float | None, too_late: type[Exception]) -> float | None:
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    left = deadline.left()
    if left <= 0:
        raise too_late("total time is over")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _clamp(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _clamp(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        timeout = _clamp(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        timeout = _clamp(timeout, httpcore.ConnectTimeout)
        if _public_only.get():
            # What was looked up is what is connected to: a name cannot mean something else a moment later.
            host = public_address(host, port)
        return _Stream(super().connect_tcp(host, port, timeout, local_address, socket_options))


class BoundedTransport(httpx.HTTPTransport):
    """httpx's own transport with a pool whose sockets obey `bounded`."""

    def __init__(self, connections: int) -> None:
        context = httpx.create_ssl_context()
        super().__init__(verify=context)
        # httpx offers no argument for the network backend; tests/api/test_deadline.py fails if this stops working.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=5.0,
            network_backend=_Backend(),
        )
