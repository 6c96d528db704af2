"""From the basket to an order: the steps, what the order keeps, and the refusals on the way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone, translation

from catalog.models import Ticket
from checkout import services, tasks
from checkout.models import Basket, BasketLine
from orders.engine import advance
from orders.lifecycle import State
from orders.models import Order
from shop import gateway
from tests.checkout.given import ADULT, CHILD, DAY, FREE, NAMED, NET, OTHER, a_time
from tests.checkout.visitor import ADDRESS, CONTACT, Visitor
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(visitor: Visitor) -> Visitor:
    """With two adults and a child in the basket, contact and payment answered."""
    visitor.add(a_time(ADULT), {ADULT: 2, CHILD: 1})
    visitor.fill_in()
    return visitor


def the_order() -> Order:
    return Order.objects.get()


class TestTheWholePath:
    def test_every_step_leads_to_the_next(self, visitor: Visitor) -> None:
        visitor.add(a_time(NAMED), {NAMED: 1})
        line = BasketLine.objects.get().pk
        steps = [
            ("contact", CONTACT, "/de/checkout/names/"),
            ("names", {f"given-{line}-0": "Ada", f"family-{line}-0": "Byron"}, "/de/checkout/payment/"),
            ("payment", {"method": "demo"}, "/de/checkout/review/"),
        ]
        for step, data, then in steps:
            assert visitor.get(step).status_code == 200
            assert visitor.post(step, data)["Location"] == then
        answer = visitor.order()
        assert answer["Location"] == f"/de/order/{the_order().secret}/"

    def test_the_order_is_a_copy_of_what_was_agreed(self, buyer: Visitor) -> None:
        time = BasketLine.objects.filter(ticket=ADULT).get().slot_key
        buyer.order()
        order = the_order()
        assert (order.state, order.total_cents, order.payment_method) == (State.PLACED, 2800, "invoice")
        assert (order.given_name, order.family_name, order.email) == ("Ida", "Brandt", "ida@example.org")
        assert (order.street, order.zip_code, order.city) == ("Weg 1", "24105", "Kiel")
        adult, child = order.items.all()
        assert (adult.title, adult.visitor, adult.museum) == (
            "Erde, Feuer, Hand",
            "Erwachsene",
            "Haus der Gefäße",
        )
        assert (adult.slot_key, adult.slot_minutes, adult.whole_day) == (time, 30, False)
        assert (adult.unit_cents, adult.total_cents, adult.vat_bp) == (1400, 2800, 700)
        assert (child.quantity, child.total_cents) == (1, 0)
        assert adult.payload == {"type": "Ticket", "attributes": {"id": ADULT, "quantity": 2, "time": time}}

    def test_the_museum_takes_the_order_as_it_was_placed(self, visitor: Visitor, museum: Sandbox) -> None:
        visitor.add(a_time(ADULT), {ADULT: 2, CHILD: 1})
        visitor.add(a_time(NET), {NET: 3})
        visitor.add(a_time(NAMED), {NAMED: 1})
        line = BasketLine.objects.get(ticket=NAMED).pk
        visitor.fill_in()
        visitor.post("names", {f"given-{line}-0": "Ada", f"family-{line}-0": "Byron"})
        visitor.post("payment", {"method": "invoice", **ADDRESS})
        visitor.order()
        order = the_order()
        for _ in range(4):
            advance(order.pk)
        order.refresh_from_db()
        (theirs,) = museum.ledger()
        assert order.state == State.FINALIZED, order.refusal
        assert (theirs["reference"], theirs["status"]) == (order.number, "finalized")
        assert order.total_cents == 2800 + 1189 + 2200

    def test_day_tickets_have_no_entry_window(self, visitor: Visitor) -> None:
        visitor.add(a_time(DAY), {DAY: 1})
        visitor.fill_in()
        visitor.order()
        item = the_order().items.get()
        assert (item.whole_day, item.slot_minutes, item.enter_until) == (True, None, None)

    def test_the_order_speaks_the_language_it_was_placed_in(self, visitor: Visitor) -> None:
        with translation.override("en"):
            visitor.add(a_time(ADULT), {ADULT: 1})
            visitor.fill_in()
            visitor.order()
        order = the_order()
        assert order.language == "en"
        assert order.items.get().visitor == "Adult"
        assert order.consent.startswith("I have read the terms and the privacy notice.")
        assert "312g" in order.consent

    def test_what_costs_nothing_is_not_paid(self, visitor: Visitor) -> None:
        visitor.add(a_time(FREE), {FREE: 2})
        assert visitor.post("contact", CONTACT)["Location"] == "/de/checkout/review/"
        with translation.override("en"):
            page = visitor.page("review")
            assert "Order for free" in page
            assert "obligation to pay" not in page
            assert visitor.get("payment")["Location"] == "/en/checkout/review/"
        visitor.order()
        assert (the_order().payment_method, the_order().total_cents) == ("free", 0)

    def test_an_address_is_kept_for_an_invoice_alone(self, visitor: Visitor) -> None:
        visitor.add(a_time(ADULT), {ADULT: 1})
        visitor.fill_in(method="demo")
        visitor.order()
        assert (the_order().street, the_order().company) == ("", "")

    def test_names_go_to_the_museum_given_name_first(self, visitor: Visitor) -> None:
        visitor.add(a_time(NAMED), {NAMED: 1})
        line = BasketLine.objects.get().pk
        visitor.fill_in()
        visitor.post("names", {f"given-{line}-0": " Ada\t M. ", f"family-{line}-0": "Byr\x00on\x07"})
        visitor.post("payment", {"method": "demo"})
        visitor.order()
        item = the_order().items.get()
        assert item.attendees == [{"given_name": "Ada M.", "family_name": "Byron"}]
        assert item.payload["attributes"]["attendees"] == [{"name": "Ada M.", "surname": "Byron"}]


class TestOutOfTime:
    def test_who_was_too_slow_to_pay_agrees_once_more_and_types_nothing_again(self, visitor: Visitor) -> None:
        visitor.add(a_time(NAMED), {NAMED: 1})
        line = BasketLine.objects.get().pk
        visitor.post("contact", CONTACT)
        visitor.post("names", {f"given-{line}-0": "Ada", f"family-{line}-0": "Byron"})
        visitor.post("payment", {"method": "demo"})
        visitor.order()
        first = the_order()
        Order.objects.update(state=State.EXPIRED)
        assert visitor.post("again", {}, first.secret)["Location"] == "/de/checkout/"
        assert visitor.get("start")["Location"] == "/de/checkout/review/"
        assert "Ada Byron" in visitor.page("review")
        assert Order.objects.count() == 1  # nothing is ordered without a new consent
        visitor.order()
        second = Order.objects.exclude(pk=first.pk).get()
        assert (second.email, second.total_cents) == (first.email, first.total_cents)
        assert second.items.get().payload == first.items.get().payload

    def test_what_cannot_be_had_any_more_is_seen_in_the_basket(self, buyer: Visitor, museum: Sandbox) -> None:
        buyer.order()
        order = the_order()
        Order.objects.update(state=State.EXPIRED)
        museum.set_left(ADULT, BasketLine.objects.get(ticket=ADULT).slot_key, 1)
        assert buyer.post("again", {}, order.secret)["Location"] == "/de/basket/"
        assert buyer.lines == [(ADULT, 2), (CHILD, 1)]


class TestTheReview:
    def test_confirmations_then_lines_then_directly_the_button(self, buyer: Visitor) -> None:
        with translation.override("en"):
            page = buyer.page("review")
        main = page[page.index("<main") : page.index("</main>")]
        places = [
            main.index(text)
            for text in (
                'name="terms"',
                "Earth, Fire, Hand",
                "€28.00",
                "incl.",
                "Order with obligation to pay",
            )
        ]
        assert places == sorted(places)
        between = main[main.rindex("incl.") : main.index("Order with obligation to pay")]
        assert not re.search(r"<(input|a|p class|select)", between)

    def test_without_the_confirmation_nothing_is_ordered(self, buyer: Visitor) -> None:
        answer = buyer.post("review", {"agreed": buyer.agreed()})
        assert answer.status_code == 422
        assert b'href="#id_terms"' in answer.content
        assert not Order.objects.exists()

    def test_another_price_is_shown_before_it_is_ordered(self, buyer: Visitor) -> None:
        agreed = buyer.agreed()
        Ticket.objects.filter(pk=ADULT).update(price_cents=1500)
        assert buyer.order(agreed)["Location"] == "/de/checkout/review/"
        assert not Order.objects.exists()
        page = buyer.page("review")
        assert "30,00" in page
        assert "28,00" in page  # the old total, in the message
        buyer.order()
        assert the_order().total_cents == 3000

    @pytest.mark.parametrize("what", ["time", "buyer", "payment", "numbers for the same total"])
    def test_anything_else_that_changed_is_shown_first_too(self, buyer: Visitor, what: str) -> None:
        agreed = buyer.agreed()
        if what == "time":
            ids = ",".join(str(pk) for pk in BasketLine.objects.values_list("pk", flat=True))
            buyer.change(move=a_time(ADULT, number=2), lines=ids)
        elif what == "buyer":
            buyer.post("contact", CONTACT | {"email": "eva@example.org"})
        elif what == "payment":
            buyer.post("payment", {"method": "demo"})
        else:
            buyer.renumber(BasketLine.objects.get(ticket=CHILD), 2)
        buyer.order(agreed)
        assert not Order.objects.exists()
        buyer.order()
        assert Order.objects.count() == 1

    @pytest.mark.parametrize("forge", ["", "2800", "0-abc:def", "same total"])
    def test_a_forged_total_orders_nothing(self, buyer: Visitor, forge: str) -> None:
        token = buyer.agreed().replace("2800", "100", 1) if forge == "same total" else forge or "x"
        buyer.order(token)
        assert not Order.objects.exists()

    def test_what_another_basket_agreed_to_orders_nothing(self, buyer: Visitor) -> None:
        other = Visitor(Client())
        other.add(a_time(ADULT), {ADULT: 2, CHILD: 1})
        other.fill_in()
        buyer.order(other.agreed())
        assert not Order.objects.exists()

    def test_places_sold_meanwhile_lead_back_to_the_basket(self, buyer: Visitor, museum: Sandbox) -> None:
        agreed = buyer.agreed()
        museum.set_left(ADULT, BasketLine.objects.get(ticket=ADULT).slot_key, 2)
        assert buyer.order(agreed)["Location"] == "/de/basket/"
        assert not Order.objects.exists()

    def test_while_the_ticket_system_is_silent_nothing_is_ordered(
        self, buyer: Visitor, museum: Sandbox
    ) -> None:
        agreed = buyer.agreed()
        museum.switch(maintenance="json")
        answer = buyer.order(agreed)
        assert answer.status_code == 503
        assert not Order.objects.exists()
        assert buyer.lines == [(ADULT, 2), (CHILD, 1)]
        museum.switch(maintenance="off")
        gateway.reset()
        buyer.order(agreed)
        assert Order.objects.count() == 1


class TestAnswers:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"email": "nobody"},
            {"email": "i" * 250 + "@example.org"},
            {"given_name": " "},
            {"family_name": "x" * 101},
            {"given_name": "\x07"},
        ],
    )
    def test_a_wrong_contact_is_told_and_kept_on_the_page(
        self, visitor: Visitor, wrong: dict[str, str]
    ) -> None:
        visitor.add(a_time(ADULT), {ADULT: 1})
        answer = visitor.post("contact", CONTACT | {"family_name": "Brandt-Ł"} | wrong)
        assert answer.status_code == 422
        (name,) = wrong
        assert f'href="#id_{name}"'.encode() in answer.content
        if name != "family_name":
            assert "Brandt-Ł" in answer.content.decode()
        assert visitor.get("review")["Location"] == "/de/checkout/contact/"

    def test_an_empty_post_is_an_answer_with_everything_missing(self, visitor: Visitor) -> None:
        visitor.add(a_time(ADULT), {ADULT: 1})
        assert visitor.post("contact", {}).status_code == 422

    def test_line_breaks_in_names_do_not_reach_mails(self, visitor: Visitor) -> None:
        visitor.add(a_time(ADULT), {ADULT: 1})
        visitor.fill_in(given_name="Ida\r\nBcc: all@example.org")
        visitor.order()
        assert the_order().given_name == "Ida Bcc: all@example.org"

    @pytest.mark.parametrize("field", ["street", "zip_code", "city", "country"])
    def test_an_invoice_needs_an_address(self, buyer: Visitor, field: str) -> None:
        answer = buyer.post("payment", {"method": "invoice", **ADDRESS, field: " "})
        assert answer.status_code == 422
        assert f'href="#id_{field}"'.encode() in answer.content

    def test_only_ways_to_pay_that_are_offered(self, buyer: Visitor, settings: LazySettings) -> None:
        assert buyer.post("payment", {"method": "free"}).status_code == 422
        agreed = buyer.agreed()
        settings.PAYMENT_METHODS = ["demo"]  # the invoice is withdrawn after it was chosen
        assert buyer.order(agreed)["Location"] == "/de/checkout/payment/"
        assert not Order.objects.exists()

    def test_a_transfer_is_offered_where_there_is_time_for_it(
        self, buyer: Visitor, settings: LazySettings
    ) -> None:
        settings.PAYMENT_METHODS = ["demo", "transfer"]
        visit = BasketLine.objects.earliest("slot_at").slot_at
        days = (visit - timezone.now()).days
        settings.TRANSFER_DAYS = days + 1
        assert b'value="transfer"' not in buyer.get("payment").content
        assert buyer.post("payment", {"method": "transfer"}).status_code == 422
        settings.TRANSFER_DAYS = days - 3
        page = buyer.get("payment").content.decode()
        assert 'value="transfer"' in page
        assert "sind sie nicht reserviert" in page

    def test_names_are_needed_for_everybody(self, visitor: Visitor) -> None:
        visitor.add(a_time(NAMED), {NAMED: 2})
        line = BasketLine.objects.get()
        visitor.post("contact", CONTACT)
        names = {f"{part}-{line.pk}-{n}": "Ada" for part in ("given", "family") for n in range(2)}
        assert visitor.post("names", names | {f"family-{line.pk}-1": ""}).status_code == 422
        assert visitor.post("names", names).status_code == 302
        visitor.post("payment", {"method": "demo"})
        visitor.renumber(line, 3)  # one more comes along
        assert visitor.get("review")["Location"] == "/de/checkout/names/"

    def test_who_changes_one_answer_comes_back_to_the_review(self, buyer: Visitor) -> None:
        answer = buyer.post("contact", CONTACT | {"email": "eva@example.org"})
        assert answer["Location"] == "/de/checkout/review/"
        assert "eva@example.org" in buyer.page("review")

    def test_who_buys_again_is_not_asked_again(self, buyer: Visitor) -> None:
        buyer.order()
        buyer.add(a_time(OTHER), {OTHER: 1})
        assert buyer.get("start")["Location"] == "/de/checkout/review/"
        assert "ida@example.org" in buyer.page("review")

    def test_the_next_person_at_the_same_screen_has_it_forgotten(self, buyer: Visitor) -> None:
        buyer.order()
        buyer.add(a_time(OTHER), {OTHER: 1})
        assert buyer.post("contact", {"forget": "1"})["Location"] == "/de/checkout/contact/"
        assert "ida@example.org" not in buyer.page("contact")
        assert buyer.get("review")["Location"] == "/de/checkout/contact/"

    def test_the_names_of_one_basket_are_not_those_of_the_next(self, visitor: Visitor) -> None:
        for times in range(2):
            visitor.add(a_time(NAMED), {NAMED: 1})
            if times == 0:
                visitor.post("contact", CONTACT)
            assert visitor.get("start")["Location"] == "/de/checkout/names/"
            line = BasketLine.objects.get(basket=visitor.basket).pk
            visitor.post("names", {f"given-{line}-0": "Ada", f"family-{line}-0": "Byron"})
            if times == 0:
                visitor.post("payment", {"method": "demo"})
            visitor.order()

    def test_steps_want_a_basket(self, visitor: Visitor) -> None:
        for step in ("contact", "names", "payment", "review"):
            assert visitor.get(step)["Location"] == "/de/basket/"
            assert visitor.post(step, {"terms": "on"})["Location"] == "/de/basket/"


class TestAfterwards:
    def test_a_second_click_leads_to_the_same_order(self, buyer: Visitor) -> None:
        agreed = buyer.agreed()
        first, second = buyer.order(agreed), buyer.order(agreed)
        assert first["Location"] == second["Location"]
        assert Order.objects.count() == 1

    def test_the_basket_is_empty_and_says_why(self, buyer: Visitor) -> None:
        buyer.order()
        page = buyer.page("basket")
        assert the_order().number in page
        assert "28,00" not in page
        assert buyer.change(remove="1")["Location"] == "/de/basket/"
        assert BasketLine.objects.count() == 2  # they belong to the order now

    def test_what_is_added_meanwhile_starts_a_new_basket(self, buyer: Visitor) -> None:
        buyer.order()
        buyer.add(a_time(OTHER), {OTHER: 1})
        assert buyer.lines == [(OTHER, 1)]
        buyer.fill_in()
        buyer.order()
        assert sorted(order.total_cents for order in Order.objects.all()) == [800, 2800]

    def test_a_failed_order_gives_the_basket_back_for_another_try(self, buyer: Visitor) -> None:
        buyer.order()
        Order.objects.update(state=State.EXPIRED)
        assert "28,00" in buyer.page("basket")
        assert "ida@example.org" in buyer.page("review")  # nothing to type again
        buyer.order()
        assert Order.objects.count() == 2
        assert len(set(Order.objects.values_list("key", flat=True))) == 2

    def test_after_a_new_price_the_basket_has_it(self, buyer: Visitor, museum: Sandbox) -> None:
        buyer.order()
        museum.set_price(ADULT, 1600)
        advance(the_order().pk)
        assert the_order().state == State.PRICE_CHANGED
        assert "32,00" in buyer.page("basket")
        buyer.order()
        again = Order.objects.exclude(state=State.PRICE_CHANGED).get()
        advance(again.pk)
        again.refresh_from_db()
        assert (again.state, again.total_cents) == (State.FINALIZED, 3200)

    def test_a_price_nobody_can_read_now_does_not_lose_the_basket(
        self, buyer: Visitor, museum: Sandbox
    ) -> None:
        buyer.order()
        Order.objects.update(state=State.PRICE_CHANGED)
        museum.switch(maintenance="json")
        assert "28,00" in buyer.page("basket")
        museum.switch(maintenance="off")

    def test_cookies_of_the_checkout_are_not_kept_by_anybody_between(self, buyer: Visitor) -> None:
        for name in ("basket", "quote", "contact", "payment", "review"):
            header = buyer.get(name)["Cache-Control"]
            assert {"private", "no-store"} <= set(header.replace(" ", "").split(",")), name


class TestAgain:
    def again(self, visitor: Visitor, secret: str) -> str:
        answer = visitor.post("again", {}, secret)
        return answer.headers.get("Location", str(answer.status_code))

    def test_what_failed_comes_into_the_basket_started_meanwhile(self, buyer: Visitor) -> None:
        buyer.order()
        buyer.add(a_time(OTHER), {OTHER: 1})
        Order.objects.update(state=State.REFUSED)
        assert self.again(buyer, the_order().secret) == "/de/basket/"
        assert sorted(buyer.lines) == [(ADULT, 2), (CHILD, 1), (OTHER, 1)]
        assert self.again(buyer, the_order().secret) == "/de/basket/"
        assert sorted(buyer.lines) == [(ADULT, 2), (CHILD, 1), (OTHER, 1)]  # a second click adds nothing
        buyer.fill_in()
        buyer.order()
        assert Order.objects.exclude(state=State.REFUSED).get().total_cents == 3600

    def test_the_basket_that_was_ordered_is_simply_back(self, buyer: Visitor) -> None:
        buyer.order()
        Order.objects.update(state=State.EXPIRED)
        assert self.again(buyer, the_order().secret) == "/de/checkout/"
        assert buyer.lines == [(ADULT, 2), (CHILD, 1)]
        assert Basket.objects.count() == 1

    def test_on_another_device_it_becomes_a_basket(self, buyer: Visitor) -> None:
        buyer.order()
        Order.objects.update(state=State.EXPIRED)
        other = Visitor(Client())
        self.again(other, the_order().secret)
        assert other.lines == [(ADULT, 2), (CHILD, 1)]
        assert "28,00" in other.page("basket")

    def test_day_tickets_keep_their_day(self, visitor: Visitor) -> None:
        visitor.add(a_time(DAY), {DAY: 1})
        before = BasketLine.objects.get()
        visitor.fill_in()
        visitor.order()
        Order.objects.update(state=State.EXPIRED)
        other = Visitor(Client())
        self.again(other, the_order().secret)
        after = other.basket.lines.get()
        assert (after.slot_at, after.slot_ends_at) == (before.slot_at, before.slot_ends_at)

    @pytest.mark.parametrize("state", [State.PLACED, State.DRAFTED, State.REFUND_DUE, State.READY])
    def test_an_order_that_did_not_fail_is_not_bought_twice(self, buyer: Visitor, state: State) -> None:
        buyer.order()
        Order.objects.update(state=state)
        other = Visitor(Client())
        assert self.again(other, the_order().secret) == f"/de/order/{the_order().secret}/"
        assert Basket.objects.count() == 1

    def test_a_guessed_link_leads_nowhere(self, visitor: Visitor) -> None:
        assert self.again(visitor, "guessed") == "404"
        assert visitor.get("again", "guessed").status_code == 405


class TestForgetting:
    def test_baskets_nobody_touched_for_a_week_go(self, buyer: Visitor) -> None:
        buyer.order()
        Basket.objects.create()
        Basket.objects.create(touched_at=timezone.now() - timedelta(days=6, hours=23))
        Basket.objects.filter(order__isnull=False).update(
            touched_at=timezone.now() - timedelta(days=7, hours=1)
        )
        assert services.drop_old_baskets() == 1
        assert (Basket.objects.count(), BasketLine.objects.count(), Order.objects.count()) == (2, 0, 1)

    @pytest.mark.usefixtures("buyer")
    def test_ended_sessions_go_with_what_was_typed(self) -> None:
        tasks.drop_baskets()
        assert Session.objects.count() == 1
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        tasks.drop_baskets()
        assert not Session.objects.exists()
