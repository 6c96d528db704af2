"""Which things can be withdrawn from: configured, and told in words."""

import pytest
from django.conf import LazySettings
from django.utils import translation

from shop import rights
from shop.options import Product
from tests.shop.test_settings import faults_of, settings_of


def test_what_is_for_a_date_cannot_be_withdrawn_from_everything_else_for_14_days() -> None:
    with translation.override("en"):
        told = rights.notice([Product.VOUCHER, Product.DATED, Product.DATED])
    assert len(told) == 2
    assert told[0].startswith("Tickets for a fixed day or time: there is no right of withdrawal (§ 312g")
    assert told[1].startswith("Vouchers: you may withdraw within 14 days")


def test_the_seller_may_be_more_generous(settings: LazySettings) -> None:
    settings.WITHDRAWAL_RIGHTS = settings.WITHDRAWAL_RIGHTS | {Product.DATED: 30, Product.VOUCHER: 0}
    with translation.override("en"):
        assert "within 30 days" in rights.sentence(Product.DATED)
        assert rights.sentence(Product.VOUCHER) == "Vouchers: there is no right of withdrawal."


@pytest.mark.parametrize(
    ("kind", "dated", "product"),
    [
        ("ticket", True, Product.DATED),
        ("ticket", False, Product.UNDATED),
        ("combined", True, Product.DATED),
        ("event", True, Product.DATED),
        ("tour", True, Product.TOUR),
        ("annual", False, Product.ANNUAL),
        ("coupon", False, Product.VOUCHER),
    ],
)
def test_every_kind_of_item_has_its_class(kind: str, dated: bool, product: Product) -> None:
    assert rights.product_of(kind, dated=dated) == product


def test_the_rules_are_read_from_the_environment() -> None:
    found = settings_of(DEMO="1", WITHDRAWAL_RIGHTS="annual=30, tour=14")["WITHDRAWAL_RIGHTS"]
    assert (found[Product.ANNUAL], found[Product.TOUR], found[Product.DATED]) == (30, 14, 0)


@pytest.mark.parametrize("value", ["annual", "annual=x", "seats=14", "annual=7"])
def test_nonsense_stops_the_start(value: str) -> None:
    assert "WITHDRAWAL_RIGHTS" in faults_of(DEMO="1", WITHDRAWAL_RIGHTS=value)
