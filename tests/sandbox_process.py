"""A sandbox of its own for a test: a real process on a free port, with its own data."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.environment import ROOT, clean_environment
from tests.waiting import until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sandbox:
    """A running sandbox; `control` speaks to its operator's side, `reseller` to its API."""

    def __init__(self, folder: Path, **switches: object) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.database = folder / f"sandbox-{self.port}.sqlite3"
        self._switches = [f"--set={name}={value}" for name, value in switches.items()]
        self.control = httpx.Client(base_url=f"{self.base_url}/_sandbox")
        key = {"Authorization": "Bearer sandbox-reseller"}
        self.reseller = httpx.Client(base_url=f"{self.base_url}/api/v4", headers=key)
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "sandbox",
            "--port",
            str(self.port),
            "--db",
            str(self.database),
            "--quiet",
        ]
        self.process = subprocess.Popen([*command, *self._switches], cwd=ROOT, env=clean_environment())
        until(self._answers, what="the sandbox answering")

    def _answers(self) -> bool:
        assert self.process.poll() is None, "the sandbox ended by itself"
        try:
            return httpx.get(self.base_url).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        self.control.close()
        self.reseller.close()
        self.halt()

    def halt(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self.process.kill()
        self.process.wait(10)

    def restart(self) -> None:
        self.kill()
        self.start()

    # --- the operator -----------------------------------------------------------------------------------

    def switch(self, **values: Any) -> None:
        self.control.post("/switches", json=values).raise_for_status()

    def fault(self, route: str, kind: str, *, times: int | None = 1, seconds: float = 1.0) -> None:
        wanted = {"route": route, "kind": kind, "times": times, "seconds": seconds}
        self.control.post("/faults", json=wanted).raise_for_status()

    def heal(self) -> None:
        self.control.delete("/faults").raise_for_status()

    def set_left(self, ticket_id: int, time: str, left: int) -> None:
        body = {"ticket_id": ticket_id, "time": time, "left": left}
        self.control.post("/left", json=body).raise_for_status()

    def set_price(self, ticket_id: int, cents: int) -> None:
        self.control.post("/price", json={"ticket_id": ticket_id, "price_cents": cents}).raise_for_status()

    def counts(self) -> dict[str, int]:
        """How often each route was asked since the last `forget_requests`."""
        counted: dict[str, int] = self.control.get("/requests").json()["counts"]
        return counted

    def forget_requests(self) -> None:
        self.control.delete("/requests").raise_for_status()

    def ledger(self) -> list[dict[str, Any]]:
        """All orders, newest first; fails when an invariant of the sandbox is broken."""
        told = self.control.get("/ledger").json()
        assert told["broken"] == []
        orders: list[dict[str, Any]] = told["orders"]
        return orders

    def reset(self) -> None:
        self.control.post("/reset").raise_for_status()


def start_sandbox(folder: Path, **switches: object) -> Sandbox:
    """Start a sandbox with its data in `folder`."""
    return Sandbox(folder, **switches)
