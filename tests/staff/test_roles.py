"""The roles of the staff: what each may do, and above all what it may not."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter import selling
from orders import desk, findings
from orders.lifecycle import State
from orders.models import Finding, Order, Payment, Withdrawal
from orders.payments import ledger
from shop.models import LegalText
from staff.models import Commission, Export
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db
LOGIN = reverse("admin:login")
SEES = {
    "Counter": {
        *("orders_order", "orders_withdrawal", "orders_finding", "catalog_ticket", "catalog_syncrun"),
        "counter_countersale",
    },
    "Editor": {"catalog_ticket", "catalog_syncrun", "shop_legaltext"},
    "Accountant": {
        *("orders_order", "orders_withdrawal", "orders_payment", "orders_refund", "orders_finding"),
        *("orders_comparison", "staff_export", "staff_commission", "counter_countersale"),
    },
    "Manager": {
        *("orders_order", "orders_withdrawal", "orders_payment", "orders_refund", "catalog_ticket"),
        *("catalog_syncrun", "shop_legaltext", "shop_letter", "checkout_subscription", "admin_logentry"),
        *("orders_finding", "orders_comparison"),
        *("staff_export", "staff_commission", "staff_erasure", "staff_retentionrun", "counter_countersale"),
    },
    "Auditor": {
        *("orders_order", "orders_withdrawal", "orders_payment", "orders_refund", "catalog_ticket"),
        *("catalog_syncrun", "shop_legaltext", "shop_letter", "checkout_subscription", "admin_logentry"),
        *("orders_finding", "orders_comparison"),
        *("staff_export", "staff_commission", "staff_erasure", "staff_retentionrun", "counter_countersale"),
    },
}
PLACES = {*SEES["Manager"], "auth_user", "auth_group"}


@pytest.fixture(autouse=True)
def _roles() -> None:
    """As the migration ships them; tests that empty the whole database may have run before."""
    import_module("staff.migrations.0002_roles").ship(apps, None)


def one(role: str) -> Client:
    person = User.objects.create_user(role.lower(), is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def act(client: Client, place: str, action: str, pk: int) -> None:
    address = reverse(f"admin:{place}_changelist")
    client.post(address, {"action": action, "_selected_action": [pk]})


@pytest.mark.parametrize("role", sorted(SEES))
def test_a_role_opens_its_lists_and_no_others(role: str) -> None:
    client = one(role)
    opened = {
        place for place in PLACES if client.get(reverse(f"admin:{place}_changelist")).status_code == 200
    }
    assert opened == SEES[role]
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("role", sorted(SEES))
def test_only_who_keeps_the_books_touches_money(role: str) -> None:
    client = one(role)
    order = an_order(state=State.AWAITING, payment_method="transfer", pay_until=timezone.now())
    payment = desk.book(order, Payment.State.OPEN)
    Payment.objects.update(trouble=Payment.Trouble.DOUBLE)
    act(client, "orders_payment", "settle", payment.pk)
    allowed = role in ("Accountant", "Manager")
    assert Payment.objects.get().settled == allowed
    assert LogEntry.objects.filter(object_id=payment.pk).exists() == allowed
    receive = reverse("admin:orders_payment_receive", args=[payment.pk])
    answer = client.post(receive, {"amount": "28.00", "seen_cents": "0"})
    assert answer.status_code == (302 if allowed else 403)
    assert Order.objects.get().state == (State.PLACED if allowed else State.AWAITING)


@pytest.mark.parametrize("role", sorted(SEES))
def test_only_who_serves_buyers_moves_orders_on(role: str) -> None:
    client = one(role)
    later = timezone.now() + timedelta(hours=1)
    order = an_order(state=State.FINALIZE_UNKNOWN, due_at=later)
    act(client, "orders_order", "look_again", order.pk)
    allowed = role in ("Counter", "Manager")
    assert (Order.objects.get().due_at < later) == allowed
    assert LogEntry.objects.exists() == allowed


@pytest.mark.parametrize("role", sorted(SEES))
def test_only_a_manager_settles_a_withdrawal(role: str) -> None:
    row = Withdrawal.objects.create(nonce="1", language="en", number="VT-1", email="ida@example.org")
    act(one(role), "orders_withdrawal", "settle", row.pk)
    row.refresh_from_db()
    assert (row.settled_at is not None) == (role == "Manager")


@pytest.mark.parametrize("role", sorted(SEES))
def test_only_who_keeps_the_books_settles_a_finding(role: str) -> None:
    order = an_order(state=State.READY)
    finding = findings.report(Finding.Kind.PARTLY, order, order.number)
    act(one(role), "orders_finding", "settle", finding.pk)
    finding.refresh_from_db()
    assert (finding.settled_at is not None) == (role in ("Accountant", "Manager"))


@pytest.mark.parametrize("role", sorted(SEES))
def test_only_who_edits_writes_legal_texts(role: str) -> None:
    data = {"name": "imprint", "language": "en", "body": "<p>We</p>"}
    one(role).post(reverse("admin:shop_legaltext_add"), data)
    assert LegalText.objects.exists() == (role in ("Editor", "Manager"))


@pytest.mark.parametrize("role", sorted(SEES))
def test_only_who_keeps_the_books_asks_for_figures_and_only_a_manager_sets_the_commission(role: str) -> None:
    client = one(role)
    wish = {"content": "vat", "form": "csv", "since": "2026-10-01", "until": "2026-10-31"}
    client.post(reverse("admin:staff_export_add"), wish)
    assert Export.objects.exists() == (role in ("Accountant", "Manager"))
    client.post(reverse("admin:staff_commission_add"), {"museum": "", "kind": "", "percent": "5"})
    assert Commission.objects.exists() == (role == "Manager")


@pytest.mark.parametrize("role", sorted(SEES))
def test_only_a_manager_hands_out_and_erases_a_persons_data(role: str) -> None:
    client = one(role)
    an_order(state=State.EXPIRED)
    page, wish = reverse("admin:staff_person"), {"email": "ida@example.org", "sure": "on"}
    allowed = role == "Manager"
    assert client.post(page, wish | {"export": "1"}).status_code == (200 if allowed else 403)
    assert client.post(page, wish | {"erase": "1"}).status_code == (200 if allowed else 403)
    assert (Order.objects.get().email == "") == allowed


@pytest.mark.parametrize("role", sorted(SEES))
def test_only_counter_and_manager_sell_and_take_money_there(role: str) -> None:
    client = one(role)
    order = an_order(state=State.READY, payment_method="cash")
    selling.note(order, User.objects.get())
    payment = desk.book(order, Payment.State.PROMISED)
    allowed = role in ("Counter", "Manager")
    answer = client.post(reverse("admin:counter_sale", args=[order.pk]))
    assert answer.status_code == (302 if allowed else 403)
    payment.refresh_from_db()
    assert (payment.state == Payment.State.CAPTURED) == allowed


@pytest.mark.parametrize("role", sorted(SEES))
@pytest.mark.parametrize(
    ("name", "who"), [("mail", ("Counter", "Manager")), ("refund", ("Accountant", "Manager"))]
)
def test_actions_of_an_order_follow_the_role(role: str, name: str, who: tuple[str, ...]) -> None:
    client = one(role)
    order = an_order(state=State.READY)
    ledger.turn(desk.book(order, Payment.State.OPEN), Payment.State.CAPTURED)
    address = reverse("admin:orders_order_act", args=[order.pk, name])
    allowed = role in who
    assert client.get(address).status_code == (200 if allowed else 403)
    client.post(address, {"amount": "1.00", "seen_cents": "0"})
    assert order.deliveries.exists() == (allowed and name == "mail")
    assert order.refunds.exists() == (allowed and name == "refund")
    if role != "Editor":
        page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
        assert (address in page) == allowed


@pytest.mark.parametrize("role", sorted(SEES))
def test_nobody_gives_themselves_rights(role: str) -> None:
    client = one(role)
    person = User.objects.get(username=role.lower())
    address = reverse("admin:auth_user_change", args=[person.pk])
    assert client.post(address, {"username": "x", "is_superuser": "on"}).status_code == 403
    person.refresh_from_db()
    assert not person.is_superuser


def test_what_an_operator_changed_in_a_role_stays() -> None:
    group = Group.objects.get(name="Counter")
    group.permissions.clear()
    import_module("staff.migrations.0002_roles").ship(apps, None)
    assert not group.permissions.exists()


def test_guessing_locks_a_name_for_this_address_and_nobody_else() -> None:
    User.objects.create_superuser("ida", password="right-word-here")
    User.objects.create_superuser("paul", password="right-word-here")
    right = {"username": "ida", "password": "right-word-here"}
    guesser = Client(headers={"Accept-Language": "en"})
    for _guess in range(5):
        assert "correct username" in guesser.post(LOGIN, right | {"password": "wrong"}).content.decode()
    assert "Too many failed logins" in guesser.post(LOGIN, right | {"username": "IDA"}).content.decode()
    assert "_auth_user_id" not in guesser.session
    assert Client().post(LOGIN, right | {"username": "paul"}).status_code == 302
    assert Client(REMOTE_ADDR="192.0.2.7").post(LOGIN, right).status_code == 302
    cache.clear()
    assert guesser.post(LOGIN, right).status_code == 302


def test_a_right_password_forgets_the_wrong_ones() -> None:
    User.objects.create_superuser("ida", password="right-word-here")
    for _time in range(2):
        for _guess in range(4):
            Client().post(LOGIN, {"username": "ida", "password": "wrong"})
        assert Client().post(LOGIN, {"username": "ida", "password": "right-word-here"}).status_code == 302
