"""Newsletters: a tick, a mail, a click; nobody is subscribed by less, and the proof is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Term
from catalog.reference import Newsletter
from checkout import newsletter, tasks
from checkout.models import Subscription
from shop.models import Letter
from tests.checkout.given import ADULT, a_time
from tests.checkout.test_addresses import a_term
from tests.checkout.visitor import Visitor

pytestmark = pytest.mark.django_db
MONTHLY, CONCERTS = Newsletter(1, "Monatsbrief"), Newsletter(8, "Konzerte")


def asked(email: str = "ida@example.org", *wanted: Newsletter) -> Subscription:
    newsletter.ask(email=email, wanted=wanted or (MONTHLY,))
    return Subscription.objects.latest("id")


def page_of(row: Subscription) -> str:
    return reverse("checkout:newsletter", args=[row.token])


class TestOrdering:
    @pytest.fixture
    def buyer(self, visitor: Visitor) -> Visitor:
        for one in (MONTHLY, CONCERTS):
            a_term(Term.Kind.NEWSLETTER_GROUPS, one.id, one.name)
        visitor.add(a_time(ADULT), {ADULT: 1})
        visitor.fill_in()
        return visitor

    def order(self, buyer: Visitor, **more: str) -> int:
        return buyer.post("review", {"agreed": buyer.agreed(), **more}).status_code

    def test_nothing_is_ticked_beforehand_and_nothing_happens_then(self, buyer: Visitor) -> None:
        review = buyer.page("review")
        assert 'name="newsletters"' in review
        assert "checked" not in review
        assert self.order(buyer, terms="on") == 302
        assert not Subscription.objects.exists()

    def test_what_is_ticked_is_asked_for_by_mail(self, buyer: Visitor) -> None:
        assert self.order(buyer, terms="on", newsletters="8") == 302
        row, letter = Subscription.objects.get(), Letter.objects.get()
        assert row.groups == [{"id": 8, "name": "Konzerte"}]
        assert row.wording in buyer.client.get(page_of(row)).content.decode()
        assert row.confirmed_at is None
        assert (letter.recipient, page_of(row) in letter.text) == ("ida@example.org", True)

    def test_a_tick_survives_a_forgotten_confirmation(self, buyer: Visitor) -> None:
        answer = buyer.post("review", {"agreed": buyer.agreed(), "newsletters": "8"})
        assert answer.status_code == 422
        assert 'value="8" id="id_newsletters_1" checked' in answer.content.decode()
        assert not Subscription.objects.exists()

    def test_a_newsletter_nobody_offers_is_refused(self, buyer: Visitor) -> None:
        assert self.order(buyer, terms="on", newsletters="99") == 422


class TestConfirming:
    def test_looking_confirms_nothing_pressing_does(self, client: Client) -> None:
        row = asked()
        client.get(page_of(row))  # mail programs follow links by themselves
        row.refresh_from_db()
        assert row.confirmed_at is None
        client.post(page_of(row))
        row.refresh_from_db()
        assert row.confirmed_at is not None

    def test_one_can_leave_by_the_same_link(self, client: Client) -> None:
        row = asked()
        client.post(page_of(row))
        client.post(page_of(row), {"leave": "1"})
        row.refresh_from_db()
        assert row.left_at is not None
        client.post(page_of(row))  # the button of an old page
        row.refresh_from_db()
        assert row.left_at is not None
        assert asked().pk != row.pk  # and may come back by a new mail

    def test_an_old_link_confirms_nothing_and_is_forgotten(self, client: Client) -> None:
        row, kept = asked(), asked("paul@example.org")
        client.post(page_of(kept))
        Subscription.objects.update(asked_at=timezone.now() - newsletter.VALID - timedelta(minutes=1))
        client.post(page_of(row))
        row.refresh_from_db()
        assert row.confirmed_at is None
        tasks.drop_baskets()
        assert list(Subscription.objects.all()) == [kept]

    def test_a_wrong_link_leads_nowhere(self, client: Client) -> None:
        assert client.get(reverse("checkout:newsletter", args=["nonsense"])).status_code == 404


class TestRestraint:
    def test_what_is_on_its_way_or_there_already_is_not_asked_for_again(self, client: Client) -> None:
        row = asked()
        newsletter.ask(email="IDA@example.org", wanted=[MONTHLY])
        client.post(page_of(row))
        newsletter.ask(email="ida@example.org", wanted=[MONTHLY])
        assert Letter.objects.count() == 1
        assert asked("ida@example.org", MONTHLY, CONCERTS).groups == [{"id": 8, "name": "Konzerte"}]

    def test_one_address_gets_few_mails_in_a_day(self) -> None:
        for number in range(newsletter.MOST_MAILS + 2):
            newsletter.ask(email="ida@example.org", wanted=[Newsletter(number, f"no. {number}")])
        assert Letter.objects.count() == newsletter.MOST_MAILS


def test_staff_export_who_has_confirmed(client: Client) -> None:
    confirmed, left, _waiting = (asked(f"{name}@example.org", Newsletter(1, "=Brief")) for name in "abc")
    for row in (confirmed, left):
        client.post(page_of(row))
    client.post(page_of(left), {"leave": "1"})
    client.force_login(User.objects.create_superuser("staff"))
    rows = list(Subscription.objects.values_list("pk", flat=True))
    listed = reverse("admin:checkout_subscription_changelist")
    answer = client.post(listed, {"action": "export", "_selected_action": rows})
    lines = answer.content.decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("a@example.org,1,'=Brief,de,")
