"""Keeps the programs of a shop in production running: what ends by itself starts again, a renewal leaves no gap.

The listening socket belongs to the house. Web servers come and go behind it, and a visitor who knocks in between waits
in the queue of the socket for the next one.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from shop.stack.crew import is_web, is_worker
from shop.stack.processes import POLL_SECONDS, Part, Process, StackError, Tell

START_SECONDS = 90
PAUSE_SECONDS = (
    1.0  # before what has ended starts again, so that a broken program does not take all of the machine
)
LONGEST_JOB = 60.0  # as stop_grace_period in docker-compose.yml: a worker finishes what it does


class House:
    """All programs of one shop. `tell(name, line)` receives every line they print."""

    def __init__(self, parts: Sequence[Part], *, env: Mapping[str, str], folder: Path, tell: Tell) -> None:
        self._parts = {part.name: part for part in parts}
        self._env, self._folder, self._tell = env, folder, tell
        self._running: dict[str, Process] = {}
        self._again_at: dict[str, float] = {}

    def pids(self) -> dict[str, int]:
        """Return the process id of every program by its name."""
        return {name: process.pid for name, process in self._running.items()}

    def open(self) -> None:
        """Start everything and return when all of it works; raise `StackError` when something does not."""
        started = {name: self._new(part) for name, part in self._parts.items()}
        self._running |= started
        for process in started.values():
            self._wait_for(process)

    def look(self) -> None:
        """Start again what has ended by itself."""
        now = time.monotonic()
        for name, process in list(self._running.items()):
            if process.returncode() is None:
                continue
            if name not in self._again_at:
                process.kill()  # its children, if it left any
                self._tell(name, f"has ended with code {process.returncode()} and starts again")
                self._again_at[name] = now + PAUSE_SECONDS
            elif now >= self._again_at[name]:
                del self._again_at[name]
                self._running[name] = self._new(self._parts[name])

    def renew(self) -> None:
        """Replace every program by a new one: workers, then web after web, then beat.

        A web server goes when its successor answers; workers finish their jobs, and what is rung for meanwhile waits.
        Raises `StackError` when a new program does not work; those not yet replaced then go on as they are.
        """
        self._again_at.clear()
        self._replace([part for part in self._parts.values() if is_worker(part)])
        for part in self._parts.values():
            if is_web(part):
                self._relieve(part)
        self._replace([part for part in self._parts.values() if not is_web(part) and not is_worker(part)])

    def _replace(self, parts: Sequence[Part]) -> None:
        """Stop these all together, then start their successors."""
        for part in parts:
            self._running[part.name].ask()
        for part in parts:
            self._running[part.name].stop(LONGEST_JOB)
        fresh = {part.name: self._new(part) for part in parts}
        self._running |= fresh
        for process in fresh.values():
            self._wait_for(process)

    def _relieve(self, part: Part) -> None:
        """Start the successor first; the old one goes when it answers."""
        fresh = self._new(part)
        self._wait_for(fresh)
        old, self._running[part.name] = self._running[part.name], fresh
        old.stop(LONGEST_JOB)

    def close(self) -> None:
        """Stop everything. Whoever is interrupted in that kills the rest."""
        try:
            for process in self._running.values():
                process.ask()
            while self._running:
                name, process = next(reversed(self._running.items()))
                process.stop(LONGEST_JOB)
                del self._running[name]
        finally:
            for process in self._running.values():
                process.kill()

    def _new(self, part: Part) -> Process:
        return Process(part, env=self._env, folder=self._folder, tell=self._tell)

    def _wait_for(self, process: Process) -> None:
        """Return when it works; if it does not, end it and raise `StackError`."""
        deadline = time.monotonic() + START_SECONDS
        while not process.part.answers(process.pid):
            if process.returncode() is not None or time.monotonic() > deadline:
                process.kill()
                raise StackError(f"{process.part.name} does not start; the reason is in the log.")
            time.sleep(POLL_SECONDS)
