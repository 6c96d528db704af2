"""Ringing for background jobs."""

import logging
import time
from collections.abc import Iterator

import pytest
from celery import Celery
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings
from redis import Redis

from shop.jobs import Job, Queue
from shop.queue import LONG, depths, remind, ring

pytestmark = pytest.mark.django_db
NOBODY = "redis://127.0.0.1:9/0"  # nothing listens there


@pytest.fixture
def dead_broker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is away, behind an app of its own: the usual one may hold open connections to the living."""
    settings.CELERY_BROKER_URL = NOBODY
    lonely = Celery("lonely", set_as_current=False)
    lonely.config_from_object("django.conf:settings", namespace="CELERY")
    monkeypatch.setattr("shop.queue.app", lonely)


@pytest.fixture
def quiet(settings: Settings) -> Iterator[None]:
    """No bell hangs in any queue, before and after."""
    keys = [f"{settings.REDIS_PREFIX}:{queue}" for queue in Queue]
    with Redis.from_url(settings.REDIS_URL) as client:
        client.delete(*keys)
        yield
        client.delete(*keys)


@pytest.mark.usefixtures("dead_broker")
def test_a_bell_that_cannot_ring_is_logged_and_nobody_waits_for_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, caplog: pytest.LogCaptureFixture
) -> None:
    started = time.monotonic()
    with caplog.at_level(logging.WARNING, "shop.queue"), django_capture_on_commit_callbacks(execute=True):
        ring(Job.ADVANCE_ORDER, 7)
    assert "waits for the sweep" in caplog.text
    assert time.monotonic() - started < 3


def test_a_bell_rings_only_after_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        ring(Job.ADVANCE_ORDER, 7)
    assert len(callbacks) == 1


@pytest.mark.usefixtures("quiet")
def test_a_look_rings_for_the_first_while_the_queue_is_short(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """However often somebody looks, a queue that nobody empties does not grow without end."""
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            remind(Job.FETCH_DOCUMENTS, range(LONG * 2))
    assert depths()[Queue.DOCUMENTS] == LONG
    with django_capture_on_commit_callbacks() as rung:
        remind(Job.SEND_MAIL, [7])  # another queue
    assert len(rung) == 1


def test_without_a_broker_a_look_waits_for_the_next(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = NOBODY
    with caplog.at_level(logging.WARNING, "shop.queue"):
        remind(Job.ADVANCE_ORDER, [7])
    assert "waits for the next look" in caplog.text
