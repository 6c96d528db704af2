"""The withdrawal function: two steps for anybody, one declaration per confirmation, a receipt, and no oracle."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from orders import forwarding, selectors, tasks, withdrawals
from orders.lifecycle import Outcome, State, Step
from orders.models import Order, Withdrawal
from orders.withdrawal_views import OPEN_FOR
from shop.models import Letter
from tests.orders.clock import Clock
from tests.orders.given import an_order
from tests.orders.museum import Museum

pytestmark = pytest.mark.django_db
Forward = Withdrawal.Forward
WITHDRAW, CONFIRM = "/en/withdraw/", "/en/withdraw/confirm/"
ENTERED = {
    "number": "VT-ABC234",
    "given_name": "Ida",
    "family_name": "Brandt",
    "email": "ida@example.org",
    "note": "Only the adults.\r\nThank you",
}


def token(client: Client, **changes: str) -> str:
    """Go through step one and return what step two carries."""
    answer = client.post(WITHDRAW, ENTERED | changes)
    assert answer.status_code == 200
    found = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def declared(client: Client, **changes: str) -> Withdrawal:
    """Declare to the end."""
    answer = client.post(CONFIRM, {"token": token(client, **changes)})
    assert answer.status_code == 302, answer.content.decode()
    return Withdrawal.objects.get(secret=answer["Location"].split("/")[-2])


def a_booked_order(**fields: Any) -> Order:
    return an_order(**{"state": State.READY, "upstream_id": 4711} | fields)


class TestDeclaring:
    @pytest.mark.parametrize("page", ["/en/", "/en/about/terms/", "/en/basket/"])
    def test_every_page_leads_there_without_a_login(self, client: Client, page: str) -> None:
        assert f'href="{WITHDRAW}"' in client.get(page).content.decode()

    def test_nothing_is_declared_before_the_second_step(self, client: Client) -> None:
        token(client)
        assert not Withdrawal.objects.exists()
        assert not Letter.objects.exists()

    def test_the_receipt_has_content_date_and_time_as_page_and_mail(self, client: Client) -> None:
        row = declared(client)
        assert (row.number, row.family_name, row.note) == (
            "VT-ABC234",
            "Brandt",
            "Only the adults.\nThank you",
        )
        letter = Letter.objects.get()
        assert letter.recipient == "ida@example.org"
        page = client.get(reverse("orders:withdrawn", args=[row.secret])).content.decode()
        at = timezone.localtime(row.received_at)
        for words in (letter.text, letter.html, page):
            for told in ("VT-ABC234", "Ida Brandt", "Only the adults.", f"{at:%M:%S}", str(at.year)):
                assert told in words

    def test_two_clicks_are_one_declaration(self, client: Client) -> None:
        once = token(client)
        first, second = (client.post(CONFIRM, {"token": once})["Location"] for _ in range(2))
        assert first == second
        assert (Withdrawal.objects.count(), Letter.objects.count()) == (1, 1)

    @pytest.mark.parametrize("field", ["number", "given_name", "family_name", "email"])
    def test_what_is_missing_is_asked_for_and_the_rest_kept(self, client: Client, field: str) -> None:
        answer = client.post(WITHDRAW, ENTERED | {field: " "})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f'href="#id_{field}"' in page
        assert all(value.split("\r")[0] in page for name, value in ENTERED.items() if name != field)

    def test_back_from_the_second_step_brings_everything_along(self, client: Client) -> None:
        page = client.post(WITHDRAW, {"again": token(client)}).content.decode()
        assert 'value="VT-ABC234"' in page
        assert "Only the adults." in page

    @pytest.mark.parametrize("bad", ["", "nonsense", "signed elsewhere"])
    def test_a_confirmation_that_is_not_ours_declares_nothing(self, client: Client, bad: str) -> None:
        if bad == "signed elsewhere":
            bad = signing.dumps(ENTERED | {"nonce": "n"}, salt="elsewhere")
        assert client.post(CONFIRM, {"token": bad})["Location"] == WITHDRAW
        assert not Withdrawal.objects.exists()

    def test_a_confirmation_after_a_day_is_asked_for_again(self, client: Client, clock: Clock) -> None:
        old = token(client)
        clock.forward(seconds=OPEN_FOR + 60)
        assert client.post(CONFIRM, {"token": old})["Location"] == WITHDRAW

    def test_who_comes_from_the_order_need_not_type(self, client: Client) -> None:
        order = a_booked_order()
        page = client.get(WITHDRAW, {"order": order.secret}).content.decode()
        assert order.number in page
        assert order.email in page
        assert order.email not in client.get(WITHDRAW, {"order": order.number}).content.decode()

    def test_nobody_learns_whether_an_order_exists(self, client: Client) -> None:
        order = a_booked_order()
        pages = []
        for number in (order.number, "VT-NONE99"):
            row = declared(client, number=number, email=order.email)
            page = client.get(reverse("orders:withdrawn", args=[row.secret])).content.decode()
            pages.append(re.sub(r"\d\d:\d\d:\d\d", "", page.replace(number, "").replace(row.secret, "")))
        assert pages[0] == pages[1]

    def test_floods_are_refused_with_a_way_out(self, client: Client) -> None:
        for _ in range(withdrawals.MOST_PER_ADDRESS):
            declared(client)
        answer = client.post(CONFIRM, {"token": token(client)})
        assert answer.status_code == 429
        assert "mailto:" in answer.content.decode()
        assert Withdrawal.objects.count() == withdrawals.MOST_PER_ADDRESS
        declared(client, email="paul@example.org")  # others are not kept out


class TestForwarding:
    pytestmark = pytest.mark.django_db(transaction=True)

    def of_order(self, client: Client, order: Order | None = None) -> Withdrawal:
        order = order or a_booked_order()
        row = declared(client, number=f" {order.number.lower()} ", email=order.email.upper())
        assert (row.order, row.forward) == (order, Forward.WAITING)
        return row

    def asked(self, museum: Museum) -> list[dict[str, str]]:
        found: list[dict[str, str]] = museum._sandbox.control.get("/ledger").json()["withdrawals"]
        return found

    def test_the_museum_is_told_once_and_the_journal_knows(self, museum: Museum, client: Client) -> None:
        row = self.of_order(client)
        for _ in range(2):
            forwarding.forward(row.pk)
        [asked] = self.asked(museum)
        assert (asked["order_id"], asked["last_name"]) == ("4711", "Brandt")
        row.refresh_from_db()
        assert row.forward == Forward.SENT
        assert row.order is not None
        [entry] = row.order.journal.filter(step=Step.WITHDRAW)
        assert (entry.outcome, entry.answer) == (Outcome.OK, {"withdrawal": row.pk})
        with translation.override("en"):
            told = [str(happening.text) for happening in selectors.timeline(row.order)]
        assert "Withdrawal passed on to the museum" in told

    def test_an_order_not_found_is_left_to_staff(self, museum: Museum, client: Client) -> None:
        order = a_booked_order()
        for wrong in ({"number": "VT-NONE99"}, {"number": order.number, "email": "paul@example.org"}):
            row = declared(client, **wrong)
            assert (row.order, row.forward) == (None, Forward.NONE)
            forwarding.forward(row.pk)
        assert self.asked(museum) == []

    def test_a_museum_that_is_away_is_told_later(self, museum: Museum, client: Client, clock: Clock) -> None:
        row = self.of_order(client)
        museum._sandbox.switch(maintenance="json")
        forwarding.forward(row.pk)
        museum._sandbox.switch(maintenance="off")
        row.refresh_from_db()
        assert row.forward == Forward.WAITING
        assert withdrawals.due() == []
        clock.forward(hours=1)
        assert withdrawals.due() == [row.pk]
        tasks.forward_withdrawal(row.pk)
        assert len(self.asked(museum)) == 1

    def test_a_lost_answer_is_never_repeated(self, museum: Museum, client: Client, clock: Clock) -> None:
        row = self.of_order(client)
        museum._sandbox.fault("POST /orders/withdrawals", "drop_after")
        forwarding.forward(row.pk)
        row.refresh_from_db()
        assert row.forward == Forward.DOUBT
        assert row.order is not None
        assert "may or may not" in row.order.attention
        clock.forward(days=1)
        assert withdrawals.due() == []

    def test_a_worker_that_died_leaves_a_doubt(self, museum: Museum, client: Client) -> None:
        row = self.of_order(client)
        over = timezone.now() - timedelta(seconds=1)
        Withdrawal.objects.update(forward=Forward.SENDING, claimed_until=over)
        assert withdrawals.due() == [row.pk]
        forwarding.forward(row.pk)
        row.refresh_from_db()
        assert row.forward == Forward.DOUBT
        assert self.asked(museum) == []

    def test_an_order_still_being_booked_is_waited_for(self, museum: Museum, client: Client) -> None:
        order = an_order(state=State.PLACED)
        row = self.of_order(client, order)
        forwarding.forward(row.pk)
        row.refresh_from_db()
        assert (row.forward, self.asked(museum)) == (Forward.WAITING, [])
        Order.objects.update(state=State.REFUSED)
        Withdrawal.objects.update(due_at=timezone.now())
        forwarding.forward(row.pk)
        row.refresh_from_db()
        assert row.forward == Forward.NONE


def test_staff_have_a_worklist(client: Client) -> None:
    order = a_booked_order()
    row = declared(client, number=order.number)
    client.force_login(User.objects.create_superuser("staff"))
    worklist = reverse("admin:orders_withdrawal_changelist")
    assert order.number in client.get(worklist, {"settled": "no"}).content.decode()
    page = client.get(reverse("admin:orders_withdrawal_change", args=[row.pk])).content.decode()
    assert "Only the adults." in page
    assert 'name="_save"' not in page
    client.post(worklist, {"action": "settle", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert (row.settled_by, row.settled_at is not None) == ("staff", True)
    assert "0 " in client.get(worklist, {"settled": "no"}).content.decode()
