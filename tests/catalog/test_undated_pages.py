"""Annual tickets and vouchers: bought without a day."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from shop.options import Feature
from tests.catalog import rows

pytestmark = pytest.mark.django_db


def annual(pk: int, kind: str, cents: int, **values: Any) -> None:
    plain: dict[str, Any] = {
        "ticket_type": "annual",
        "quota_ids": [],
        "titles": {"en": f"Annual pass – {kind}"},
    }
    rows.ticket(pk, price_cents=cents, **plain | values)


class TestAnnual:
    def test_all_kinds_of_it_are_beside_each_other_and_this_one_is_chosen(self, client: Client) -> None:
        annual(601, "Adult", 6500, max_persons=4)
        annual(602, "Reduced", 3500, max_persons=2)
        annual(603, "Child", 1000, bookable=False)
        html = client.get("/en/tickets/602/").content.decode()
        assert "<h1>Annual pass</h1>" in html
        radios = re.findall(r'<input type="radio"[^>]*name="ticket" value="(\d+)"( checked)?>', html)
        assert radios == [("601", ""), ("602", " checked")]
        assert 'name="number"' in html
        assert 'max="4"' in html
        assert "Choose a day" not in html

    def test_it_says_when_it_is_personal(self, client: Client) -> None:
        annual(601, "Adult", 6500)
        annual(701, "Friends", 9000, personalizeable=True, titles={"en": "Friends"})
        assert "made out to one person" not in client.get("/en/tickets/601/").content.decode()
        assert "made out to one person" in client.get("/en/tickets/701/").content.decode()

    def test_one_that_is_not_sold_says_so(self, client: Client) -> None:
        annual(601, "Adult", 6500, bookable=False)
        html = client.get("/en/tickets/601/").content.decode()
        assert "not on sale at the moment" in html
        assert 'name="number"' not in html

    def test_the_museum_lists_it_apart_from_tickets_for_a_day(self, client: Client) -> None:
        house = rows.museum(1)
        rows.ticket(1, museums=[house])
        annual(601, "Adult", 6500, museums=[house])
        page = client.get("/en/museums/1/").context["page"]
        assert [family.anchor.pk for family in page.families] == [1]
        assert [family.anchor.pk for family in page.annual] == [601]


class TestVouchers:
    def test_those_of_the_instance_are_for_sale_unless_they_are_shipped(
        self, client: Client, settings: LazySettings
    ) -> None:
        settings.FEATURES_ON = frozenset({Feature.COUPONS})
        rows.coupon(4, price_cents=2000, value_cents=2000)
        rows.coupon(8, price_cents=4500, value_cents=5000)
        rows.coupon(12, price_cents=3000, shipped_with=3)
        rows.retire(rows.coupon(13))
        html = client.get("/en/vouchers/").content.decode()
        assert re.findall(r'name="coupon" value="(\d+)"', html) == ["4", "8"]
        assert "Worth €50.00" in html
        assert "Worth €20.00" not in html
        assert "sent by post" in html
        assert "/en/vouchers/" in client.get("/en/").content.decode()

    def test_where_none_are_sold_there_is_no_page(self, client: Client, settings: LazySettings) -> None:
        settings.FEATURES_OFF = frozenset({Feature.COUPONS})
        rows.coupon(4)
        assert client.get("/en/vouchers/").status_code == 404
        assert "/en/vouchers/" not in client.get("/en/").content.decode()
