"""What README and guides tell people to type exists, and what is cheap of it runs."""

import json
import re
import shlex
import subprocess
import sys
from itertools import chain
from logging import INFO, LogRecord
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.utils import translation

from shop import tracing
from shop.stack import crew
from staff import worklists
from tests.environment import ROOT, SETTING_NAMES, clean_environment

DOCS = sorted([ROOT / "README.md", ROOT / "benchmarks/README.md", *(ROOT / "docs").glob("*.md")])
GUIDES = {str(path.relative_to(ROOT)): path.read_text() for path in DOCS}
OPERATING = GUIDES["docs/operating.md"]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
EVERYTHING = "\n".join(GUIDES.values())
# The environment and the tools around the shop, which are not ours to check.
FOREIGN = {
    *("git", "cd", "cp", "mkdir", "openssl", "printf", "chmod", "createdb", "export", "set", "python3"),
    *(".venv/bin/pip", ".venv/bin/pytest"),
}


def typed() -> list[list[str]]:
    """Every command of every block of shell, in words, without comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", EVERYTHING, re.MULTILINE | re.DOTALL)
    lines = chain.from_iterable(block.replace("\\\n", " ").splitlines() for block in blocks)
    parts = chain.from_iterable(re.split(r" && |; ", line.partition("#")[0]) for line in lines)
    found = [shlex.split(re.sub(r"<[^>]*>|\$\(.*?\)", "X", part)) for part in parts if part.strip()]
    return [[word for word in words if not re.fullmatch(r"[A-Z_]+=\S*", word)] for words in found if words]


def test_every_command_of_every_guide_is_known() -> None:
    heads = {words[0] for words in typed() if words}
    assert {"make", "docker", ".venv/bin/python"} <= heads
    assert heads <= FOREIGN | {"make", "docker", ".venv/bin/python", ".venv/bin/gunicorn", ".venv/bin/celery"}


def test_every_make_target_exists_and_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text()
    explained = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)(?=[` \n:])", EVERYTHING))
    named &= set(re.findall(r"`make ([a-z-]+)", EVERYTHING)) | {
        w[1] for w in typed() if w[0] == "make" and w[1:]
    }
    assert {"demo", "bench-load", "audit"} <= named
    assert named <= explained
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"make {name}" in told for name in explained)


def test_every_management_command_exists() -> None:
    named = set(re.findall(r"manage\.py (\w+)", EVERYTHING)) - {"step"}
    assert {"backup", "restore", "migrate", "gomus"} <= named
    assert named <= set(get_commands())


def test_every_module_that_is_run_exists() -> None:
    named = set(re.findall(r"-m (shop[\w.]+|tools[\w.]+|benchmarks[\w.]*)", EVERYTHING))
    assert "shop.stack.run" in named
    for name in named:
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), name


def test_every_service_exists() -> None:
    named = set(re.findall(r"docker compose (?:exec|run --rm) ([a-z-]+)", OPERATING))
    for line in re.findall(r"--no-deps (.+)", OPERATING):
        named |= set(line.split())
    assert "worker-orders" in named
    assert named <= SERVICES.keys()
    assert set(re.findall(r"--scale ([a-z-]+)=", EVERYTHING)) <= SERVICES.keys() & crew.SCALE.keys()


def test_every_setting_exists() -> None:
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`", EVERYTHING))
    exported = set(
        re.findall(r"([A-Z]+_[A-Z_]+)=", "\n".join(re.findall(r"^export .*", EVERYTHING, re.MULTILINE)))
    )
    assert "SECRET_KEY_FALLBACKS" in named
    assert "GOMUS_TOKEN_FILE" in exported
    of_others = {"WEB_CONCURRENCY", "FUZZ_CASES", "FAULT_SEED", "LOAD_SECONDS", "LOAD_VISITORS"}
    assert {name.removesuffix("_FILE") for name in named | exported} - of_others <= SETTING_NAMES


def test_every_worklist_of_the_desk_is_explained() -> None:
    explained = set(re.findall(r"^\| ([^`|]+?) \|", OPERATING.partition("## The worklists")[2], re.MULTILINE))
    with translation.override("en"):
        assert {str(kind.title) for kind in worklists._kinds()} <= explained


def test_every_alert_that_is_explained_exists() -> None:
    rules = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text())["groups"][0]["rules"]
    explained = set(re.findall(r"^\| `([A-Z]\w+)` \|", OPERATING, re.MULTILINE))
    assert explained
    assert explained <= {rule["alert"] for rule in rules}


@pytest.mark.parametrize("name", GUIDES)
def test_every_link_and_file_exists(name: str) -> None:
    folder = (ROOT / name).parent
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", GUIDES[name]):
        assert (folder / target).exists(), target
    for path in re.findall(r"`((?:deploy|orders|docs|shop|requirements)/(?!test_)[\w./-]+)`", GUIDES[name]):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize(
    "words",
    [
        ("-m", "shop.stack.run", "--help"),
        ("-m", "shop.stack.run", "status"),
        ("-m", "shop.stack.run", "start", "--scale", "beat=2"),
    ],
)
def test_what_is_said_of_the_house_without_one(words: tuple[str, ...], tmp_path: Path) -> None:
    env = clean_environment() | {"DEMO": "1", "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    told = {0: "start", 1: "does not run", 2: "no more than one beat"}
    assert told[done.returncode] in done.stdout + done.stderr
    assert ("--help" in words) == (done.returncode == 0)


def test_json_lines_say_what_the_guide_says() -> None:
    """The names in the guide are those of a line."""
    told = re.search(r"writes an object per line: (.*?), and where known (.*?)\.", OPERATING, re.DOTALL)
    assert told
    with tracing.about(request="r", job="j", order=7):
        line = json.loads(tracing.JsonLines().format(LogRecord("x", INFO, "", 1, "m", (), None)))
    assert set(re.findall(r"`(\w+)`", told[0])) == set(line)
