"""All tests: `make test`. First on what the shop brings along, then on PostgreSQL and Redis where they answer."""

import getpass
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

ROOT = Path(__file__).resolve().parent.parent
LOCAL_REDIS = "redis://127.0.0.1:6379/0"
MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
# Whole shops mostly wait for each other, so three processes keep two cores busy.
PYTEST = (sys.executable, "-m", "pytest", "--numprocesses", "3", "--dist", "worksteal")
# What gains from another database or broker; everything else sees the same on any of them. The slowest begin.
AGAIN = {
    "deploy": "house",
    "faults": "kill holds random",
    "journeys": "purchase",
    "catalog": "claims finding finding_programme search seeking sync sync_killed",
    "checkout": "back_and_forth basket holds links newsletter ordering races",
    "orders": "booking cancelling collecting engine giving_back payment_calls"
    " payments placing racing reconciling reserving seeking transitions vigil withdrawals",
    "shop": "backup flight gateway health queue",
    "staff": "exports retention",
}
# Whole shops that are killed and renewed, and random lives, run once: on services where there are any.
ONCE = [
    "tests/catalog/test_sync_killed.py",
    "tests/deploy/test_house.py",
    "tests/faults/test_kill.py",
    "tests/faults/test_random.py",
]


def main() -> int:
    services = {
        name: url for name, url in (("TEST_DATABASE_URL", postgres()), ("TEST_REDIS_URL", redis())) if url
    }
    if not services:
        say(
            "no PostgreSQL and no Redis answer here (TEST_DATABASE_URL, TEST_REDIS_URL): running on SQLite alone"
        )
    else:
        say("1 of 2: everything on SQLite and the shop's own broker")
    bare = {
        name: value
        for name, value in os.environ.items()
        if name not in {"TEST_DATABASE_URL", "TEST_REDIS_URL"}
    }
    first = run(bare, *(sys.argv[1:] or (f"--ignore={file}" for file in ONCE if services)))
    if first or not services:
        return first
    say(f"2 of 2: what gains from a database or a broker, on {' and '.join(sorted(services))}")
    return run(bare | services, *(sys.argv[1:] or again()))


def run(env: dict[str, str], *args: str) -> int:
    return subprocess.run([*PYTEST, *args], cwd=ROOT, env=env, check=False).returncode


def again() -> list[str]:
    """Return the tests that gain from other services."""
    return [f"tests/{room}/test_{name}.py" for room, names in AGAIN.items() for name in names.split()]


def postgres() -> str | None:
    """Return the address of a PostgreSQL server on which we may create databases."""
    users = ("postgres:postgres", "postgres", os.environ.get("PGUSER", getpass.getuser()))
    local = [f"postgres://{user}@127.0.0.1:5432/postgres" for user in users]
    given = os.environ.get("TEST_DATABASE_URL")
    return next((url for url in ([given] if given else local) if may_create_databases(url)), given)


def may_create_databases(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute(MAY_CREATE).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def redis() -> str | None:
    """Return the address of a Redis server."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        return given
    try:
        with Redis.from_url(LOCAL_REDIS, socket_connect_timeout=1, socket_timeout=1) as client:
            return LOCAL_REDIS if client.ping() else None
    except RedisError:
        return None


def say(sentence: str) -> None:
    print(f"\n--- {sentence}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
