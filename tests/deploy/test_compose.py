"""What is deployed fits the shop: every queue has a worker, every image a version, every program a health check."""

import os
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from django.conf import settings

from shop.celery import app
from shop.jobs import QUEUES, Job, Queue
from shop.stack import crew
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


def test_the_client_of_docker_finds_nothing_wrong(tmp_path_factory: pytest.TempPathFactory) -> None:
    docker = shutil.which("docker")
    version = [str(docker), "compose", "version"]
    if not docker or subprocess.run(version, capture_output=True, check=False).returncode:
        pytest.skip("there is no docker compose on this machine")
    example = (ROOT / "deploy/example.env").read_text()
    values = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))
    folder = tmp_path_factory.mktemp("compose")
    for name in ("docker-compose.yml", "Dockerfile"):
        shutil.copy(ROOT / name, folder)
    (folder / ".env").write_text(example)
    command = [docker, "compose", "config", "--quiet"]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | values, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_plain_processes_are_those_of_compose() -> None:
    """The same workers with the same queues and numbers, so that what is tested of one holds for the other."""
    workers = {
        name: str(service["command"]).partition(" worker ")[2]
        for name, service in SERVICES.items()
        if " worker " in str(service.get("command"))
    }
    assert workers == crew.WORKERS
    assert set(crew.SCALE) == {*workers, "web", "beat"}


def test_all_of_ours_are_locked_in() -> None:
    for name in OURS:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service
        assert not service.get("ports"), "only the proxy is reached from outside"


INSTRUCTIONS = [
    line
    for line in re.sub(r"\\\n\s*", " ", DOCKERFILE).splitlines()
    if line.strip() and not line.lstrip().startswith("#")
]


def test_the_proxy_lets_go_of_a_connection_before_the_web_server_does() -> None:
    """Else a form may be sent into a connection that is just being closed, and nobody may send it twice."""
    proxy = re.search(r"keepalive (\d+)s", (ROOT / "deploy/Caddyfile").read_text())
    web = re.search(r"^keepalive = (\d+)", (ROOT / "gunicorn.conf.py").read_text(), re.MULTILINE)
    assert proxy
    assert web
    assert int(proxy[1]) < int(web[1])


def test_what_the_dockerfile_must_keep_to() -> None:
    """The rules of hadolint that matter here, and our own."""
    for line in INSTRUCTIONS:
        word, _space, rest = line.partition(" ")
        assert word in {
            *(
                "FROM",
                "ENV",
                "WORKDIR",
                "RUN",
                "COPY",
                "ARG",
                "USER",
                "VOLUME",
                "EXPOSE",
                "HEALTHCHECK",
                "CMD",
            ),
            "",
        }, line
        if word == "FROM" and ":" in rest:
            assert re.search(r":\d+\.\d+\.\d+", rest), "an image without its whole version moves under us"
        if word == "CMD":
            assert rest.startswith("["), "a shell around a program swallows its signals"
        if "pip install" in rest:
            assert "--require-hashes" in rest, line
            assert "--no-cache-dir" in rest, line
        if "apt-get install" in rest:
            for part in ("apt-get update", "--no-install-recommends", "rm -rf /var/lib/apt/lists/*"):
                assert part in rest, line
        assert not re.search(r"\bsudo\b|curl |wget |ADD ", line), line


def test_no_secret_gets_into_an_image() -> None:
    first, *others = (ROOT / ".dockerignore").read_text().split()
    assert first == "*", "nothing gets in but what is named"
    assert not {".env", "secrets", ".git", ".venv", "var"} & {one.strip("!/") for one in others}
    named = [line for line in INSTRUCTIONS if line.startswith(("ENV", "ARG"))]
    assert not any(re.search(r"SECRET|TOKEN|PASSWORD|_KEY", line) for line in named)


def test_every_app_of_ours_is_in_the_image() -> None:
    named = (ROOT / ".dockerignore").read_text().split()
    ours = {
        name.partition(".")[0] for name in settings.INSTALLED_APPS if (ROOT / name.partition(".")[0]).is_dir()
    }
    assert {"shop", "staff", "orders"} <= ours
    assert {
        f"!{name}" for name in {*ours, "templates", "static", "locale", "manage.py", "gunicorn.conf.py"}
    } <= set(named)


def test_the_last_user_of_an_image_is_not_root() -> None:
    for stage in ("web", "worker"):
        body = re.split(r"^FROM ", DOCKERFILE.split(f" AS {stage}\n")[1], flags=re.MULTILINE)[0]
        assert re.findall(r"^USER (\S+)", body, re.MULTILINE)[-1] == "vitrine"
