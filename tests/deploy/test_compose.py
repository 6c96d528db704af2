"""What is deployed fits the shop: every queue has a worker, every image a version, every program a health check."""

import re
from typing import Any

import pytest
import yaml

from shop.celery import app
from shop.jobs import QUEUES, Job, Queue
from tests.environment import ROOT, SETTING_NAMES

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("vitrine-")]
REQUIRED = re.findall(
    r"^\| `([A-Z_]+)` \| \*required\*", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE
)


def test_every_queue_has_a_worker_of_its_own() -> None:
    commands = [str(service.get("command", "")) for service in SERVICES.values()]
    served = [found for command in commands for found in re.findall(r"--queues (\S+)", command)]
    assert sorted(served) == sorted(queue.value for queue in Queue)


def test_every_job_has_a_queue_and_its_bell_is_sent_there() -> None:
    assert set(QUEUES) == set(Job)
    for job, queue in QUEUES.items():
        assert app.amqp.router.route({}, job.value)["queue"].name == queue.value


def test_a_worker_without_choice_takes_every_queue_the_most_urgent_first() -> None:
    assert list(app.amqp.queues) == [queue.value for queue in Queue]
    assert next(iter(Queue)) is Queue.ORDERS


def test_a_bell_waits_in_the_queue_of_its_job() -> None:
    app.control.purge()
    app.send_task(Job.SEND_MAIL.value, args=(7,))
    with app.connection_for_read() as connection, connection.SimpleQueue(Queue.MAIL.value) as mail:
        message = mail.get(block=False)
        message.ack()
    assert (message.headers["task"], message.payload[0]) == (Job.SEND_MAIL.value, [7])


@pytest.mark.parametrize("name", OURS)
def test_our_programs_get_what_production_requires_and_no_unknown_setting(name: str) -> None:
    given = {setting.removesuffix("_FILE") for setting in SERVICES[name]["environment"]}
    assert set(REQUIRED) <= given <= SETTING_NAMES


def test_secrets_are_files_and_all_are_declared() -> None:
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    for name, value in SERVICES["web"]["environment"].items():
        assert name.endswith("_FILE") == str(value).startswith("/run/secrets/")


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in OURS])
def test_foreign_images_have_a_version_and_a_health_check(name: str) -> None:
    assert re.search(r":\d+\.\d+", SERVICES[name]["image"])
    assert SERVICES[name]["healthcheck"]["test"]


def test_our_images_are_pinned_checked_and_not_root() -> None:
    assert re.findall(r"^FROM (\S+) AS", DOCKERFILE, re.MULTILINE)[0].startswith("python:3.13.")
    for stage in ("web", "worker"):
        body = re.split(r"^FROM ", DOCKERFILE.split(f" AS {stage}\n")[1], flags=re.MULTILINE)[0]
        assert "USER vitrine" in body
        assert "HEALTHCHECK" in body


def test_the_web_image_makes_no_pdf() -> None:
    web = (ROOT / "requirements/web.txt").read_text()
    assert "weasyprint==" not in web
    assert "weasyprint==" in (ROOT / "requirements/runtime.txt").read_text()
    assert "runtime.txt" not in DOCKERFILE.split(" AS web-packages")[1].split("FROM")[0]
