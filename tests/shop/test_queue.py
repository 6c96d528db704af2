"""Ringing for background jobs."""

import logging
import time

import pytest
from celery import Celery
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from shop.jobs import Job
from shop.queue import ring

pytestmark = pytest.mark.django_db
NOBODY = "redis://127.0.0.1:9/0"  # nothing listens there


@pytest.fixture
def dead_broker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is away, behind an app of its own: the usual one may hold open connections to the living."""
    settings.CELERY_BROKER_URL = NOBODY
    lonely = Celery("lonely", set_as_current=False)
    lonely.config_from_object("django.conf:settings", namespace="CELERY")
    monkeypatch.setattr("shop.queue.app", lonely)


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
