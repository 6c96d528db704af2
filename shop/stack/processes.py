"""Programs that live and die together: started in order, watched, stopped in reverse, never left behind."""

import ctypes
import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
PATIENCE = 15.0  # a worker finishes its task, the web server its answers; then they are killed
POLL_SECONDS = 0.05

Tell = Callable[[str, str], None]


class StackError(Exception):
    """The programs cannot run together; the message is a sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Part:
    """One program: its name in the log, its command, and how to see that the process with a given id answers.

    `inherits`: file descriptors it finds open, such as a listening socket.
    """

    name: str
    command: tuple[str, ...]
    answers: Callable[[int], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    unimportant: str = "$^"  # a pattern of lines that would only frighten whoever reads the log
    inherits: tuple[int, ...] = ()


class Process:
    """A running part, in a session of its own, so that Ctrl-C at the terminal reaches only its runner."""

    def __init__(self, part: Part, *, env: Mapping[str, str], folder: Path, tell: Tell) -> None:
        self.part = part
        self._process = subprocess.Popen(
            part.command,
            env={**env, **part.env},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=part.inherits,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, nothing that could lock
        )
        self._reader = threading.Thread(target=self._read, args=(tell,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def returncode(self) -> int | None:
        """Return how the program ended, after its last words were told, or None while it runs."""
        code = self._process.poll()
        if code is not None:
            self._reader.join(timeout=1)
        return code

    def ask(self) -> None:
        """Ask the program to finish what it does."""
        # Only the parent is asked: it knows how to end its children.
        self._process.terminate()

    def stop(self, patience: float = PATIENCE) -> None:
        """Ask the program to finish what it does; kill it and its children when it takes too long."""
        self.ask()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self.kill()

    def kill(self) -> None:
        """End the program and every child of it at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(timeout=1)

    def _read(self, tell: Tell) -> None:
        assert self._process.stdout
        with self._process.stdout as lines:
            for line in lines:
                if not re.search(self.part.unimportant, line):
                    tell(self.part.name, line.rstrip("\n"))


class Runner:
    """Runs parts. `tell(name, line)` receives every line they print."""

    def __init__(self, *, env: Mapping[str, str], folder: Path, tell: Tell) -> None:
        self._env = dict(env)
        self._folder = folder
        self._tell = tell
        self._running: dict[str, Process] = {}

    def start(self, *parts: Part) -> None:
        for part in parts:
            self._running[part.name] = Process(part, env=self._env, folder=self._folder, tell=self._tell)

    def wait_for(self, *names: str, seconds: float = 60) -> None:
        """Return when all these parts answer; raise `StackError` when one dies or stays silent."""
        deadline = time.monotonic() + seconds
        waiting = [self._running[name] for name in names]
        while waiting := [process for process in waiting if not process.part.answers(process.pid)]:
            self.check()
            if time.monotonic() > deadline:
                raise StackError(f"{waiting[0].part.name} did not answer within {seconds:.0f} seconds.")
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Raise `StackError` if any part has ended by itself."""
        for name, process in self._running.items():
            if process.returncode() is not None:
                raise StackError(f"{name} has ended with code {process.returncode()}, so everything stops.")

    def kill(self, name: str) -> None:
        self._running.pop(name).kill()

    def stop_all(self) -> None:
        """Stop what runs, the last started first. Whoever is interrupted in that kills the rest."""
        try:
            while self._running:
                name, process = next(reversed(self._running.items()))
                process.stop()
                del self._running[name]
        finally:
            for process in self._running.values():
                process.kill()


class Bell:
    """Rings when somebody wants the runner to stop: Ctrl-C, a polite kill, a closed terminal."""

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self._rung = threading.Event()

    def __enter__(self) -> "Bell":
        self._before = {number: signal.signal(number, self._ring) for number in self.SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self, seconds: float) -> bool:
        """Return whether it rang within `seconds`."""
        return self._rung.wait(seconds)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if self._rung.is_set():
            raise KeyboardInterrupt  # asked twice: no more patience
        self._rung.set()


@contextmanager
def alone_in(folder: Path, lock: str, otherwise: str) -> Iterator[None]:
    """Hold a folder for this runner alone; raise `StackError` with the sentence `otherwise` if another one has it."""
    with (folder / lock).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackError(otherwise) from error
        yield


def _die_with_parent() -> None:
    """Have the kernel ask this child to stop when its runner is gone, however it went."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
