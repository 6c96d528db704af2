"""Figures for accountants: exact to the cent, made in the background, fetched by few, gone after a week."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from orders.lifecycle import Outcome, State, Step
from orders.models import Cancellation, JournalEntry, Order, OrderItem
from shop.money import vat_part
from staff import bookkeeping, exporting, retention, spreadsheets
from staff.models import Commission, Export
from tests.orders.clock import Clock
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
C, F = Export.Content, Export.Form


def sold(
    *items: dict[str, Any], at: datetime = datetime(2026, 10, 5, 12, tzinfo=UTC), **fields: Any
) -> Order:
    """Return an order booked at this moment with these items; each is {"total_cents", "vat_bp", ...}."""
    order = an_order(**{"state": State.READY, "created_at": at} | fields)
    first = order.items.get()
    first.delete()
    for position, item in enumerate(items):
        first.pk, first.position = None, position
        for name, value in ({"vat_bp": 700, "charges": []} | item).items():
            setattr(first, name, value)
        first.save(force_insert=True)
    Order.objects.filter(pk=order.pk).update(total_cents=sum(item["total_cents"] for item in items))
    ended = {"begun_at": at, "ended_at": at, "outcome": Outcome.OK}
    JournalEntry.objects.create(order=order, step=Step.FINALIZE, **ended)
    return order


def table(content: str, since: date = OCTOBER[0], until: date = OCTOBER[1]) -> list[dict[str, str]]:
    """Make the export as CSV and read it back."""
    row = exporting.ask(content=content, form=F.CSV, since=since, until=until, by="ida")
    exporting.make(row.pk)
    row.refresh_from_db()
    with storages["documents"].open(row.file) as file:
        return list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))


def test_vat_is_what_the_buyers_saw_summed_per_rate() -> None:
    sold({"total_cents": 1001}, {"total_cents": 1002}, {"total_cents": 999, "vat_bp": 1900})
    sold({"total_cents": 333}, {"total_cents": 500, "vat_bp": 0})
    seven = vat_part(2003, 700) + vat_part(333, 700)  # once per order and rate, never on the sum of the month
    assert table(C.VAT) == [
        {"month": "2026-10", "vat_rate": "0 %", "gross": "5.00", "net": "5.00", "vat": "0.00"},
        {
            "month": "2026-10",
            "vat_rate": "7 %",
            "gross": "23.36",
            "net": str(bookkeeping.money(2336 - seven)),
            "vat": str(bookkeeping.money(seven)),
        },
        {
            "month": "2026-10",
            "vat_rate": "19 %",
            "gross": "9.99",
            "net": str(bookkeeping.money(999 - vat_part(999, 1900))),
            "vat": str(bookkeeping.money(vat_part(999, 1900))),
        },
    ]


def test_an_item_of_several_rates_is_split_by_its_charges() -> None:
    charges = [{"cents": 700, "vat_bp": 700}, {"cents": 300, "vat_bp": 1900}]
    sold({"total_cents": 1000, "vat_bp": None, "charges": charges})
    assert [(row["vat_rate"], row["gross"]) for row in table(C.VAT)] == [("7 %", "7.00"), ("19 %", "3.00")]
    assert table(C.LINES)[0]["vat_rates"] == "7 %, 19 %"


def test_an_order_given_back_bit_by_bit_comes_to_nothing_to_the_cent() -> None:
    order = sold(*({"total_cents": cents} for cents in (1001, 1003, 1007, 333)))
    for days, item in enumerate(order.items.all()):
        at = datetime(2026, 10, 10, 12, tzinfo=UTC) + timedelta(days=days)
        OrderItem.objects.filter(pk=item.pk).update(cancelled_at=at)
    (row,) = table(C.VAT)
    assert (row["gross"], row["net"], row["vat"]) == ("0.00", "0.00", "0.00")
    assert [line["what"] for line in table(C.LINES)] == ["sale"] * 4 + ["cancellation"] * 4


def test_a_cancellation_counts_in_its_own_month() -> None:
    order = sold({"total_cents": 1400, "quantity": 1})
    OrderItem.objects.update(cancelled_at=datetime(2026, 11, 2, 9, tzinfo=UTC))
    Cancellation.objects.create(
        order=order, serial=1, item_ids=[], whole=True, fee_cents=140, refund_cents=1260, state="done"
    )
    assert [row["gross"] for row in table(C.SETTLEMENT)] == ["14.00"]
    (back,) = table(C.SETTLEMENT, date(2026, 11, 1), date(2026, 11, 30))
    assert (back["month"], back["quantity"], back["gross"]) == ("2026-11", "-1", "-14.00")
    (row,) = table(C.ORDERS)
    assert (row["total"], row["cancelled"], row["cancellation_fee"]) == ("14.00", "14.00", "1.40")


def test_days_are_those_of_the_shop_and_unsold_orders_do_not_count() -> None:
    sold({"total_cents": 100}, at=datetime(2026, 9, 30, 22, 0, tzinfo=UTC))  # midnight in Berlin
    sold({"total_cents": 200}, at=datetime(2026, 10, 31, 22, 59, tzinfo=UTC))
    sold({"total_cents": 400}, at=datetime(2026, 10, 31, 23, 0, tzinfo=UTC))
    sold({"total_cents": 800}, state=State.REFUNDED)
    sold({"total_cents": 1600}, state=State.PAID)
    assert [row["total"] for row in table(C.ORDERS)] == ["1.00", "2.00"]
    assert [row["booked_on"] for row in table(C.ORDERS)] == ["2026-10-01", "2026-10-31"]


def test_the_most_exact_commission_counts_and_museum_and_shop_share_every_cent() -> None:
    canal, harbour = {"museum": "Canal"}, {"museum": "Harbour"}
    sold({"total_cents": 1005, **canal}, {"total_cents": 1000, "kind": "tour", **canal})
    sold({"total_cents": 1000, **harbour}, {"total_cents": 1000, "kind": "tour", **harbour})
    assert {row["commission"] for row in table(C.SETTLEMENT)} == {"0.00"}
    for museum, kind, rate in (("Canal", "", "10"), ("Canal", "tour", "12.5"), ("", "tour", "20")):
        Commission.objects.create(museum=museum, kind=kind, percent=Decimal(rate))
    rows = {(row["museum"], row["kind"]): row for row in table(C.SETTLEMENT)}
    assert {key: row["commission"] for key, row in rows.items()} == {
        ("Canal", "ticket"): "1.01",  # 100.5 cents, rounded half away from zero
        ("Canal", "tour"): "1.25",
        ("Harbour", "ticket"): "0.00",
        ("Harbour", "tour"): "2.00",
    }
    for row in rows.values():
        assert Decimal(row["commission"]) + Decimal(row["museum_gets"]) == Decimal(row["gross"])


def test_what_people_typed_never_becomes_a_formula() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\t=1", "\n=1"):
        assert spreadsheets.harmless(text) == f"'{text}"
    assert spreadsheets.harmless(Decimal("-1.00")) == Decimal("-1.00")
    assert spreadsheets.harmless("a\x00b\x0b") == "ab"
    sold({"total_cents": 100, "title": '=HYPERLINK("https://evil.example")'})
    assert table(C.LINES)[0]["title"].startswith("'=")


def test_excel_gets_the_same_rows_with_amounts_as_numbers() -> None:
    sold({"total_cents": 1001, "title": "=1+1"})
    row = exporting.ask(content=C.LINES, form=F.XLSX, since=OCTOBER[0], until=OCTOBER[1], by="ida")
    exporting.make(row.pk)
    row.refresh_from_db()
    with storages["documents"].open(row.file) as file:
        head, line = load_workbook(file)["Vitrine"].iter_rows()
    cells = {name.value: cell for name, cell in zip(head, line, strict=True)}
    assert (cells["title"].value, cells["title"].data_type) == ("'=1+1", "s")
    assert (cells["gross"].value, cells["gross"].data_type) == (10.01, "n")


def test_it_is_made_once_and_again_after_a_death(clock: Clock) -> None:
    sold({"total_cents": 100})
    row = exporting.ask(content=C.ORDERS, form=F.CSV, since=OCTOBER[0], until=OCTOBER[1], by="ida")
    Export.objects.update(state=Export.State.RUNNING, claimed_until=timezone.now() + exporting.LEASE)
    exporting.make(row.pk)
    assert Export.objects.get().state == Export.State.RUNNING  # somebody else is at it
    clock.forward(minutes=6)
    exporting.make(row.pk)
    done = Export.objects.get()
    assert (done.state, done.orders_done, done.orders_total) == (Export.State.DONE, 1, 1)
    exporting.make(row.pk)
    assert Export.objects.get().file == done.file


def test_its_file_goes_after_a_week(clock: Clock) -> None:
    table(C.ORDERS)
    file = Export.objects.get().file
    clock.forward(days=6)
    assert retention.run().counts["exports"]["done"] == 0
    clock.forward(days=2)
    assert retention.run().counts["exports"]["done"] == 1
    assert not storages["documents"].exists(file)
    assert Export.objects.get().state == Export.State.EXPIRED


def test_every_month_is_planned_made_and_mailed_once(settings: Settings, clock: Clock) -> None:
    exporting.sweep()
    assert not Export.objects.exists()  # nobody wants them
    settings.EXPORT_RECIPIENTS = ["books@example.org"]
    for _ in range(2):
        exporting.sweep()
        for row in Export.objects.all():
            exporting.make(row.pk)
    assert len(mail.outbox) == 3
    assert {letter.to[0] for letter in mail.outbox} == {"books@example.org"}
    until = timezone.localdate().replace(day=1) - timedelta(days=1)
    names = {letter.attachments[0][0] for letter in mail.outbox}
    assert f"vat-{until:%Y-%m}-01-{until}.xlsx" in names
    clock.forward(days=32)
    exporting.sweep()
    assert Export.objects.count() == 6


def test_staff_ask_watch_and_fetch(boss: Client) -> None:
    sold({"total_cents": 100})
    page = boss.get(reverse("admin:staff_export_add")).content.decode()
    assert 'name="since"' in page
    wish = {"content": "vat", "form": "csv", "since": "2026-10-01", "until": "2026-10-31"}
    wrong = boss.post(reverse("admin:staff_export_add"), wish | {"until": "2026-09-01"})
    assert "The last day is before the first one." in wrong.content.decode()
    answer = boss.post(reverse("admin:staff_export_add"), wish)
    row = Export.objects.get()
    assert answer["Location"] == reverse("admin:staff_export_change", args=[row.pk])
    assert 'http-equiv="refresh"' in boss.get(answer["Location"]).content.decode()
    fetch = reverse("admin:staff_export_download", args=[row.pk])
    assert boss.get(fetch).status_code == 404
    exporting.make(row.pk)
    page = boss.get(answer["Location"]).content.decode()
    assert 'http-equiv="refresh"' not in page
    assert fetch in page
    got = boss.get(fetch)
    assert re.search(r"attachment; filename=.vat-2026-10-01-2026-10-31\.csv", got["Content-Disposition"])
    assert b"2026-10,7 %,1.00" in got.getvalue()
    got.close()


def test_only_who_may_see_exports_fetches_one() -> None:
    table(C.ORDERS)
    fetch = reverse("admin:staff_export_download", args=[Export.objects.get().pk])
    clerk = User.objects.create_user("clerk", is_staff=True)
    client = Client()
    client.force_login(clerk)
    assert client.get(fetch).status_code == 403
    assert Client().get(fetch).status_code == 302
    clerk.user_permissions.set(Permission.objects.filter(codename="view_export"))
    fetched = client.get(fetch)
    assert fetched.status_code == 200
    fetched.close()


def test_many_orders_are_counted_while_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "TELL_EVERY", 1)
    for cents in (100, 200, 300):
        sold({"total_cents": cents})
    row = exporting.ask(content=C.LINES, form=F.CSV, since=OCTOBER[0], until=OCTOBER[1], by="ida")
    orders = bookkeeping.orders_of(*OCTOBER)
    moves = exporting._counted(row, bookkeeping.movements(orders, *OCTOBER))
    seen = [Export.objects.values_list("orders_done", flat=True).get() for _ in moves]
    assert seen == [1, 2, 3]
