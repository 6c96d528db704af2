"""`make demo` for real: it opens, says where, keeps everything, and closes without leaving anything behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests import environment
from tests.stack import free_ports
from tests.waiting import until

pytestmark = pytest.mark.processes

START_SECONDS = 120


class Demo:
    """One run of the demo's command, with everything it has said."""

    def __init__(self, folder: Path, ports: list[int], **env: str) -> None:
        self.port, self.sandbox_port = ports
        self.said = ""
        defaults = {
            "DEMO": "1",
            "DATA_DIR": str(folder),
            "STATIC_ROOT": str(environment.shared_static()),
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shop.stack"],
            cwd=environment.ROOT,
            env=environment.clean_environment() | defaults | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def opened(self) -> "Demo":
        until(lambda: "is open" in self.said or self.ended(), seconds=START_SECONDS, what="the opening")
        assert not self.ended(), self.said
        return self

    def ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(60)
        self._listener.join(10)
        return code

    def pids(self) -> list[int]:
        """Return its programs: the children of its process."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self.said += line


@pytest.fixture
def open_demo(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    opened: list[Demo] = []
    ports = free_ports(2)

    def start(**env: str) -> Demo:
        opened.append(Demo(tmp_path, ports, **env))
        return opened[-1]

    yield start
    for demo in opened:
        if not demo.ended():
            demo.stop(signal.SIGTERM)


def silent(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_it_opens_closes_finds_everything_again_and_leaves_nothing_behind(
    open_demo: Callable[..., Demo],
) -> None:
    """Closed by Ctrl-C, killed, and left by one of its programs: three runs on one folder."""
    first = open_demo().opened()
    assert f"http://127.0.0.1:{first.port}/" in first.said
    assert "user demo, password demo-museum" in first.said
    assert "preparing" in first.said
    with urlopen(f"http://127.0.0.1:{first.port}/readyz") as answer:
        assert answer.status == 200
    assert first.stop(signal.SIGINT) == 0
    assert silent(first.port)
    assert silent(first.sandbox_port)

    second = open_demo().opened()
    assert "preparing" not in second.said
    assert not re.search(r"Traceback|ERROR", second.said)
    assert second.stop(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: silent(second.port) and silent(second.sandbox_port), what="the end of its programs")

    third = open_demo().opened()
    os.kill(third.pids()[-1], signal.SIGKILL)
    assert third.wait() == 1, third.said
    assert "has ended with code -9, so everything stops" in third.said
    assert silent(third.port)
    assert silent(third.sandbox_port)


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT"])
def test_a_port_in_use_is_named(name: str, open_demo: Callable[..., Demo]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = open_demo(**{name: str(port)})
        assert demo.wait() == 1
    assert f"Port {port} is in use. Choose another one: {name}=" in demo.said
    assert "Traceback" not in demo.said


def test_production_has_no_demo(open_demo: Callable[..., Demo]) -> None:
    demo = open_demo(DEMO="0")
    assert demo.wait() == 1
    assert "The shop cannot start" in demo.said
