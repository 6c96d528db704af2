"""Addresses: asked for an invoice only, with countries from the mirror and checks that stay light."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.utils import timezone, translation

from catalog.models import Term
from checkout.forms import PaymentForm
from orders.models import Order
from tests.checkout.given import ADULT, a_time
from tests.checkout.visitor import CONTACT, Visitor

pytestmark = pytest.mark.django_db
GERMANY, AUSTRIA, UNITED, BAVARIA, TEXAS = 60, 13, 231, 2, 50
INVOICE = {
    "method": "invoice",
    "street": "Weg 1",
    "zip_code": "24105",
    "city": "Kiel",
    "country": str(GERMANY),
}


def a_term(kind: Term.Kind, number: int, de: str, en: str = "", **more: object) -> None:
    facts = {"titles": {"de": de, "en": en or de}, "fingerprint": "", "read_at": timezone.now()}
    Term.objects.create(id=f"{kind}:{number}", kind=kind, remote_id=number, **facts, **more)


def the_world() -> None:
    a_term(Term.Kind.COUNTRIES, AUSTRIA, "Österreich", "Austria", code="at")
    a_term(Term.Kind.COUNTRIES, UNITED, "Vereinigte Staaten", "United States", code="US")
    a_term(Term.Kind.COUNTRIES, GERMANY, "Deutschland", "Germany", code="DE")
    a_term(Term.Kind.STATES, BAVARIA, "Bayern", "Bavaria", country_id=GERMANY)
    a_term(Term.Kind.STATES, TEXAS, "Texas", country_id=UNITED)


@pytest.fixture
def _world(db: None) -> None:
    the_world()


def form(**changes: str) -> PaymentForm:
    return PaymentForm(["demo", "invoice"], INVOICE | changes)


def errors(**changes: str) -> set[str]:
    return set(form(**changes).errors)


@pytest.mark.usefixtures("_world")
class TestCountries:
    def test_the_shops_own_comes_first_the_others_by_name(self) -> None:
        assert [name for _, name in form().fields["country"].choices] == [  # type: ignore[attr-defined]
            "Deutschland",
            "Österreich",
            "Vereinigte Staaten",
        ]

    def test_they_are_named_in_the_language_of_the_page(self, settings: LazySettings) -> None:
        settings.COUNTRY = "AT"
        with translation.override("en"):
            page = str(PaymentForm(["invoice"], initial={})["country"])
        assert f'<option value="{AUSTRIA}" selected>Austria</option>' in page

    def test_english_names_are_ours_where_the_museum_has_one_language(self) -> None:
        Term.objects.filter(remote_id=GERMANY).update(titles={"de": "Deutschland"})
        with translation.override("en"):
            names = dict(PaymentForm(["invoice"]).fields["country"].choices)  # type: ignore[attr-defined]
        assert names[str(GERMANY)] == "Germany"

    @pytest.mark.parametrize(
        ("country", "code", "fine"),
        [
            (GERMANY, "24105", True),
            (GERMANY, "2410", False),
            (AUSTRIA, "1010", True),
            (AUSTRIA, "24105", False),
            (UNITED, "73301-0001", True),
        ],
    )
    def test_a_postcode_has_the_shape_of_its_country(self, country: int, code: str, fine: bool) -> None:
        assert errors(country=str(country), zip_code=code) == (set() if fine else {"zip_code"})

    def test_a_region_belongs_to_its_country(self) -> None:
        assert errors(region=str(BAVARIA)) == set()
        assert errors(region=str(TEXAS)) == {"region"}
        assert errors(country="999") == {"country"}

    @pytest.mark.parametrize(("written", "fine"), [("DE 123.456.789", True), ("12345", False), ("", True)])
    def test_a_vat_number_is_optional(self, written: str, fine: bool) -> None:
        assert errors(vat_id=written) == (set() if fine else {"vat_id"})

    def test_who_pays_otherwise_is_asked_for_none_of_it(self) -> None:
        assert not PaymentForm(["demo", "invoice"], {"method": "demo", "country": str(GERMANY)}).errors


def test_an_empty_mirror_lets_people_type_their_country() -> None:
    assert errors(country="Deutschland") == set()
    assert errors(country="") == {"country"}


def test_the_order_keeps_names_and_the_review_speaks_the_buyers_language(visitor: Visitor) -> None:
    the_world()
    with translation.override("en"):
        visitor.add(a_time(ADULT), {ADULT: 1})
        visitor.post("contact", CONTACT)
        sent = INVOICE | {"region": str(BAVARIA), "vat_id": "de123456789", "company": "Töpferei GmbH"}
        visitor.post("payment", sent)
        review = visitor.page("review")
        assert "Germany" in review
        assert "DE123456789" in review
        visitor.order()
    order = Order.objects.get()
    assert (order.country, order.region, order.vat_id) == ("Deutschland", "Bavaria", "DE123456789")
    assert order.company == "Töpferei GmbH"


def test_what_was_typed_survives_a_mistake(visitor: Visitor) -> None:
    the_world()
    visitor.add(a_time(ADULT), {ADULT: 1})
    visitor.post("contact", CONTACT)
    answer = visitor.post(
        "payment", INVOICE | {"zip_code": "1", "country": str(UNITED), "region": str(TEXAS)}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Weg 1"' in page
    for chosen in (UNITED, TEXAS):
        assert f'<option value="{chosen}" selected>' in page
