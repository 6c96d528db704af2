"""`manage.py gomus doctor`: plain words and an exit code for a healthy ticket system and for every way to be ill."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from shop.models import FeatureFinding
from shop.stack import prepare
from tests import environment
from tests.api.scripted import ScriptedServer, answer, closed_port, silence
from tests.orders.given import an_order
from tests.sandbox.buyer import Buyer
from tests.sandbox_process import Sandbox, start_sandbox

pytestmark = pytest.mark.django_db
PAGE = b"<!DOCTYPE html><html><title>Museum</title><body>Welcome</body></html>"


@dataclass(frozen=True, slots=True)
class Said:
    """What one run of the doctor said, and its exit code."""

    code: int
    text: str

    def line(self, check: str) -> str:
        """Return the only line about a check, without its padding."""
        (found,) = [line for line in self.text.splitlines() if re.match(rf"\S+ +{check} ", line)]
        return " ".join(found.split())

    def levels(self) -> set[str]:
        return {line.split()[0] for line in self.text.splitlines()}


def doctor() -> Said:
    out = StringIO()
    try:
        call_command("gomus", "doctor", stdout=out)
    except SystemExit as end:
        return Said(int(str(end.code)), out.getvalue())
    return Said(0, out.getvalue())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = start_sandbox(tmp_path_factory.mktemp("sandbox"))
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(running: Sandbox, settings: Settings) -> Iterator[Sandbox]:
    """The ticket system of the settings, as new; its books stay in order."""
    settings.GOMUS_URL = running.base_url
    running.reset()
    running.forget_requests()
    yield running
    running.heal()
    running.ledger()


@pytest.fixture
def upstream(settings: Settings) -> Iterator[Callable[..., None]]:
    """Point the settings at a server that always gives the same answer."""
    with ExitStack() as stack:

        def build(step: Any) -> None:
            settings.GOMUS_URL = stack.enter_context(ScriptedServer(step)).url

        yield build


def test_a_healthy_ticket_system_has_a_good_line_for_every_check(sandbox: Sandbox) -> None:
    said = doctor()
    assert (said.code, said.levels()) == (0, {"ok"})
    assert f"{sandbox.base_url} is go~mus" in said.line("address")
    assert "access reseller" in said.line("key")
    assert said.line("pages") == "ok pages lists come in pages of 100 rows."
    for check in ("orders", "clock", "languages", "currency", "time zone", "catalogue"):
        assert said.line(check).startswith("ok ")


def test_examining_leaves_nothing_behind(sandbox: Sandbox) -> None:
    doctor()
    told = sandbox.control.get("/ledger").json()
    assert (told["orders"], told["used"]) == ([], [])
    writes = [route for route in sandbox.counts() if not route.startswith("GET ")]
    assert writes == ["POST /tickets/reservations"]


# --- five ways to be ill, five answers ------------------------------------------------------------------


def test_a_wrong_address(settings: Settings) -> None:
    settings.GOMUS_URL = f"http://127.0.0.1:{closed_port()}"
    said = doctor()
    assert said.code == 1
    assert said.text.count("\n") == 1  # nothing more can be asked
    assert f"broken address nothing answers at {settings.GOMUS_URL}" in said.line("address")
    assert "GOMUS_URL" in said.text


def test_an_unknown_key(sandbox: Sandbox, settings: Settings) -> None:
    settings.GOMUS_TOKEN = "not-our-key"
    said = doctor()
    assert said.code == 1
    assert said.line("key").startswith("broken key the ticket system does not know our key (401)")
    assert "GOMUS_TOKEN" in said.text
    assert "not-our-key" not in said.text


def test_maintenance_that_says_when_it_ends(sandbox: Sandbox) -> None:
    sandbox.switch(maintenance="json")
    said = doctor()
    assert said.code == 1
    assert "broken address the ticket system is closed for maintenance" in said.line("address")
    assert re.search(r"Try again after \d\d:\d\d:\d\d \(in 30 seconds\)", said.text)


def test_maintenance_behind_a_page(sandbox: Sandbox) -> None:
    sandbox.switch(maintenance="html")
    said = doctor()
    assert said.code == 1
    assert "closed for maintenance (503). Try again in some minutes." in said.line("address")
    assert "web site" not in said.text


@pytest.mark.parametrize("status", [200, 404])
def test_a_plain_web_site(upstream: Callable[..., None], status: int) -> None:
    upstream(answer(status, PAGE, kind="text/html"))
    said = doctor()
    assert said.code == 1
    assert f"is a plain web site, not go~mus: it answers with a page ({status})" in said.line("address")
    assert "GOMUS_URL" in said.text


# --- and the rarer ones ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (answer(302, headers={"Location": "https://elsewhere.example/"}), "sends us elsewhere"),
        (answer(200, {"hello": "world"}), "says neither its version nor its time"),
        (answer(200, ["de"]), "but not as go~mus would"),
        (answer(500, {"error": "Trouble."}), "in trouble: it answered 500"),
        (answer(429, {}, headers={"Retry-After": "7"}), "fewer questions from us (429). Try again after"),
        (answer(200, b"\x00\xff"), "but not as go~mus would"),
    ],
)
def test_every_fault_is_a_sentence(upstream: Callable[..., None], step: Any, words: str) -> None:
    upstream(step)
    said = doctor()
    assert said.code == 1
    assert words in said.line("address")


def test_silence_is_an_answer_that_does_not_come(upstream: Callable[..., None]) -> None:
    upstream(silence())
    assert "nothing answers at" in doctor().line("address")


def test_a_key_no_client_can_send(sandbox: Sandbox, settings: Settings) -> None:
    settings.GOMUS_TOKEN = "schlüssel"
    said = doctor()
    assert said.code == 1
    assert "visible ASCII" in said.line("settings")


@pytest.mark.parametrize(
    ("token", "level", "words"),
    [
        ("sandbox-cashpoint", "ok", "access cashpoint"),
        ("sandbox-customer", "warning", "kind 'customer', which does not sell"),
        ("", "broken", "takes us for an anonymous visitor"),
    ],
)
def test_what_the_key_may_do(
    sandbox: Sandbox, settings: Settings, token: str, level: str, words: str
) -> None:
    settings.GOMUS_TOKEN = token
    said = doctor()
    assert said.line("key").startswith(f"{level} key ")
    assert words in said.line("key")
    assert said.code == (1 if "broken" in said.levels() else 0)


def test_small_pages_are_a_warning_and_no_fault(sandbox: Sandbox, settings: Settings) -> None:
    settings.GOMUS_TOKEN = ""
    assert doctor().line("pages").startswith("warning pages lists come in pages of 25 rows, not of 100.")


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [
        (0, "ok", "both clocks agree"),
        (-90, "warning", "ahead of the ticket system"),
        (90, "warning", "behind the ticket system"),
        (3600, "broken", "behind the ticket system"),
    ],
)
def test_the_clocks(sandbox: Sandbox, seconds: int, level: str, words: str) -> None:
    sandbox.switch(clock_shift_s=seconds)
    said = doctor()
    assert said.line("clock").startswith(f"{level} clock ")
    assert words in said.line("clock")
    assert said.code == (level == "broken")


@pytest.mark.parametrize(
    ("changes", "check", "words"),
    [
        ({"CURRENCY": "CHF"}, "currency", "broken currency prices are in EUR, the shop shows CHF."),
        ({"TIME_ZONE": "Asia/Tokyo"}, "time zone", "broken time zone the ticket system is in Europe/Berlin"),
        ({"TIME_ZONE": "Europe/Vienna"}, "time zone", "ok time zone the ticket system says Europe/Berlin"),
        ({"LANGUAGES": [("de", ""), ("fr", "")]}, "languages", "warning languages there are no texts in fr"),
        ({"LANGUAGES": [("fr", "")]}, "languages", "broken languages there are no texts in fr"),
    ],
)
def test_what_the_shop_was_told_otherwise(
    sandbox: Sandbox, settings: Settings, changes: dict[str, Any], check: str, words: str
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    said = doctor()
    assert said.line(check).startswith(words)
    assert said.code == ("broken" in said.levels())


def test_nothing_to_sell(sandbox: Sandbox) -> None:
    every = sandbox.reseller.get("/tickets", params={"per_page": 100}).json()["tickets"]
    sandbox.control.post("/tickets", json={"hidden": [row["id"] for row in every]}).raise_for_status()
    said = doctor()
    assert said.code == 1
    assert "our key sees no tickets" in said.line("catalogue")
    assert "not known: there is no ticket to ask for" in said.line("reservations")


def test_trouble_in_the_middle_is_told_where_it_happened(sandbox: Sandbox) -> None:
    sandbox.fault("GET /locales", "status_500")
    sandbox.fault("GET /whoami", "html_500")
    said = doctor()
    assert said.code == 1
    assert "in trouble: it answered 500" in said.line("languages")
    assert said.line("clock").startswith("ok ")


def test_a_shop_without_its_tables_is_told_so(sandbox: Sandbox, tmp_path: Path) -> None:
    env = {"DEMO": "1", "DATA_DIR": str(tmp_path), "SANDBOX_PORT": str(sandbox.port)}
    run = subprocess.run(
        [sys.executable, "manage.py", "gomus", "doctor"],
        cwd=environment.ROOT,
        env=environment.clean_environment() | env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1
    assert "Run manage.py migrate first." in run.stderr
    assert "Traceback" not in run.stderr


# --- optional features ----------------------------------------------------------------------------------


def found() -> dict[str, bool | None]:
    return dict(FeatureFinding.objects.values_list("name", "found"))


def test_what_is_learned_without_any_order(sandbox: Sandbox) -> None:
    said = doctor()
    assert said.line("reservations") == "ok reservations yes: places can be held before they are ordered."
    assert "nobody can know before the first order" in said.line("order_parts")
    assert "nobody can know before the first order" in said.line("direct_orders")
    learned = found()
    assert learned["reservations"] is True
    assert (learned["order_parts"], learned["direct_orders"]) == (None, None)


def test_no_route_for_reservations(sandbox: Sandbox) -> None:
    sandbox.fault("POST /tickets/reservations", "status_404")
    assert doctor().line("reservations") == "ok reservations no: our key cannot hold places."
    assert found()["reservations"] is False


def test_a_probe_that_is_not_answered_leaves_what_was_known(sandbox: Sandbox) -> None:
    doctor()
    sandbox.fault("POST /tickets/reservations", "status_500")
    said = doctor()
    assert said.line("reservations").startswith("warning reservations not known: asking failed")
    assert said.code == 0
    assert found()["reservations"] is True


@pytest.mark.parametrize(("permission", "listed"), [("all", True), ("none", False)])
def test_an_order_shows_whether_its_parts_can_be_listed(
    sandbox: Sandbox, permission: str, listed: bool
) -> None:
    Buyer(sandbox).draft()
    sandbox.switch(list_permission=permission)
    doctor()
    assert found()["order_parts"] is listed


def test_a_draft_shows_that_orders_are_not_direct(sandbox: Sandbox) -> None:
    Buyer(sandbox).draft()
    assert "no: an order begins as a draft" in doctor().line("direct_orders")
    assert found()["direct_orders"] is False


def test_a_finished_order_of_somebody_else_shows_nothing(sandbox: Sandbox) -> None:
    sandbox.switch(order_mode="direct")
    Buyer(sandbox).draft()
    doctor()
    assert found()["direct_orders"] is None


@pytest.mark.parametrize("at_once", [True, False])
def test_our_latest_creation_shows_whether_orders_are_direct(sandbox: Sandbox, at_once: bool) -> None:
    an_order(upstream_token="t" * 22, upstream_binding=at_once)
    doctor()
    assert found()["direct_orders"] is at_once


def test_a_setting_that_overrules_a_finding_is_told(sandbox: Sandbox, settings: Settings) -> None:
    settings.FEATURES_OFF = ["reservations"]
    said = doctor()
    assert said.line("reservations").startswith("warning reservations yes: ")
    assert said.line("reservations").endswith("FEATURES_OFF decides.")


def test_the_demo_looks_at_its_sandbox_before_it_opens(sandbox: Sandbox) -> None:
    prepare.optional_features()
    assert found()["reservations"] is True
