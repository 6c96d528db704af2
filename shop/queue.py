"""Rings background jobs by name, after commit. A bell that cannot ring is logged: the sweep finds the work."""

import logging
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError

from shop.celery import app
from shop.jobs import Job

log = logging.getLogger(__name__)


def ring(job: Job, *args: int | str, delay: float = 0) -> None:
    """Ask a worker to run `job` with `args` (ids only) once the current transaction is committed.

    Never raises: the rows written by the caller are the order to work, a sweep picks up what no bell announced.
    """
    transaction.on_commit(partial(_send, job, args, delay))


def _send(job: Job, args: tuple[int | str, ...], delay: float) -> None:
    try:
        app.send_task(job.value, args=args, countdown=delay or None, retry=False)
    except OperationalError:
        log.warning("broker unreachable, %s%s waits for the sweep", job.value, args)
