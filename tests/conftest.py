"""What every test stands on: settings of its own, a private broker and cache, a database nobody else uses."""

import os
import subprocess
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import django
import pytest
import redis
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.fixtures import Settings

from tests import environment

DATA = environment.prepare()
# Tests in this process read static files where they are written; the running shops of `stack` collect them.
django_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
Path(django_settings.STATIC_ROOT).mkdir()
# How hard a password is to guess from its hash is Django's to prove; here it would only cost seconds.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()
# Parallel workers inherit this environment and would load the settings before they have one of their own.
os.environ.pop("DJANGO_SETTINGS_MODULE")

from shop.stack import broker  # noqa: E402 - after the settings stand
from tests.stack import Stack, forget_keys  # noqa: E402
from tests.waiting import until  # noqa: E402

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("vitrine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("vitrine")


def pytest_unconfigure() -> None:
    environment.remove(DATA)


@pytest.fixture(scope="session", autouse=True)
def _emptied_by_deleting() -> Iterator[None]:
    """Tests that commit empty every table behind them. PostgreSQL deletes a few rows much faster than it truncates.

    Foreign keys are checked at commit, when all tables are empty; so the order does not matter.
    """

    def delete(self: Any, _style: object, tables: Sequence[str], **how: bool) -> list[str]:
        assert not any(how.values()), "sequences go on, and every table is named"
        return [f"DELETE FROM {self.quote_name(table)}" for table in tables]  # noqa: S608 - names of models

    if connection.vendor != "postgresql":
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "sql_flush", delete)
        yield


@pytest.fixture(scope="session", autouse=True)
def _broker() -> Iterator[None]:
    """A private Redis-compatible server for this process, or room of our own in the one at TEST_REDIS_URL."""
    if not django_settings.REDIS_URL.startswith("unix://" + str(DATA)):
        yield
        forget_keys(django_settings.REDIS_URL, django_settings.REDIS_PREFIX)
        return
    socket = Path(django_settings.REDIS_URL.removeprefix("unix://"))
    server = subprocess.Popen(broker.command(socket, DATA), stdout=subprocess.DEVNULL)
    try:
        until(_answers, seconds=20, what="the private broker")
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _answers() -> bool:
    try:
        with redis.Redis.from_url(django_settings.REDIS_URL) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


@pytest.fixture(autouse=True)
def _empty_cache(settings: Settings) -> Iterator[None]:
    """Every test finds the cache empty, in every thread, without emptying anybody else's."""
    prefix = f"{settings.REDIS_PREFIX}:{uuid.uuid4().hex[:8]}"
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": prefix}}
    yield
    client = vars(caches["default"]).get("_cache")  # there if the test has used it
    for pool in client._pools.values() if client else ():
        pool.disconnect()  # a cache of one's own for every test would keep a socket open for every test


@pytest.fixture(autouse=True)
def _no_hurry(settings: Settings) -> None:
    """All visitors of the tests come from one address, and a fast machine is no attacker."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 0)


@pytest.fixture(autouse=True)
def _language(settings: Settings) -> Iterator[None]:
    """Every test begins in the shop's first language, whatever page the one before has visited."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """One test database per process: a file in our folder, or a name of our own on the PostgreSQL server."""
    database = django_settings.DATABASES["default"]
    on_disk = database["ENGINE"].endswith("sqlite3")
    name = str(DATA / "test.sqlite3") if on_disk else f"test_{DATA.name.replace('-', '_')}"
    database.setdefault("TEST", {})["NAME"] = name


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole running shop, shared by all tests of this process that only visit it."""
    shared = Stack(
        tmp_path_factory.mktemp("stack"),
        SWEEP_SECONDS="2",
        ORDER_LEASE_SECONDS="30",
        CANCELLATION_RULES="dated=24:10",
    )
    try:
        yield shared.open()
    finally:
        shared.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure in a running shop comes with the last lines that shop has said."""
    report = yield
    shop = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(shop, Stack):
        report.sections.append(("What the shop said last", "\n".join(shop.log[-150:])))
    return report


@pytest.fixture
def new_stack(tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    """Open whole shops of the test's own, to stop and kill: `new_stack(ORDER_LEASE_SECONDS="3")`."""
    opened: list[Stack] = []

    def open_stack(**env: str) -> Stack:
        folder = tmp_path / f"stack{len(opened)}"
        folder.mkdir()
        opened.append(Stack(folder, **env))
        return opened[-1].open()

    yield open_stack
    for one in opened:
        one.stop()
