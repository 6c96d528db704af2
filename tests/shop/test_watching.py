"""What machines read: figures behind a key, lines with ids and without secrets."""

import json
import logging
import re
import subprocess
import sys

import pytest
import yaml
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from catalog.models import SyncRun
from orders.lifecycle import State
from shop import meter, tracing
from shop.celery import app
from shop.jobs import Job, Queue
from shop.metrics import KINDS
from shop.tasks import sweep_letters
from tests.environment import ROOT, clean_environment

KEY = "a-key-of-the-monitoring-0123456789"
SECRET = "hush-hush-0123456789"
ROW = re.compile(r'^([a-z_]+)(\{(?:[a-z]+="[^"]*",?)+\})? (\S+)$')


@pytest.fixture
def key(settings: Settings) -> dict[str, str]:
    settings.METRICS_TOKEN = KEY
    return {"authorization": f"Bearer {KEY}"}


def figures(client: Client, key: dict[str, str]) -> dict[str, float]:
    text = client.get("/metrics", headers=key).content.decode()
    rows = [ROW.fullmatch(line) for line in text.splitlines() if not line.startswith("#")]
    return {row[1] + (row[2] or ""): float(row[3]) for row in rows if row}


def line_of(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = json.loads(tracing.JsonLines(secrets=[SECRET]).format(record))
    return found


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("shop.x", logging.INFO, __file__, 1, message, args, None)


@pytest.mark.django_db
@pytest.mark.parametrize("told", ["", "Bearer ", "Bearer wrong", f"Basic {KEY}", "Bearer ü"])
def test_without_the_key_there_are_no_figures(client: Client, key: dict[str, str], told: str) -> None:
    answer = client.get("/metrics", headers={"authorization": told})
    assert (answer.status_code, answer.content) == (401, b"")


def test_without_a_key_in_the_settings_there_is_no_such_page(client: Client) -> None:
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_status(client: Client, key: dict[str, str]) -> None:
    before = figures(client, key)
    client.get("/de/order/a-secret-nobody-has/")
    client.get("/robots.txt")
    client.get("/robots.txt")
    found = figures(client, key)
    for name, more in {
        'vitrine_requests_total{method="GET",route="orders:order",status="404"}': 1,
        "vitrine_request_seconds_count": 3,
        'vitrine_request_seconds_bucket{le="+Inf"}': 3,
    }.items():
        assert found[name] == before.get(name, 0) + more
    assert not any("a-secret-nobody-has" in name for name in found)


@pytest.mark.django_db
def test_figures_of_orders_mirror_queues_and_jobs(client: Client, key: dict[str, str]) -> None:
    SyncRun.objects.create(ok=True, finished_at=timezone.now())
    before = figures(client, key)
    app.send_task(Job.SEND_MAIL.value, args=(7,))
    sweep_letters.apply()
    found = figures(client, key)
    assert all(found[f'vitrine_orders{{state="{state}"}}'] == 0 for state in State)
    mail = f'vitrine_queue_depth{{queue="{Queue.MAIL}"}}'
    assert found[mail] == before[mail] + 1
    done = 'vitrine_jobs_total{job="shop.sweep_letters",outcome="success"}'
    assert found[done] == before.get(done, 0) + 1
    assert 0 <= found["vitrine_mirror_age_seconds"] < 60
    assert found["vitrine_upstream_up"] == 1
    app.control.purge()


@pytest.mark.django_db
def test_the_sums_of_many_processes_are_one(client: Client, key: dict[str, str]) -> None:
    name = 'vitrine_live_answers_total{age="fresh"}'
    before = figures(client, key).get(name, 0)
    for _ in range(3):
        meter.add("vitrine_live_answers_total", age="fresh")
        meter.settle(at_once=True)
    assert figures(client, key)[name] == before + 3


@pytest.mark.django_db
def test_figures_without_the_cache_are_those_of_the_database(
    client: Client, key: dict[str, str], settings: Settings
) -> None:
    settings.REDIS_URL = nowhere = "redis://127.0.0.1:9/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}
    found = figures(client, key)
    assert found['vitrine_orders{state="ready"}'] == 0
    assert not any(name.startswith(("vitrine_requests", "vitrine_queue")) for name in found)


def test_alerts_speak_of_figures_that_exist() -> None:
    rules = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text())["groups"][0]["rules"]
    names = {name for rule in rules for name in re.findall(r"vitrine_[a-z_]+", rule["expr"])}
    assert names
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in names} <= KINDS.keys()


@pytest.mark.django_db
def test_a_request_keeps_its_id_and_a_strange_one_is_replaced(client: Client) -> None:
    assert (
        client.get("/robots.txt", headers={"x-request-id": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    )
    for strange in ("a b", "x" * 65, "<script>alert(1)</script>"):
        answer = client.get("/robots.txt", headers={"x-request-id": strange})
        assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])


def test_a_line_says_what_it_is_about_and_forgets_it_after() -> None:
    with tracing.about(request="abc"):
        tracing.note(order=7)
        line = line_of(record("hello %s", "there"))
    assert (line["request"], line["order"], line["message"]) == ("abc", 7, "hello there")
    assert "request" not in line_of(record("hello"))


def test_a_job_is_known_as_the_consequence_of_its_request() -> None:
    heard: list[dict[str, str | int]] = []

    @app.task(name="tests.listen", shared=False)
    def listen() -> None:
        heard.append(tracing.known())

    with tracing.about(request="abc"):
        listen.apply_async(queue=Queue.MIRROR.value)
    with app.connection_for_read() as connection, connection.SimpleQueue(Queue.MIRROR.value) as queue:
        message = queue.get(block=False)
        message.ack()
    assert message.headers["request_id"] == "abc"
    listen.push_request(request_id="abc")
    listen()
    listen.pop_request()
    del app.tasks["tests.listen"]
    assert heard == [{"job": "tests.listen", "request": "abc"}]


def test_secrets_get_into_no_line() -> None:
    try:
        int(SECRET)
    except ValueError:
        failed = record("asked with %s for /de/order/abcDEF123/documents/4.pdf", SECRET)
        failed.exc_info = sys.exc_info()
    for formatter in (tracing.Lines(secrets=[SECRET]), tracing.JsonLines(secrets=[SECRET])):
        text = formatter.format(failed)
        assert SECRET not in text
        assert "abcDEF123" not in text
        assert "/de/order/…/documents/4.pdf" in text
        assert "ValueError" in text


def test_the_settings_blacken_every_secret_they_know() -> None:
    code = "import logging, sys, django; django.setup(); logging.warning('%s %s %s', *sys.argv[1:])"
    known = {
        "GOMUS_TOKEN": "token-of-museum-77",
        "METRICS_TOKEN": KEY,
        "DATABASE_URL": "postgres://u:dbpass99@h/n",
    }
    env = (
        clean_environment()
        | known
        | {"DEMO": "1", "LOG_FORMAT": "json", "DJANGO_SETTINGS_MODULE": "shop.settings"}
    )
    values = ("token-of-museum-77", KEY, "dbpass99")
    done = subprocess.run(
        [sys.executable, "-c", code, *values], env=env, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stderr)["message"] == "… … …"
