"""A real HTTP server on a real socket that does what a script says: answer, dawdle, lie, hang up."""

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

Step = Callable[[socket.socket], None]


class HangUpError(Exception):
    """The step is over and so is the connection."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class ScriptedServer:
    """Plays one step per request; the last step is repeated for all further ones."""

    def __init__(self, *steps: Step) -> None:
        self._steps = list(steps)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._open: set[socket.socket] = set()
        self.asked: list[Asked] = []
        self.connections = 0

    @property
    def url(self) -> str:
        host, port = self._listener.getsockname()
        return f"http://{host}:{port}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._threads[0].join(timeout=10)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join(timeout=10)
        assert not any(thread.is_alive() for thread in self._threads)

    def _accept(self) -> None:
        while not self._stop.is_set():
            if select.select([self._listener], [], [], 0.02)[0]:
                connection, _ = self._listener.accept()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
        try:
            while (asked := _read_request(connection)) is not None:
                with self._lock:
                    self.asked.append(asked)
                    step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
                step(connection)
        except (HangUpError, OSError):
            pass
        finally:
            with self._lock:
                self._open.discard(connection)
                connection.close()


def _read_request(connection: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (chunk := connection.recv(65536)):
            return None
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        if not (chunk := connection.recv(65536)):
            return None
        body += chunk
    method, target, _ = first.split(" ")
    return Asked(method, target, headers, body)


def raw(data: bytes) -> Step:
    """Send these bytes and leave the connection open."""
    return lambda connection: connection.sendall(data)


def answer(
    status: int,
    body: object = b"",
    *,
    headers: Mapping[str, str] | None = None,
    kind: str = "application/json",
) -> Step:
    """Send a whole, honest answer; anything but bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    all_headers = {"Content-Type": kind, "Content-Length": str(len(content))} | dict(headers or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in all_headers.items())
    return raw(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + content)


def hang_up(before: bytes = b"") -> Step:
    """Send `before` and close the connection."""

    def step(connection: socket.socket) -> None:
        connection.sendall(before)
        raise HangUpError

    return step


def trickle(start: bytes, piece: bytes, pause: float = 0.02) -> Step:
    """Send `start`, then `piece` again and again until the other side goes away (or five seconds are over)."""

    def step(connection: socket.socket) -> None:
        connection.sendall(start)
        end = time.monotonic() + 5
        while time.monotonic() < end and not select.select([connection], [], [], pause)[0]:
            connection.sendall(piece)
        raise HangUpError

    return step


def silence() -> Step:
    """Say nothing until the other side goes away (or five seconds are over)."""

    def step(connection: socket.socket) -> None:
        select.select([connection], [], [], 5)
        raise HangUpError

    return step


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
