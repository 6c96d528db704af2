"""The programs of a whole shop on one machine: broker, sandbox, worker with its beat, web."""

import socket
import sys
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from shop.stack import broker
from shop.stack.processes import Part, StackError

HOST = "127.0.0.1"
# Whoever tries the demo as root need not hear it from the worker at every start.
AS_ROOT = "-Wignore:You're running the worker with superuser privileges"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the programs of one shop meet."""

    port: int
    sandbox_port: int
    folder: Path
    redis_url: str


def broker_part(at: Address) -> Part:
    path = Path(at.redis_url.removeprefix("unix://"))
    command = tuple(broker.command(path, at.folder / "broker"))
    return Part(
        "broker", command, lambda _: _broker_answers(path), unimportant="overcommit_memory|oO0OoO0OoO0Oo"
    )


def sandbox_part(at: Address) -> Part:
    command = _python(f"-m sandbox --port {at.sandbox_port}", "--db", str(at.folder / "sandbox.sqlite3"))
    return Part("sandbox", command, lambda _: _http_answers(at.sandbox_port, "/"))


def worker_part(at: Address) -> Part:
    # The beat rides along: a process of its own would cost 60 MB and a second of start for a few messages a minute.
    worker = "-m celery --app shop.celery --quiet worker --beat --concurrency 2"
    lonely = "--without-gossip --without-mingle --without-heartbeat"
    command = _python(f"{worker} {lonely}", option=AS_ROOT)
    ready = at.folder / "worker.ready"
    return Part("worker", command, lambda pid: _worker_answers(ready, pid), env={"READY_FILE": str(ready)})


def web_part(at: Address) -> Part:
    command = _python(f"-m gunicorn --config gunicorn.conf.py --bind {HOST}:{at.port}")
    return Part("web", command, lambda _: _http_answers(at.port, "/healthz"))


def _python(line: str, *more: str, option: str = "-u") -> tuple[str, ...]:
    return (sys.executable, option, *line.split(), *more)


def demand_free(port: int, name: str) -> None:
    """Raise `StackError` with a sentence when `port`, chosen by the variable `name`, is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise StackError(
                f"Port {port} is in use. Choose another one: {name}={port + 10} make demo"
            ) from error


def _broker_answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(100).startswith(b"+PONG")
        except OSError:
            return False


def _worker_answers(ready: Path, pid: int) -> bool:
    """Return whether the worker whose group this process leads has written that it takes work."""
    return ready.exists() and ready.read_text() == str(pid)


def _http_answers(port: int, path: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
