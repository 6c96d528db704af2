"""All gates, one after the other: `make check`. Prints a line per gate, and everything a broken one has to say."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DEMO = {"DEMO": "1"}
# What a shop in production sets; nothing here is reached, only judged.
PRODUCTION = {
    "CONTACT_EMAIL": "tickets@shop.example",
    "PUBLIC_URL": "https://shop.example",
    "SECRET_KEY": "0aQz1bRy2cSx3dTw4eUv5fVu6gWt7hXs8iYr9jZq0kAp1lBo2mCn",
    "GOMUS_URL": "https://museum.gomus.example",
    "GOMUS_TOKEN": "a-token-of-the-museum",
    "REDIS_URL": "redis://redis.example:6379/0",
    "DATABASE_URL": "postgres://shop:p%40ss@db.example:5433/shop",
    "EMAIL_URL": "smtp+tls://user:p%40ss@mail.example",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """A command that must end well, and the settings it runs with."""

    name: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)


def gates() -> list[Gate]:
    manage = (sys.executable, "manage.py")
    return [
        Gate("style", (tool("ruff"), "check", "--quiet", ".")),
        Gate("form", (tool("ruff"), "format", "--check", "--quiet", ".")),
        Gate("templates", (tool("djade"), "--check", "--target-version", "5.2", *templates())),
        Gate("floors", (tool("lint-imports"), "--no-logo")),
        Gate("translations", (sys.executable, "-m", "tools.messages", "check")),
        Gate("migrations", (*manage, "makemigrations", "--check", "--dry-run"), DEMO),
        Gate("production", (*manage, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
        Gate("types", (tool("mypy"),)),
    ]


def tool(name: str) -> str:
    return str(BIN / name)


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def passes(gate: Gate) -> bool:
    """Run one gate and say how it went."""
    started = time.monotonic()
    env = {name: value for name, value in os.environ.items() if name not in {"DEMO", *PRODUCTION}}
    done = subprocess.run(
        gate.command, cwd=ROOT, env=env | gate.env, capture_output=True, text=True, check=False
    )
    well = done.returncode == 0
    print(f"{'ok    ' if well else 'BROKEN'} {gate.name:<13}{time.monotonic() - started:5.1f} s", flush=True)
    if not well:
        print(done.stdout + done.stderr)
    return well


if __name__ == "__main__":
    results = [passes(gate) for gate in gates()]
    sys.exit(0 if all(results) else 1)
