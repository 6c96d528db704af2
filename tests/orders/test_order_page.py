"""The page behind the secret link tells the truth in every state, and its moving part moves it on."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from orders import desk
from orders.lifecycle import FINAL, State
from orders.models import DemoCharge, Order, Payment
from orders.pages import page_of
from orders.payments import demo
from orders.services import place_order
from tests.orders.given import a_line, a_snapshot, an_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def show(client: Client, order: Order) -> str:
    answer = client.get(reverse("orders:order", args=[order.secret]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def poll(client: Client, order: Order, seen: str) -> Any:
    return client.get(
        reverse("orders:state", args=[order.secret]), {"seen": seen}, headers={"HX-Request": "true"}
    )


def stamp_in(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def a_payment(order: Order, state: Payment.State) -> Payment:
    return Payment.objects.create(
        order=order,
        provider="demo",
        reference=f"{order.number}-1",
        amount_cents=2800,
        currency="EUR",
        state=state,
    )


def test_an_unknown_link_finds_nothing(client: Client) -> None:
    assert client.get(reverse("orders:order", args=["guessed"])).status_code == 404
    assert client.get(reverse("orders:state", args=["guessed"])).status_code == 404
    assert client.post(reverse("orders:pay", args=["guessed"])).status_code == 404


def test_the_page_is_nobody_elses(client: Client) -> None:
    answer = client.get(reverse("orders:order", args=[an_order().secret]))
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("state", sorted(set(State) - {State.READY}))
def test_every_state_has_a_page_without_the_museums_token(client: Client, state: State) -> None:
    order = an_order(state=state, upstream_token="token-of-the-museum")
    page = show(client, order)
    assert order.number in page
    assert "token-of-the-museum" not in page
    moving = "hx-get" in page
    assert moving == (state not in FINAL)


@pytest.mark.parametrize("state", [State.PLACED, State.AUTHORISED, State.PAID, State.FINALIZED])
def test_under_way_the_page_reloads_itself_without_javascript(client: Client, state: State) -> None:
    page = show(client, an_order(state=state))
    assert '<noscript><meta http-equiv="refresh"' in page
    assert page.count('aria-current="step"') == 1


def test_waiting_for_payment_nothing_reloads_under_the_hands(client: Client) -> None:
    page = show(client, an_order(state=State.DRAFTED))
    assert "refresh" not in page
    assert "Pay €28.00 now" in page


def test_after_half_a_minute_the_page_may_be_closed(client: Client) -> None:
    assert "may close this page" not in show(client, an_order(state=State.PAID))
    slow = an_order(state=State.PAID, created_at=timezone.now() - timedelta(seconds=40))
    assert "we will write to ida@example.org" in show(client, slow)
    unpaid = an_order(state=State.PLACED, created_at=timezone.now() - timedelta(seconds=40))
    assert "come back by its link" in show(client, unpaid)


@pytest.mark.parametrize("state", [State.DRAFT_UNKNOWN, State.FINALIZE_UNKNOWN])
def test_in_doubt_nobody_is_asked_to_pay(client: Client, state: State) -> None:
    order = an_order(state=state)
    page = show(client, order)
    assert "checking" in page
    assert reverse("orders:pay", args=[order.secret]) not in page


def test_a_declined_payment_says_so_and_offers_another_try(client: Client) -> None:
    order = an_order(state=State.DRAFTED, street="Feldstraße 8", zip_code="24105", city="Kiel")
    a_payment(order, Payment.State.FAILED)
    page = show(client, order)
    assert "nothing was charged" in page
    assert "Try again" in page
    assert "Invoice" in page


@pytest.mark.parametrize(
    ("state", "refusal", "said"),
    [
        (State.REFUSED, {"code": "sold_out", "messages": ["x"]}, "just been sold"),
        (State.REFUSED, {"code": "unavailable"}, "cannot be reached"),
        (State.REFUSED, {"code": "odd", "messages": ["Only on <b>Mondays</b>."]}, "Only on &lt;b&gt;Mondays"),
        (State.PRICE_CHANGED, {"code": "wrong_total"}, "price has changed"),
        (State.PRICE_CHANGED, {"code": "wrong_total", "expected_total": 3000}, "€30.00 instead of €28.00"),
        (State.EXPIRED, {}, "time to pay has passed"),
        (State.REFUND_DUE, {"code": "order_expired"}, "nothing to pay"),
    ],
)
def test_an_order_that_came_to_nothing_says_why(
    client: Client, state: State, refusal: dict[str, object], said: str
) -> None:
    assert said in show(client, an_order(state=state, refusal=refusal))


def test_collected_money_on_its_way_back_is_said(client: Client) -> None:
    order = an_order(state=State.REFUND_DUE, refusal={"code": "order_expired"})
    a_payment(order, Payment.State.CAPTURED)
    assert "all of your money back" in show(client, order)


def test_the_moving_part_is_silent_until_something_changes(client: Client) -> None:
    order = an_order(state=State.PLACED)
    seen = stamp_in(show(client, order))
    assert poll(client, order, seen).status_code == 204
    Order.objects.update(state=State.PAID)
    answer = poll(client, order, seen)
    assert answer.status_code == 200
    assert "booking your places" in answer.content.decode()
    assert 'hx-swap-oob="innerHTML:#said"' in answer.content.decode()
    assert "HX-Request" in answer["Vary"]
    assert stamp_in(answer.content.decode()) != seen


def test_another_kind_of_page_is_shown_whole(client: Client) -> None:
    order = an_order(state=State.PLACED)
    seen = stamp_in(show(client, order))
    Order.objects.update(state=State.REFUSED)
    assert poll(client, order, seen)["HX-Refresh"] == "true"
    assert poll(client, order, stamp_in(show(client, order))).status_code == 286


def test_without_javascript_the_part_is_the_page(client: Client) -> None:
    order = an_order()
    answer = client.get(reverse("orders:state", args=[order.secret]))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("orders:order", args=[order.secret])


def test_the_customer_is_taken_to_pay_once(client: Client) -> None:
    order = an_order(state=State.PLACED)
    seen = stamp_in(show(client, order))
    Order.objects.update(state=State.DRAFTED)
    target = poll(client, order, seen)["HX-Redirect"]
    assert client.get(target).status_code == 200
    assert "HX-Redirect" not in poll(client, order, seen).headers  # back again: the customer decides


def test_the_button_leads_to_the_payment_page_and_back(client: Client) -> None:
    order = an_order(state=State.DRAFTED)
    answer = client.post(reverse("orders:pay", args=[order.secret]))
    page = client.get(answer["Location"]).content.decode()
    assert "no money moves" in page
    back = client.post(answer["Location"], {"decision": "pay"})
    assert back["Location"] == reverse("orders:order", args=[order.secret])
    assert "confirming your payment" in show(client, order)
    assert Order.objects.get().state == State.AUTHORISED
    assert "closed" in client.get(answer["Location"]).content.decode()


def test_paying_and_closing_the_tab_is_seen_on_the_next_visit(client: Client) -> None:
    order = an_order(state=State.DRAFTED)
    client.post(reverse("orders:pay", args=[order.secret]))
    demo.decide(DemoCharge.objects.get(), pay=True)
    again = client.post(reverse("orders:pay", args=[order.secret]))
    assert again["Location"] == reverse("orders:order", args=[order.secret])
    assert Order.objects.get().state == State.AUTHORISED


def test_there_is_no_demo_payment_outside_the_demo(client: Client, settings: Settings) -> None:
    order = an_order(state=State.DRAFTED)
    target = client.post(reverse("orders:pay", args=[order.secret]))["Location"]
    settings.DEMO = False
    assert client.get(target).status_code == 404


def test_paying_too_late_leads_back_to_the_order(client: Client) -> None:
    order = an_order(state=State.EXPIRED)
    answer = client.post(reverse("orders:pay", args=[order.secret]))
    assert answer["Location"] == reverse("orders:order", args=[order.secret])
    assert not Payment.objects.exists()


def test_a_transfer_is_explained_until_it_is_here(client: Client) -> None:
    until = timezone.now() + timedelta(days=5)
    order = an_order(state=State.AWAITING, payment_method="transfer", pay_until=until)
    assert "confirming your payment" in show(client, order)  # the engine has not opened it yet
    desk.book(order, Payment.State.OPEN)
    page = show(client, order)
    for said in (
        "€28.00",
        order.number,
        "DE02 1203 0000 0000 2020 51",
        "data:image/svg+xml",
        "not held for you",
    ):
        assert said in page
    assert reverse("orders:pay", args=[order.secret]) not in page
    assert 'value="demo"' in page  # may be paid at once instead
    client.post(reverse("orders:method", args=[order.secret]), {"method": "demo"})
    order.refresh_from_db()
    assert (order.state, order.payment_method) == (State.PLACED, "demo")
    assert order.payments.get().state == Payment.State.VOIDED


def test_a_part_of_a_transfer_is_said_and_only_the_rest_asked_for(client: Client) -> None:
    until = timezone.now() + timedelta(days=5)
    order = an_order(state=State.AWAITING, payment_method="transfer", pay_until=until)
    desk.book(order, Payment.State.OPEN)
    Payment.objects.update(collected_cents=1000)
    page = show(client, order)
    assert "€10.00 of your transfer have arrived" in page
    assert "<strong>€18.00</strong>" in page
    assert 'name="method"' not in page


def test_money_under_way_is_confirmed_and_not_asked_for_again(client: Client) -> None:
    order = an_order(state=State.DRAFTED)
    desk.book(order, Payment.State.OPEN)
    Payment.objects.update(pending=True)
    page = page_of(Order.objects.get())
    assert (page.kind, page.sentence) == ("processing", "We are confirming your payment.")


def test_kinds_of_one_visit_stand_together(client: Client) -> None:
    lines = [a_line(ticket_id=7), a_line(ticket_id=8, quantity=1, visitor="Reduced")]
    order = place_order(snapshot=a_snapshot(*lines, a_line(ticket_id=9, title="Deep Time")))
    Order.objects.update(state=State.READY)
    page = show(client, order)
    assert page.count('<article class="tix">') == 2
    together = page.split('<article class="tix">')[1]
    assert "2 × Adult" in together
    assert "1 × Reduced" in together


def test_who_has_not_paid_is_warned_before_the_places_go_back(client: Client) -> None:
    order = an_order(state=State.DRAFTED, pay_until=timezone.now() + timedelta(minutes=6))
    a_payment(order, Payment.State.OPEN)
    page = show(client, order)
    assert "go back to the museum" not in page
    seen = stamp_in(page)
    Order.objects.update(pay_until=timezone.now() + timedelta(minutes=4))
    part = poll(client, order, seen).content.decode()
    assert "go back to the museum" in part
    assert part.count("you can order the same again") == 2  # to read and to hear
    assert reverse("orders:pay", args=[order.secret]) in show(client, order)


def test_after_the_time_to_pay_nothing_can_be_paid_any_more(client: Client) -> None:
    order = an_order(
        state=State.DRAFTED, pay_until=timezone.now(), street="Weg 1", zip_code="24105", city="Kiel"
    )
    page = show(client, order)
    assert "The time to pay has passed" in page
    assert reverse("orders:pay", args=[order.secret]) not in page
    assert reverse("orders:method", args=[order.secret]) not in page
    assert "hx-get" in page
    client.post(reverse("orders:pay", args=[order.secret]))
    client.post(reverse("orders:method", args=[order.secret]), {"method": "invoice"})
    order.refresh_from_db()
    assert (order.state, order.payment_method) == (State.DRAFTED, "demo")
    assert not order.payments.exists()
    Order.objects.update(state=State.EXPIRED)
    page = show(client, order)
    assert "Order the same again" in page
    assert reverse("checkout:again", args=[order.secret]) in page
