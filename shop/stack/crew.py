"""The programs of docker-compose.yml as plain processes: the same names, queues and numbers of jobs at a time."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from shop.stack.processes import Part

# Program of docker-compose.yml: what comes after `celery --app shop.celery worker`.
WORKERS = {
    "worker-orders": "--queues orders --concurrency 4",
    "worker-documents": "--queues documents --concurrency 2 --max-tasks-per-child 200",
    "worker-mail": "--queues mail --concurrency 2",
    "worker-mirror": "--queues mirror --concurrency 2",
}
WEB, BEAT = "web", "beat"
# As many webs as make a restart without a gap possible; whoever wants more says so.
SCALE = {**dict.fromkeys(WORKERS, 1), WEB: 2, BEAT: 1}


def crew(*, run_folder: Path, listener: int, scale: Mapping[str, int]) -> list[Part]:
    """Return all programs in the order in which they start and are renewed: workers, web, beat.

    `listener` is the descriptor of a listening socket that all web servers share, so that none is missed while one
    is renewed. `scale` overrules how many there are of each, by name; 0 where another machine has them.
    """
    numbers = {**SCALE, **scale}
    workers = [part for name in WORKERS for part in _workers(name, numbers[name], run_folder)]
    webs = [_web(f"{WEB}-{at}", run_folder, listener) for at in range(1, numbers[WEB] + 1)]
    return [*workers, *webs, *[_beat(run_folder)][: numbers[BEAT]]]


def is_worker(part: Part) -> bool:
    return part.name.startswith("worker-")


def is_web(part: Part) -> bool:
    return part.name.startswith(f"{WEB}-")


def _workers(name: str, number: int, run_folder: Path) -> Iterator[Part]:
    for at in range(1, number + 1):
        own = f"{name}-{at}"
        line = f"-m celery --app shop.celery --quiet worker {WORKERS[name]} --hostname {own}@%h"
        yield _told(own, line, run_folder)


def _beat(run_folder: Path) -> Part:
    return _told(BEAT, "-m celery --app shop.celery --quiet beat", run_folder)


def _told(name: str, line: str, run_folder: Path) -> Part:
    """A program of Celery, which writes its process id into a file when it works."""
    ready = run_folder / f"{name}.ready"
    return Part(
        name,
        _python(line),
        lambda pid: ready.exists() and ready.read_text() == str(pid),
        env={"READY_FILE": str(ready)},
        unimportant="superuser privileges",
    )


def _web(name: str, run_folder: Path, listener: int) -> Part:
    ready = run_folder / f"{name}.ready"
    return Part(
        name,
        _python(f"-m gunicorn --config gunicorn.conf.py --bind fd://{listener}"),
        lambda pid: Path(f"{ready}.{pid}").exists(),
        env={"READY_FILE": str(ready)},
        inherits=(listener,),
    )


def _python(line: str) -> tuple[str, ...]:
    return (sys.executable, "-u", *line.split())
