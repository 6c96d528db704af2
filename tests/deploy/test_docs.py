"""What the guides tell people to type exists."""

import re

import pytest
import yaml
from django.core.management import get_commands

from tests.environment import ROOT, SETTING_NAMES

GUIDES = {path.name: path.read_text() for path in (ROOT / "docs/operating.md", ROOT / "docs/architecture.md")}
OPERATING = GUIDES["operating.md"]


def test_every_command_exists() -> None:
    named = set(re.findall(r"manage\.py (\w+)", OPERATING))
    assert {"backup", "restore", "migrate"} - {"migrate"} <= named
    assert named <= set(get_commands())


def test_every_service_exists() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    named = set(re.findall(r"docker compose (?:exec|run --rm) ([a-z-]+)", OPERATING))
    for line in re.findall(r"--no-deps (.+)", OPERATING):
        named |= set(line.split())
    named |= set(re.findall(r"--scale ([a-z-]+)=", OPERATING))
    assert "worker-orders" in named
    assert named <= services.keys()


def test_every_setting_exists() -> None:
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=\w+)?`", OPERATING))
    assert "SECRET_KEY_FALLBACKS" in named
    assert named <= SETTING_NAMES


def test_every_alert_that_is_explained_exists() -> None:
    rules = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text())["groups"][0]["rules"]
    explained = set(re.findall(r"^\| `([A-Z]\w+)` \|", OPERATING, re.MULTILINE))
    assert explained
    assert explained <= {rule["alert"] for rule in rules}


@pytest.mark.parametrize("name", GUIDES)
def test_every_link_and_file_exists(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDES[name]):
        assert (ROOT / "docs" / target).exists(), target
    for path in re.findall(r"`((?:deploy|orders|docs)/[\w./-]+)`", GUIDES[name]):
        assert (ROOT / path).exists(), path
