"""The whole real shop for a test: broker, sandbox, worker with beat, web, each its own process, on ports of its own."""

import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql
from redis import Redis

from shop.env import private_socket
from shop.stack import recipe
from shop.stack.processes import Runner, StackError
from tests import environment

START_SECONDS = 90  # two busy cores may be slow; a healthy start takes about five


class Stack:
    """A running shop with its own data. `env` adds or overrides settings, such as ORDER_LEASE_SECONDS="3".

    Without TEST_DATABASE_URL and TEST_REDIS_URL everything is inside `folder`; with them the shop gets a database
    of its own on that server, and a prefix of its own there.
    """

    def __init__(self, folder: Path, **env: str) -> None:
        port, sandbox_port = free_ports(2)
        self.folder = folder
        self.name = f"vitrine_stack_{uuid.uuid4().hex[:10]}"
        self._server = os.environ.get("TEST_DATABASE_URL", "")
        self.env = environment.clean_environment() | {
            "DEMO": "1",
            "DATA_DIR": str(folder),
            "STATIC_ROOT": str(environment.shared_static()),
            "RATE_LIMITS": "basket=0,search=0,keys=0",  # all visitors of a test come from one address
            "PREFETCH_SECONDS": "0",  # trouble rehearsed for a visitor must not be met by a background job
            "PAGE_WAIT_MS": environment.PAGE_WAIT_MS,
            "WATCH_PER_MINUTE": "0",
            "PORT": str(port),
            "SANDBOX_PORT": str(sandbox_port),
            "REDIS_URL": os.environ.get("TEST_REDIS_URL", f"unix://{private_socket(folder)}"),
            "REDIS_PREFIX": self.name,
            **({"DATABASE_URL": _named(self._server, self.name)} if self._server else {}),
            **env,
        }
        self.base_url = f"http://{recipe.HOST}:{port}"
        self.sandbox_url = f"http://{recipe.HOST}:{sandbox_port}"
        at = recipe.Address(port, sandbox_port, folder, self.env["REDIS_URL"])
        parts = [recipe.sandbox_part(at), recipe.worker_part(at), recipe.web_part(at)]
        if "TEST_REDIS_URL" not in os.environ:
            parts.insert(0, recipe.broker_part(at))
        self._parts = {part.name: part for part in parts}
        self._runner = Runner(env=self.env, folder=environment.ROOT, tell=self._tell)
        self.log: list[str] = []

    def open(self) -> Self:
        """Start everything and return when it answers."""
        if self._server:
            _on_server(self._server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
        self.start(*[name for name in ("broker", "sandbox") if name in self._parts])
        self.manage("prepare_demo")
        self.start("worker", "web")
        return self

    def start(self, *names: str) -> None:
        """Start these programs and return when they answer."""
        try:
            self._runner.start(*(self._parts[name] for name in names))
            self._runner.wait_for(*names, seconds=START_SECONDS)
        except StackError as error:
            raise AssertionError(f"{error}\n" + "\n".join(self.log[-60:])) from error

    def kill(self, *names: str) -> None:
        """SIGKILL these programs and their children, as a power cut would."""
        for name in names:
            self._runner.kill(name)

    def close_database(self) -> None:
        """Cut every connection to the shop's database and let nobody in, as when PostgreSQL restarts."""
        self._let_in(False)
        cut = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}")
        _on_server(self._server, cut.format(sql.Literal(self.name)))

    def open_database(self) -> None:
        """End what `close_database` began."""
        self._let_in(True)

    def _let_in(self, anybody: bool) -> None:
        change = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        _on_server(self._server, change.format(sql.Identifier(self.name), sql.Literal(anybody)))

    def stop(self) -> None:
        """Stop everything and leave nothing behind."""
        self._runner.stop_all()
        if self._server:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name))
            _on_server(self._server, drop)
        if "TEST_REDIS_URL" in os.environ:
            forget_keys(self.env["REDIS_URL"], self.name)

    def manage(self, *args: str) -> str:
        """Run `manage.py` inside this shop and return what it printed."""
        return self._python("manage.py", *args)

    def shell(self, code: str) -> str:
        """Run Python inside this shop, with Django set up, and return what it printed."""
        return self._python("-c", f"import django\ndjango.setup()\n{code}").strip()

    def _python(self, *args: str) -> str:
        env = self.env | {"DJANGO_SETTINGS_MODULE": "shop.settings"}
        done = subprocess.run(
            [sys.executable, *args],
            env=env,
            cwd=environment.ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{args} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

    def _tell(self, name: str, line: str) -> None:
        self.log.append(f"{name:<8}| {line}")


class House(Stack):
    """The same shop as in production: the programs of docker-compose.yml, kept by `shop.stack.run`.

    `scale` is what its command line takes, such as "web=1".
    """

    def __init__(self, folder: Path, *scale: str, **env: str) -> None:
        super().__init__(folder, **env)
        self._scale = [f"--scale={one}" for one in scale]

    def open(self) -> Self:
        if self._server:
            _on_server(self._server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
        self.start(*[name for name in ("broker", "sandbox") if name in self._parts])
        self.manage("prepare_demo")
        self.act("start", *self._scale)
        return self

    def act(self, *words: str) -> str:
        """Give the house one of its commands and return what it printed."""
        return self._python("-m", "shop.stack.run", *words)

    def pids(self) -> dict[str, int]:
        """Return the process ids of its programs by name."""
        return {name: int(pid) for name, pid in map(str.split, self.act("status").splitlines())}

    def complaints(self) -> list[str]:
        """Return the last warnings and errors in the log of its programs."""
        lines = (self.folder / "house.log").read_text().splitlines()
        return [line for line in lines if "Error" in line or "WARNING" in line or "ERROR" in line][-60:]

    def stop(self) -> None:
        if (self.folder / "house.json").exists():
            self.act("stop")
        super().stop()


def forget_keys(redis_url: str, prefix: str) -> None:
    """Delete what a test run has left on a shared Redis server."""
    with Redis.from_url(redis_url) as client:
        for key in client.scan_iter(match=f"*{prefix}*", count=1000):
            client.delete(key)


def free_ports(count: int) -> list[int]:
    """Return ports that nobody uses now; all are held until the last is found, so that none comes twice."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((recipe.HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _named(server: str, name: str) -> str:
    """Return the address of the database `name` on the server of a given address."""
    address, _, options = server.partition("?")
    base = address.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{options}" if options else "")


def _on_server(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(_named(server, "postgres"), autocommit=True) as connection:
        connection.execute(statement)
