"""Programs live and die together: watched, stopped politely in reverse order, never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop.stack.processes import Part, Runner, StackError
from tests.waiting import until

LISTENING = """
import signal, sys, time
def stop(*_):
    print("stopped", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
time.sleep(60)
"""
# A parent that dies of SIGTERM and leaves a child that ignores it.
STUBBORN = """
import os, signal, time
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(f"child {os.getpid()}", flush=True)
time.sleep(60)
"""
RUNNER = """
import os, sys, time
from pathlib import Path
from shop.stack.processes import Part, Runner
runner = Runner(env=os.environ, folder=Path.cwd(), tell=lambda name, line: print(line, flush=True))
runner.start(Part("sleeper", (sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"),
                  lambda _: True))
time.sleep(60)
"""


class Told(list[tuple[str, str]]):
    def tell(self, name: str, line: str) -> None:
        self.append((name, line))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def runner(told: Told, tmp_path: Path) -> Iterator[Runner]:
    runner = Runner(env=os.environ, folder=tmp_path, tell=told.tell)
    yield runner
    runner.stop_all()


def program(name: str, code: str, told: Told) -> Part:
    return Part(name, (sys.executable, "-c", code), lambda _: (name, "ready") in told)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_all_stop_in_reverse_order(runner: Runner, told: Told) -> None:
    runner.start(program("first", LISTENING, told), program("second", LISTENING, told))
    runner.wait_for("first", "second")
    runner.stop_all()
    assert [name for name, line in told if line == "stopped"] == ["second", "first"]


def test_one_that_ends_by_itself_is_named(runner: Runner, told: Told) -> None:
    runner.start(program("steady", LISTENING, told), program("short", "raise SystemExit(3)", told))
    with pytest.raises(StackError, match="short has ended with code 3"):
        until(runner.check, what="the end of the short one")


def test_one_that_dies_before_it_answers_is_not_waited_for(runner: Runner, told: Told) -> None:
    runner.start(program("broken", "raise SystemExit('no disk')", told))
    with pytest.raises(StackError, match="broken has ended"):
        runner.wait_for("broken")
    assert ("broken", "no disk") in told


def test_one_that_stays_silent_is_named(runner: Runner) -> None:
    runner.start(Part("mute", (sys.executable, "-c", "import time; time.sleep(60)"), lambda _: False))
    with pytest.raises(StackError, match="mute did not answer"):
        runner.wait_for("mute", seconds=0.2)


def test_children_go_with_their_parent(runner: Runner, told: Told) -> None:
    runner.start(Part("stubborn", (sys.executable, "-c", STUBBORN), lambda _: bool(told)))
    runner.wait_for("stubborn")
    child = int(told[0][1].split()[1])
    runner.stop_all()
    until(lambda: not alive(child), what="the end of the child")


def test_lines_nobody_needs_are_not_told(runner: Runner, told: Told) -> None:
    code = "print('WARNING overcommit_memory', flush=True); print('ready', flush=True); import time; time.sleep(60)"
    runner.start(
        Part(
            "broker",
            (sys.executable, "-c", code),
            lambda _: ("broker", "ready") in told,
            unimportant="overcommit",
        )
    )
    runner.wait_for("broker")
    assert [line for _, line in told] == ["ready"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_a_killed_runner_leaves_nothing_behind() -> None:
    runner = subprocess.Popen([sys.executable, "-c", RUNNER], stdout=subprocess.PIPE, text=True)
    assert runner.stdout
    sleeper = int(runner.stdout.readline())
    assert alive(sleeper)
    runner.send_signal(signal.SIGKILL)
    runner.wait()
    until(lambda: not alive(sleeper), what="the end of the orphan")
    runner.stdout.close()
