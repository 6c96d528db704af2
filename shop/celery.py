"""The Celery app. The database is the queue of record; Celery is the bell that wakes a worker."""

import os
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.signals import beat_init, before_task_publish, worker_ready

from shop import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")


class Traced(Task):  # type: ignore[type-arg] # the real class takes no parameters
    """A job whose log lines name it, the request it follows from and the order it is about."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        facts: dict[str, str | int] = {"job": self.name}
        if followed := self.request.get("request_id"):
            facts[tracing.REQUEST] = followed
        with tracing.about(**facts):
            return super().__call__(*args, **kwargs)


app = Celery("vitrine", task_cls=Traced)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
@worker_ready.connect
def _say_ready(**_: Any) -> None:
    """Tell whoever started this worker or beat, in a process group of its own, that it works now.

    A beat that rides along in a worker is a child of it and leaves the word to the worker.
    """
    path = os.environ.get("READY_FILE")
    if path and os.getpid() == os.getpgrp():
        Path(path).write_text(str(os.getpid()))


@before_task_publish.connect
def _send_the_request_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Let the job be known as a consequence of the request that rang for it."""
    if headers is not None and (request := tracing.known().get(tracing.REQUEST)):
        headers["request_id"] = request
