"""Web servers to be measured: two synchronous gunicorn workers each, and the CPU time they take.

CPU time is read from the kernel, in nanoseconds, so other programs on the machine hardly matter.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.environment import ROOT
from tests.stack import free_ports
from tests.waiting import until

HOST = "127.0.0.1"
WARM_UP = 40


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn."""

    port: int
    pid: int

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body of one answer, on a connection of its own."""
        connection = HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def warm_up(self, path: str, headers: Mapping[str, str] | None = None) -> None:
        """Ask often enough to reach both workers."""
        for _ in range(WARM_UP):
            status, _body = self.get(path, headers)
            assert status == 200, f"{path} answered {status}"

    def cpu_ms(self, path: str, headers: Mapping[str, str] | None = None, *, times: int = 1) -> float:
        """Milliseconds of CPU the workers take for one request."""
        before = cpu_ns(self.pid)
        for _ in range(times):
            self.get(path, headers)
        return (cpu_ns(self.pid) - before) / times / 1e6


def cpu_ns(pid: int) -> int:
    """Return the CPU time all children of a process have taken, in nanoseconds."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    tasks = (task for child in children for task in Path(f"/proc/{child}/task").iterdir())
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)


@contextmanager
def serving(application: str, env: Mapping[str, str], config: str = "gunicorn.conf.py") -> Iterator[Server]:
    """Two synchronous workers with the application for the length of the block."""
    [port] = free_ports(1)
    options = f"--config {config} --worker-class sync --threads 1 --workers 2 --bind {HOST}:{port}"
    line = [sys.executable, "-m", "gunicorn", *options.split(), "--max-requests", "0", application]
    process = subprocess.Popen(line, cwd=ROOT, env=dict(env), stderr=subprocess.DEVNULL)
    server = Server(port, process.pid)
    try:
        until(lambda: _answers(server), seconds=60, what=f"{application} answering")
        yield server
    finally:
        process.terminate()
        process.wait(30)


def _answers(server: Server) -> bool:
    try:
        return server.get("/")[0] < 500
    except OSError:
        return False
