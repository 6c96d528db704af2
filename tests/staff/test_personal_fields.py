"""The page on personal data knows every field of every table: a new one is judged before it comes in."""

import re

from django.apps import apps
from django.conf import settings

from tests.environment import ROOT

PAGE = (ROOT / "docs/personal-data.md").read_text()
OURS = ("shop", "orders", "counter", "checkout", "staff")


def words(cell: str) -> list[str]:
    return re.findall(r"`([\w.]+)`", cell)


def personal() -> set[str]:
    """Fields of rows that begin `app.Model.field`; further fields of the cell belong to the same table."""
    found = set()
    for cell in re.findall(r"^\| (`\w+\.[A-Z]\w+\.\w+`[^|]*) \|", PAGE, re.MULTILINE):
        first, *more = words(cell)
        table = first.rpartition(".")[0]
        found |= {first, *(f"{table}.{name}" for name in more)}
    return found


def plain() -> set[str]:
    rows = re.findall(r"^\| `(\w+\.[A-Z]\w+)` \| (.*) \|$", PAGE, re.MULTILINE)
    return {f"{table}.{name}" for table, cell in rows for name in words(cell)}


def existing() -> set[str]:
    tables = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return {f"{table._meta.label}.{field.name}" for table in tables for field in table._meta.concrete_fields}


def test_every_field_is_listed_once_as_personal_or_not() -> None:
    assert personal() & plain() == set()
    assert personal() | plain() == existing()


def test_names_and_addresses_are_never_called_harmless() -> None:
    telling = ("name", "mail", "street", "city", "zip", "recipient", "company", "vat_id", "attendee")
    harmless = {"orders.OrderItem.vat_bp", "orders.AgreedText.name", "shop.FeatureFinding.name"}
    harmless |= {"shop.LegalText.name", "staff.Export.mailed_at", "counter.CounterSale.seller_name"}
    suspicious = {field for field in plain() if any(word in field.split(".")[-1] for word in telling)}
    assert suspicious <= harmless


def test_the_page_tells_the_days_that_count() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE, re.MULTILINE)
    assert {rule: int(days) for rule, days in rows} == settings.RETENTION_DAYS
