"""Rings background jobs by name, after commit. A bell that cannot ring is logged: the sweep finds the work."""

import logging
from collections.abc import Iterable
from functools import partial
from itertools import islice

from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from shop.celery import app
from shop.jobs import QUEUES, Job, Queue

log = logging.getLogger(__name__)

LONG = 100  # bells; a queue that long needs no reminders


def ring(job: Job, *args: int | str, delay: float = 0) -> None:
    """Ask a worker to run `job` with `args` (ids only) once the current transaction is committed.

    Never raises: the rows written by the caller are the order to work, a sweep picks up what no bell announced.
    """
    transaction.on_commit(partial(_send, job, args, delay))


def remind(job: Job, ids: Iterable[int]) -> None:
    """Ring for work that no bell may have announced, the first of `ids` first, while its queue is short.

    In a long queue the bells of most of it hang already: ringing for all of them at every look would keep the
    workers busy with bells for nothing, and everything less urgent would wait behind those.
    """
    try:
        room = LONG - depths()[QUEUES[job]]
    except RedisError:
        log.warning("broker unreachable, %s waits for the next look", job.value)
        return
    for pk in islice(ids, max(room, 0)):
        ring(job, pk)


def depths() -> dict[Queue, int]:
    """Return how many bells no worker has heard yet, by queue. Raises RedisError."""
    with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
        return {queue: int(str(client.llen(f"{settings.REDIS_PREFIX}:{queue}"))) for queue in Queue}


def _send(job: Job, args: tuple[int | str, ...], delay: float) -> None:
    try:
        app.send_task(job.value, args=args, countdown=delay or None, retry=False)
    except OperationalError:
        log.warning("broker unreachable, %s%s waits for the sweep", job.value, args)
