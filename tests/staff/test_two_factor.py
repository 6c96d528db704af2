"""The second factor: nobody comes to the desk with a password alone where it is asked for."""

import re
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from tests.orders.clock import Clock

pytestmark = pytest.mark.django_db
LOGIN, DESK, LIST = reverse("admin:login"), reverse("admin:index"), reverse("admin:orders_order_changelist")
STEP, APP = reverse("admin:two_factor"), reverse("admin:two_factor_enrol")
WORDS = {"username": "ida", "password": "right-word-here"}


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    settings.REQUIRE_TWO_FACTOR = True


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Stands still, so that a code is the one of its half minute."""
    with time_machine.travel(1_800_000_000, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def ida(clock: Clock) -> User:
    return User.objects.create_superuser(WORDS["username"], password=WORDS["password"])


def logged_in() -> Client:
    """Somebody who knows the password."""
    client = Client(headers={"Accept-Language": "en"})
    assert client.post(f"{LOGIN}?next={LIST}", WORDS).status_code == 302
    return client


def shown() -> str:
    """What the app shows now."""
    code = TOTP(TOTPDevice.objects.get().bin_key)
    code.time = time.time()
    return f"{code.token():06}"


def enrolled() -> list[str]:
    """Set the app up and return the codes for paper."""
    client = logged_in()
    client.get(APP)
    page = client.post(APP, {"code": shown()}).content.decode()
    return re.findall(r"<code>(\w+)</code>", page)


def test_a_first_login_is_led_to_the_app_and_then_to_the_page_that_was_wanted(ida: User) -> None:
    client = logged_in()
    assert client.get(LIST, follow=True).redirect_chain[-1][0] == f"{APP}?next={quote(LIST, safe='')}"
    page = client.get(APP)
    assert 'src="data:image/svg+xml' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    wrong = client.post(APP, {"code": "000000", "next": LIST})
    assert wrong.status_code == 422
    assert client.get(LIST).status_code == 302
    TOTPDevice.objects.get().throttle_reset()
    done = client.post(APP, {"code": shown(), "next": LIST}).content.decode()
    assert len(re.findall(r"<code>\w{8}</code>", done)) == 10
    assert f'href="{LIST}"' in done
    assert client.get(LIST).status_code == 200


def test_who_is_enrolled_needs_the_code_of_now_and_each_counts_once(ida: User, clock: Clock) -> None:
    enrolled()
    clock.forward(seconds=60)
    client = logged_in()
    assert client.get(DESK).status_code == 302
    code = shown()
    assert client.post(STEP, {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    assert client.get(DESK).status_code == 200
    again = logged_in()
    assert again.post(STEP, {"code": code}).status_code == 422
    assert again.get(DESK).status_code == 302


def test_a_code_on_paper_opens_once(ida: User, clock: Clock) -> None:
    code = enrolled()[0]
    assert logged_in().post(STEP, {"code": code.upper()}).status_code == 302
    again = logged_in()
    assert again.post(STEP, {"code": code}).status_code == 422
    assert again.get(DESK).status_code == 302


def test_guessing_gets_slower(ida: User, clock: Clock) -> None:
    enrolled()
    clock.forward(seconds=60)
    client = logged_in()
    for guess in ("000000", "000001"):
        client.post(STEP, {"code": guess})
    assert client.post(STEP, {"code": shown()}).status_code == 422  # right, but too soon
    clock.forward(seconds=60)
    assert client.post(STEP, {"code": shown()}).status_code == 302


def test_a_stolen_password_enrols_no_other_app(ida: User, clock: Clock) -> None:
    enrolled()
    thief = logged_in()
    assert thief.get(APP)["Location"] == STEP
    assert thief.post(APP, {"code": "000000"})["Location"] == STEP
    assert TOTPDevice.objects.count() == 1


def test_another_app_replaces_the_first_one(ida: User, clock: Clock) -> None:
    enrolled()
    first = TOTPDevice.objects.get()
    clock.forward(seconds=60)
    client = logged_in()
    client.post(STEP, {"code": shown()})
    client.get(APP)
    new = TOTP(TOTPDevice.objects.get(confirmed=False).bin_key)
    new.time = time.time()
    assert client.post(APP, {"code": f"{new.token():06}"}).status_code == 200
    assert TOTPDevice.objects.get().bin_key != first.bin_key
    assert client.get(DESK).status_code == 200


def test_no_staff_no_step(clock: Clock) -> None:
    User.objects.create_user("guest", password="right-word-here")
    guest = Client()
    guest.force_login(User.objects.get())
    for page in (STEP, APP):
        assert guest.get(page)["Location"] == LOGIN
        assert Client().get(page)["Location"] == LOGIN


def test_the_way_on_never_leads_to_another_house(ida: User, clock: Clock) -> None:
    code = enrolled()[0]
    answer = logged_in().post(STEP, {"code": code, "next": "https://evil.example/"})
    assert answer["Location"] == DESK


def test_where_it_is_not_required_only_who_has_it_is_asked(
    ida: User, settings: Settings, clock: Clock
) -> None:
    settings.REQUIRE_TWO_FACTOR = False
    client = logged_in()
    assert client.get(DESK).status_code == 200
    enrolled()
    assert logged_in().get(DESK).status_code == 302


def test_the_operator_resets_it(ida: User, clock: Clock) -> None:
    with pytest.raises(CommandError, match="no second factor"):
        call_command("two_factor", "reset", "ida")
    enrolled()
    call_command("two_factor", "reset", "ida")
    assert logged_in().get(DESK, follow=True).redirect_chain[-1][0].startswith(APP)
    with pytest.raises(CommandError, match="Nobody is called"):
        call_command("two_factor", "reset", "paul")


def test_nobody_sees_the_secrets_of_others() -> None:
    assert not {model._meta.app_label for model in admin.site._registry} & {"otp_totp", "otp_static"}
