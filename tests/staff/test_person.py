"""One person's data: all of it handed out, all of it erased but for what must stay, each time with the reason."""

import json
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkout.models import Subscription
from orders.lifecycle import State
from orders.models import LinkRequest, Order, Withdrawal
from shop.models import Letter
from staff import person
from staff.models import Erasure
from tests.orders.clock import Clock
from tests.orders.given import an_order
from tests.staff.people import a_known_order, files_of, written_of

pytestmark = pytest.mark.django_db
MAIL = "ida@example.org"
PAGE = reverse("admin:staff_person")


def everywhere() -> Order:
    """Ida has ordered, withdrawn, subscribed, asked for links and been written to; somebody else has too."""
    order = a_known_order()
    an_order(email="paul@example.org", family_name="Other")
    Subscription.objects.create(email="Ida@example.org", groups=[{"id": 1, "name": "Monthly"}])
    Subscription.objects.create(email="paul@example.org", groups=[])
    LinkRequest.objects.create(email=MAIL, language="en")
    Letter.objects.create(
        kind=Letter.Kind.ORDERS, recipient=MAIL, message_id="<1@x>", state=Letter.State.SENT, text="Hello Ida"
    )
    Withdrawal.objects.create(
        nonce="1", language="en", number="VT-1", email=MAIL, note="too late", settled_at=timezone.now()
    )
    return order


def ran(*args: str) -> str:
    told = StringIO()
    call_command("person", *args, stdout=told)
    return told.getvalue()


def test_everything_of_a_person_is_handed_out_and_nothing_of_others() -> None:
    order = everywhere()
    told = ran("export", "IDA@example.org")
    found = json.loads(told)
    (theirs,) = found["orders"]
    assert theirs["number"] == order.number
    assert theirs["items"][0]["attendees"] == [{"given_name": "Orla", "family_name": "Brandt"}]
    assert theirs["items"][0]["admissions"] == [{"barcode": "4034210297633-5", "name": "Orla Brandt"}]
    assert {row["kind"] for row in theirs["documents"]} == {"sheets", "invoice"}
    assert theirs["payments"][0]["amount_cents"] == 2800
    assert [row["groups"] for row in found["newsletters"]] == [[{"id": 1, "name": "Monthly"}]]
    assert found["withdrawals"][0]["note"] == "too late"
    assert found["letters"][0]["text"] == "Hello Ida"
    assert len(found["asked_for_links"]) == 1
    assert "paul" not in told
    assert "key-at-the-museum" not in told


def test_after_the_visit_all_goes_but_what_bookkeeping_must_keep(clock: Clock) -> None:
    order = everywhere()
    clock.forward(days=3)
    told = ran("erase", MAIL, "--yes")
    assert f"kept: {order.number}: " in told
    assert "Buchhaltung" in told
    assert "until 20" in told
    assert "Orla" not in written_of(order)
    assert files_of(order) == [f"{order.number}/invoice.pdf"]
    assert order.erasure.reason == Erasure.Reason.WISH
    assert not LinkRequest.objects.exists()
    assert not Letter.objects.exists()
    assert Subscription.objects.get().email == "paul@example.org"
    assert Withdrawal.objects.exists()  # claims may follow from it


def test_what_is_ahead_or_open_stays_and_is_told() -> None:
    ahead = a_known_order()
    open_ = an_order(state=State.PAID)
    failed = an_order(state=State.EXPIRED)
    result = person.erase(MAIL)
    assert {kept.what for kept in result.kept} == {ahead.number, open_.number}
    assert result.gone["orders"] == 1
    failed.refresh_from_db()
    assert failed.email == ""
    assert "Orla" in written_of(ahead)


def test_the_command_erases_nothing_without_being_sure() -> None:
    order = everywhere()
    with pytest.raises(CommandError, match="--yes"):
        ran("erase", MAIL)
    assert "Orla" in written_of(order)
    assert Subscription.objects.count() == 2


def test_staff_look_hand_out_and_erase_and_each_act_is_written_down(boss: Client) -> None:
    everywhere()
    assert "Orders: 1" in boss.post(PAGE, {"email": MAIL, "look": "1"}).content.decode()
    answer = boss.post(PAGE, {"email": MAIL, "export": "1"})
    assert answer["Content-Disposition"] == 'attachment; filename="person.json"'
    assert len(answer.json()["orders"]) == 1
    refused = boss.post(PAGE, {"email": MAIL, "erase": "1"})
    assert refused.status_code == 422
    assert "Please confirm" in refused.content.decode()
    assert Subscription.objects.count() == 2
    done = boss.post(PAGE, {"email": MAIL, "erase": "1", "sure": "on"}).content.decode()
    assert "What stays, and why" in done
    assert Subscription.objects.count() == 1
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert said == ["exported the data of a person", "erased the data of a person"]
    assert not LogEntry.objects.filter(object_repr__contains="ida").exists()


@pytest.mark.parametrize(("right", "act"), [("export_person", "erase"), ("erase_person", "export")])
def test_one_right_does_not_bring_the_other(right: str, act: str) -> None:
    everywhere()
    helper = User.objects.create_user("helper", is_staff=True)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(helper)
    assert client.get(PAGE).status_code == 403
    helper.user_permissions.set(Permission.objects.filter(codename=right))
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, {"email": MAIL, act: "1", "sure": "on"}).status_code == 403
    assert Subscription.objects.count() == 2
