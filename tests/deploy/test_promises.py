"""What the pages on embedding and threats promise: no frames, words of campaigns change nothing, links open."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import translation

from tests.environment import ROOT

EMBEDDING = (ROOT / "docs/embedding.md").read_text()
THREATS = (ROOT / "docs/threat-model.md").read_text()
LINKS = sorted(set(re.findall(r"`(/(?:de|en)/[^`]*)`", EMBEDDING)))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/de/", "/de/basket/", "/admin/login/", "/de/nothing/here/", "/robots.txt"])
def test_no_page_lets_itself_be_framed(client: Client, path: str) -> None:
    answer = client.get(path)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("link", LINKS)
def test_every_address_to_link_to_exists(link: str) -> None:
    with translation.override(link[1:3]):
        assert resolve(link.partition("?")[0]).namespace in {"catalog", ""}


@pytest.mark.django_db
def test_words_of_a_campaign_change_nothing_on_the_page(client: Client) -> None:
    def page(query: str) -> str:
        text = client.get(f"/de/exhibitions/{query}").content.decode()
        return re.sub(r"(/en/exhibitions/)\?[^\"]*", r"\1", text)

    assert page("?utm_source=museum&utm_campaign=spring") == page("")


def test_every_threat_names_a_mechanism_and_a_test_that_exists() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", THREATS.partition("## Threats")[2], re.MULTILINE)[
        1:
    ]
    assert len(rows) > 20
    for threat, mechanism, tests in rows:
        assert len(mechanism) > 20, threat
        named = re.findall(r"`([a-z_]+/test_\w+\.py)`", tests)
        assert named or "make " in tests, threat
        for name in named:
            assert (ROOT / "tests" / name).exists(), name
