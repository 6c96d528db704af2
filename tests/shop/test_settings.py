"""Every setting has a typed reader, a row in the table, and a sentence for whoever gets it wrong."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from shop.checks import judge
from shop.env import LONGEST_SOCKET, Reader, private_socket
from tests import environment
from tools.check import PRODUCTION

ROWS = re.findall(
    r"^\| `([A-Z_]+)` \| (.*?) \|", (environment.ROOT / "docs/configuration.md").read_text(), re.MULTILINE
)


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    bare = environment.clean_environment()
    return subprocess.run(
        [sys.executable, *command],
        env=bare | env,
        cwd=environment.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings_of(**env: str) -> dict[str, Any]:
    """Read the settings file in a given environment and return all settings."""
    with patch.dict(os.environ, environment.clean_environment() | env, clear=True):
        return runpy.run_path(str(environment.ROOT / "shop/settings.py"))


def faults_of(**env: str) -> str:
    """Read the settings file in a wrong environment and return what is said about it."""
    with pytest.raises(SystemExit) as stop:
        settings_of(**env)
    return str(stop.value)


def test_the_table_has_every_setting_and_no_other() -> None:
    assert sorted(name for name, _ in ROWS) == sorted(environment.SETTING_NAMES)


def test_the_table_marks_what_production_requires() -> None:
    missing = re.findall(r"^  ([A-Z_]+): is missing\.$", faults_of(), re.MULTILINE)
    assert sorted(missing) == sorted(name for name, default in ROWS if default == "*required*")


def test_a_bare_checkout_points_at_the_demo() -> None:
    assert "make demo" in faults_of()


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py",),
        ("-m", "gunicorn", "--bind", "127.0.0.1:0"),
        (
            "-m",
            "gunicorn",
            "--config",
            "python:http",
            "--bind",
            "127.0.0.1:0",
            "--no-control-socket",
            "shop.wsgi",
        ),
        ("-m", "celery", "--app", "shop.celery", "worker"),
    ],
)
def test_every_program_stops_with_the_same_sentences(command: tuple[str, ...]) -> None:
    done = run(*command, **PRODUCTION | {"GOMUS_URL": "museum"})
    assert done.returncode in {1, 3}
    assert "GOMUS_URL: must be scheme and host" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEMO", "perhaps"),
        ("DEBUG", "1"),
        ("PORT", "http"),
        ("PORT", "70000"),
        ("AVAILABILITY_SECONDS", "0"),
        ("ORDER_LEASE_SECONDS", "-3"),
        ("MAIL_SECONDS", "120"),
        ("CONTACT_EMAIL", "nobody"),
        ("ORDER_PREFIX", "vt_"),
        ("PUBLIC_URL", "shop.example"),
        ("PUBLIC_URL", "https://shop.example/shop"),
        ("PUBLIC_URL", "https://shop.example:port"),
        ("GOMUS_URL", "ftp://museum.example"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "demo-only-key-never-accepted-in-production-0123456789abcdef"),
        ("GOMUS_TOKEN", "sandbox-reseller"),
        ("CURRENCY", "euro"),
        ("LANGUAGES", "de,fr"),
        ("PAYMENT_METHODS", "demo"),
        ("PAYMENT_METHODS", "cash"),
        ("STRIPE_SECRET_KEY", "pk_live_public"),
        ("STRIPE_WEBHOOK_SECRET", "secret"),
        ("STRIPE_API_URL", "stripe"),
        ("MOLLIE_API_KEY", "key"),
        ("MOLLIE_API_URL", "https://api.mollie.com/v2"),
        ("TRANSFER_IBAN", "DE03 1203 0000 0000 2020 51"),
        ("TRANSFER_BIC", "bank"),
        ("TRANSFER_DAYS", "0"),
        ("TRANSFER_REMIND_DAYS", "7"),
        ("TIME_ZONE", "Europe/Nowhere"),
        ("TIME_ZONE", "../etc/passwd"),
        ("DATABASE_URL", "mysql://db/shop"),
        ("DATABASE_URL", "db"),
        ("REDIS_URL", "http://redis"),
        ("EMAIL_URL", "mail.example"),
        ("EMAIL_URL", "smtp+tls://mail.example:x"),
        ("ALLOWED_HOSTS", "*"),
        ("LOG_LEVEL", "LOUD"),
        ("GOMUS_TOKEN_FILE", "/nowhere/token"),
    ],
)
def test_nonsense_is_refused_by_name(name: str, value: str) -> None:
    assert re.search(rf"^  {name}: ", faults_of(**PRODUCTION | {name: value}), re.MULTILINE)


@pytest.mark.parametrize(
    ("method", "names"),
    [
        ("stripe", ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"]),
        ("mollie", ["MOLLIE_API_KEY"]),
        ("transfer", ["TRANSFER_IBAN"]),
    ],
)
def test_a_method_without_its_keys_stops_the_start(method: str, names: list[str]) -> None:
    said = faults_of(**PRODUCTION, PAYMENT_METHODS=f"invoice,{method}")
    for name in names:
        assert f"{name}: is missing, and PAYMENT_METHODS has {method}." in said


def test_keys_of_payments_are_read_and_open_the_way_there(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk_live_abc\n")
    keys = {"STRIPE_SECRET_KEY_FILE": str(tmp_path / "key"), "STRIPE_WEBHOOK_SECRET": "whsec_abc"}
    found = settings_of(**PRODUCTION, **keys, PAYMENT_METHODS="invoice,stripe")
    assert found["STRIPE_SECRET_KEY"] == "sk_live_abc"
    forms = found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"]
    assert forms == ["'self'", "https://checkout.stripe.com"]
    assert settings_of(**PRODUCTION)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == ["'self'"]


def test_transfers_need_another_method_beside_them() -> None:
    alone = {"PAYMENT_METHODS": "transfer", "TRANSFER_IBAN": "DE02 1203 0000 0000 2020 51"}
    assert "PAYMENT_METHODS: needs another method" in faults_of(**PRODUCTION, **alone)


def test_starting_the_web_loads_no_client_of_a_provider() -> None:
    code = (
        "import django, sys; django.setup(); import shop.urls, shop.wsgi; "
        "print([name for name in ('stripe', 'mollie', 'pydantic') if name in sys.modules])"
    )
    done = run("-c", code, DEMO="1", DJANGO_SETTINGS_MODULE="shop.settings")
    assert done.stdout.strip() == "[]", done.stderr


def test_secrets_stay_out_of_the_sentences() -> None:
    wrong = {
        "DATABASE_URL": "mysql://u:hush@db/x",
        "EMAIL_URL": "imap://u:hush@m",
        "REDIS_URL": "http://:hush@r",
    }
    assert "hush" not in faults_of(**PRODUCTION | wrong | {"SECRET_KEY": "hush", "GOMUS_TOKEN": "demo-hush"})


def test_secrets_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    found = settings_of(**PRODUCTION | {"GOMUS_TOKEN": "", "GOMUS_TOKEN_FILE": str(tmp_path / "token")})
    assert found["GOMUS_TOKEN"] == "from-a-file"


def test_production_by_environment_alone() -> None:
    found = settings_of(**PRODUCTION)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert found["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert found["ALLOWED_HOSTS"] == ["shop.example"]
    assert found["SESSION_COOKIE_SECURE"] is True
    database = found["DATABASES"]["default"]
    assert (database["HOST"], database["PORT"], database["PASSWORD"]) == ("db.example", 5433, "p@ss")


def test_an_empty_value_counts_as_not_set() -> None:
    assert settings_of(DEMO="1", SHOP_NAME="")["SHOP_NAME"] == "Vitrine"


def test_the_demo_needs_nothing(tmp_path: Path) -> None:
    found = settings_of(DEMO="1", PORT="9000", SANDBOX_PORT="9001", DATA_DIR=str(tmp_path))
    assert (found["PUBLIC_URL"], found["GOMUS_URL"]) == ("http://127.0.0.1:9000", "http://127.0.0.1:9001")
    assert found["REDIS_URL"] == f"unix://{private_socket(tmp_path)}"


def test_the_checks_of_a_good_production_are_clean() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changed", "check"),
    [
        ({"PUBLIC_URL": "http://shop.example"}, "shop.E002"),
        ({"GOMUS_URL": "http://museum.example"}, "shop.E003"),
        ({"DATABASE_URL": "sqlite:////tmp/shop.sqlite3"}, "shop.W001"),
        ({"EMAIL_URL": "console:"}, "shop.W002"),
        ({"DEMO": "1"}, "shop.E001"),
        ({"DEMO": "1", "PAYMENT_METHODS": "demo"}, "shop.E004"),
        ({"STRIPE_SECRET_KEY": "sk_test_1"}, "shop.E005"),
        ({"MOLLIE_API_KEY": "test_1"}, "shop.E005"),
        ({}, None),
    ],
)
def test_dangerous_combinations_are_named(changed: dict[str, str], check: str | None) -> None:
    found = {message.id for message in judge(SimpleNamespace(**settings_of(**PRODUCTION | changed)))}
    assert check in found if check else not found


def test_the_socket_has_a_short_path(tmp_path: Path) -> None:
    assert private_socket(Path("/srv/shop")) == Path("/srv/shop/redis.sock")
    deep = tmp_path / ("long" * 30)
    assert len(str(private_socket(deep))) <= LONGEST_SOCKET
    assert private_socket(deep) == private_socket(deep) != private_socket(deep / "other")


def test_faults_come_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_PORT", "x")
    monkeypatch.setenv("A_FLAG", "x")
    reader = Reader()
    reader.port("A_PORT", 1)
    reader.flag("A_FLAG", default=True)
    with pytest.raises(SystemExit) as stop:
        reader.check()
    assert str(stop.value).count("A_") == 2


def test_features_may_be_set_one_by_one() -> None:
    found = settings_of(DEMO="1", FEATURES_ON="coupons, reservations", FEATURES_OFF="order_parts")
    assert found["FEATURES_ON"] == ["coupons", "reservations"]
    assert found["FEATURES_OFF"] == ["order_parts"]
    untouched = settings_of(DEMO="1")
    assert (untouched["FEATURES_ON"], untouched["FEATURES_OFF"]) == ([], [])


def test_a_feature_nobody_knows_stops_the_start() -> None:
    said = faults_of(DEMO="1", FEATURES_ON="coupons,teleport", FEATURES_OFF="coupons")
    assert "FEATURES_ON: 'teleport' is not one of reservations, coupons" in said
    assert "FEATURES_OFF: 'coupons' cannot be on and off at once." in said
