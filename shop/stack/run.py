"""The shop in production from plain processes: `python -m shop.stack.run start|renew|stop|status`.

`start` goes into the background with a log in DATA_DIR; `foreground` stays, for systemd and its like. `renew` is the
upgrade: it migrates and replaces workers, web and beat without losing a request. Settings come from the environment.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from shop import settings
from shop.stack import recipe
from shop.stack.crew import BEAT, SCALE, crew
from shop.stack.house import House
from shop.stack.log import Log
from shop.stack.processes import Bell, StackError, alone_in

STATE = settings.DATA_DIR / "house.json"
LOG = settings.DATA_DIR / "house.log"
RENEW = signal.SIGUSR1
BACKLOG = 2048  # visitors who may wait at the door while a web server is replaced
START_SECONDS, RENEW_SECONDS, STOP_SECONDS = 180, 900, 300


@dataclass(slots=True)
class State:
    """What the running house tells: its process, whether all of it has started, and how its last renewal went."""

    pid: int
    open: bool = False
    renewals: int = 0
    trouble: str = ""
    programs: dict[str, int] = field(default_factory=dict)

    def tell(self) -> None:
        beside = STATE.with_suffix(".new")
        beside.write_text(json.dumps(asdict(self)))
        beside.replace(STATE)


def running() -> State | None:
    """Return what the house of this DATA_DIR tells, None if there is none."""
    try:
        state = State(**json.loads(STATE.read_text()))
        os.kill(state.pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return state


# --- the house itself -------------------------------------------------------------------------------------


def foreground(scale: Mapping[str, int]) -> None:
    """Open the house and keep it until somebody asks it to stop."""
    recipe.demand_free(settings.PORT, "PORT")
    run_folder = settings.DATA_DIR / "run"
    run_folder.mkdir(parents=True, exist_ok=True)
    for old in run_folder.glob("*.ready*"):
        old.unlink()
    log, state, wanted = Log(), State(os.getpid()), threading.Event()
    signal.signal(RENEW, lambda *_: wanted.set())
    taken = f"The shop of {settings.DATA_DIR} runs already."
    with alone_in(settings.DATA_DIR, "house.lock", taken), Bell() as bell, _door() as door:
        parts = crew(run_folder=run_folder, listener=door, scale=scale)
        house = House(parts, env=os.environ, folder=settings.BASE_DIR, tell=log.tell)
        try:
            _prepare()
            house.open()
            state.open, state.programs = True, house.pids()
            state.tell()
            _keep(house, bell, wanted, state)
        finally:
            house.close()
            STATE.unlink(missing_ok=True)


def _keep(house: House, bell: Bell, wanted: threading.Event, state: State) -> None:
    while not bell.wait(0.25):
        house.look()
        asked = wanted.is_set()
        if asked:
            wanted.clear()
            state.trouble = _renewed(house)
            state.renewals += 1
        if asked or state.programs != house.pids():
            state.programs = house.pids()
            state.tell()


def _renewed(house: House) -> str:
    """Renew the house and return what went wrong, empty if nothing."""
    try:
        _prepare()
        house.renew()
    except StackError as error:
        return str(error)
    return ""


@contextmanager
def _door() -> Iterator[int]:
    with socket.create_server((recipe.HOST, settings.PORT), backlog=BACKLOG) as listener:
        yield listener.fileno()


def _prepare() -> None:
    """What the images of docker-compose.yml do before the programs start."""
    for step in (["migrate", "--noinput"], ["collectstatic", "--noinput", "--verbosity", "0"]):
        command = [sys.executable, "manage.py", *step]
        if subprocess.run(command, cwd=settings.BASE_DIR, check=False).returncode:
            raise StackError(f"manage.py {step[0]} failed; the reason is above.")


# --- speaking to it ---------------------------------------------------------------------------------------


def start(scale: Mapping[str, int]) -> None:
    """Open a house in the background and return when all of it works."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    scales = [f"--scale={name}={number}" for name, number in scale.items()]
    command = [sys.executable, "-m", "shop.stack.run", "foreground", *scales]
    with LOG.open("a") as log:
        child = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not ((state := running()) and state.open and state.pid == child.pid):
        if child.poll() is not None or time.monotonic() > deadline:
            child.terminate()
            raise StackError(f"The shop does not start; {LOG} says why.")
        time.sleep(0.1)


def renew(_scale: Mapping[str, int]) -> None:
    """Have the house renewed and return when that is done."""
    before = _demand()
    os.kill(before.pid, RENEW)
    deadline = time.monotonic() + RENEW_SECONDS
    while (state := _demand()).renewals == before.renewals:
        if time.monotonic() > deadline:
            raise StackError(f"The renewal takes very long; {LOG} says where it stands.")
        time.sleep(0.1)
    if state.trouble:
        raise StackError(f"{state.trouble} What was not replaced goes on as it was.")


def stop(_scale: Mapping[str, int]) -> None:
    """Have everything finish what it does, and return when it has."""
    state = _demand()
    os.kill(state.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while running():
        if time.monotonic() > deadline:
            raise StackError(f"The shop takes very long to stop; its process is {state.pid}.")
        time.sleep(0.1)


def status(_scale: Mapping[str, int]) -> None:
    """Print every program with its process id."""
    for name, pid in _demand().programs.items():
        sys.stdout.write(f"{name:<20} {pid}\n")


def _demand() -> State:
    state = running()
    if state is None:
        raise StackError(f"The shop of {settings.DATA_DIR} does not run.")
    return state


def _arguments() -> Any:
    parser = argparse.ArgumentParser(prog="python -m shop.stack.run", description=__doc__)
    acts = {act.__name__: act for act in (start, renew, stop, status, foreground)}
    parser.add_argument("act", choices=acts)
    parser.add_argument("--scale", action="append", default=[], type=_scaled, metavar="NAME=NUMBER")
    found = parser.parse_args()
    return acts[found.act], dict(found.scale)


def _scaled(text: str) -> tuple[str, int]:
    name, _equals, number = text.partition("=")
    if name not in SCALE or not re.fullmatch("[0-9]{1,3}", number):
        raise argparse.ArgumentTypeError(f"{text!r}: NAME is one of {', '.join(SCALE)}, NUMBER from 0 on")
    if name == BEAT and int(number) > 1:
        raise argparse.ArgumentTypeError("There must be no more than one beat.")
    return name, int(number)


if __name__ == "__main__":
    act, wanted_scale = _arguments()
    with suppress(KeyboardInterrupt):
        try:
            act(wanted_scale)
        except StackError as error:
            sys.exit(str(error))
