"""Machines learn whether the process is up and what the shop stands on; they never get an exception or a secret."""

import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from catalog.models import SyncRun
from tests import environment

ASK = """
import django
django.setup()
from django.test import Client
answer = Client().get("/readyz")
print(answer.status_code, answer.content.decode())
"""


def test_the_process_is_up_without_asking_anything(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_with_everything_in_place(client: Client) -> None:
    SyncRun.objects.create(ok=True, finished_at=timezone.now() - timedelta(seconds=90))
    SyncRun.objects.create(ok=False, finished_at=timezone.now())
    answer = client.get("/readyz", headers={"host": "10.0.0.7"})
    state = answer.json()
    assert answer.status_code == 200
    assert (state["ready"], state["database"], state["cache"], state["broker"]) == (True, "ok", "ok", "ok")
    assert 90 <= state["mirror"]["age_seconds"] < 120
    assert state["upstream"] == {"ok": True, "since": None, "retry_at": None}


@pytest.mark.django_db
def test_an_empty_mirror_has_no_age(client: Client) -> None:
    assert client.get("/readyz").json()["mirror"] == {"age_seconds": None}


@pytest.mark.django_db
def test_not_ready_without_cache_and_broker(client: Client, settings: Settings) -> None:
    nowhere = "redis://:hush@127.0.0.1:1/0"
    settings.REDIS_URL = nowhere
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}
    answer = client.get("/readyz")
    state = answer.json()
    assert answer.status_code == 503
    assert (state["ready"], state["database"], state["cache"], state["broker"]) == (
        False,
        "ok",
        "down",
        "down",
    )
    assert b"hush" not in answer.content


def test_not_ready_without_a_database(tmp_path: Path) -> None:
    env = environment.clean_environment() | {
        "DEMO": "1",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://shop:hush@127.0.0.1:1/shop",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
    }
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=env, cwd=environment.ROOT, capture_output=True, text=True, check=True
    )
    status, _, body = done.stdout.partition(" ")
    state = json.loads(body)
    assert (status, state["database"], state["mirror"]) == ("503", "down", {"age_seconds": None})
    assert "hush" not in done.stdout
    assert time.monotonic() - started < 20
