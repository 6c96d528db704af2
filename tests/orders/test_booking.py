"""Booking what is paid: exactly once, and never a refund while nobody knows."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders.engine import advance
from orders.lifecycle import Outcome, State, Step
from orders.models import Admission, Delivery, Document, JournalEntry, Order, Payment
from shop import gateway
from shop.api import records
from tests.orders.clock import Clock, drive, drive_to_staff
from tests.orders.museum import Museum

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drafted(museum: Museum) -> Order:
    """An order by invoice that is reserved; the next advance pays and books it."""
    order = museum.order(payment_method="demo")
    advance(order.pk)
    Order.objects.update(payment_method="invoice", due_at=timezone.now())
    order.refresh_from_db()
    return order


def finalizes(order: Order) -> list[str]:
    return list(order.journal.filter(step=Step.FINALIZE).values_list("outcome", flat=True))


def the_one_booking(museum: Museum, order: Order) -> dict[str, object]:
    (booking,) = museum.orders_of(order)
    assert booking["status"] == "finalized"
    return booking


def test_everything_that_follows_from_a_booking_is_there_at_once(museum: Museum, drafted: Order) -> None:
    advance(drafted.pk)
    drafted.refresh_from_db()
    assert drafted.state == State.FINALIZED
    theirs = gateway.client().orders.get(drafted.upstream_token)
    assert drafted.upstream_id == theirs.id
    assert theirs.payment_id == drafted.payments.get().reference
    assert Admission.objects.count() == 2
    item = drafted.items.get()
    assert item.sale_id == theirs.items[0].attributes_id
    assert set(drafted.documents.values_list("kind", flat=True)) >= {
        Document.Kind.OFFICIAL,
        Document.Kind.SHEETS,
    }
    assert drafted.deliveries.get().kind == Delivery.Kind.RECEIVED
    assert list(drafted.journal.values_list("step", flat=True)) == [Step.CREATE, Step.PAY, Step.FINALIZE]


@pytest.mark.parametrize(
    "fault",
    ["drop_before", "drop_after", "status_500", "status_502_after", "html_200", "truncated"],
)
def test_a_lost_answer_books_exactly_once(museum: Museum, drafted: Order, clock: Clock, fault: str) -> None:
    museum.fault("finalize", fault)
    drive(drafted, clock, until=State.FINALIZED)
    assert finalizes(drafted)[0] == Outcome.UNKNOWN
    the_one_booking(museum, drafted)
    hashes = drafted.journal.filter(step=Step.FINALIZE).values_list("payload_hash", flat=True)
    assert len(set(hashes)) == 1


def test_an_answer_without_words_is_read_again(museum: Museum, drafted: Order, clock: Clock) -> None:
    museum.fault("finalize", "empty_200")
    drive(drafted, clock, until=State.FINALIZED)
    assert finalizes(drafted) == [Outcome.OK]
    the_one_booking(museum, drafted)


def test_a_busy_museum_is_asked_again(museum: Museum, drafted: Order, clock: Clock) -> None:
    museum.fault("finalize", "status_503_retry", times=3)
    drive(drafted, clock, until=State.FINALIZED)
    the_one_booking(museum, drafted)


def test_a_draft_that_ran_out_means_the_money_goes_back(museum: Museum, drafted: Order, clock: Clock) -> None:
    gateway.client().orders.cancel(drafted.upstream_token)
    drive(drafted, clock, until=State.REFUNDED)
    assert drafted.payments.get().state == Payment.State.VOIDED
    assert drafted.deliveries.filter(kind=Delivery.Kind.REFUNDED).count() == 1


def test_refused_data_means_the_money_and_the_places_go_back(
    museum: Museum, drafted: Order, clock: Clock
) -> None:
    museum.refuse("/finalize")
    drive(drafted, clock, until=State.REFUNDED)
    assert museum.live(drafted) == []


def test_a_refusal_after_a_lost_answer_never_means_a_refund(
    museum: Museum, drafted: Order, clock: Clock
) -> None:
    lost = {"outcome": Outcome.UNKNOWN, "ended_at": timezone.now()}
    JournalEntry.objects.create(order=drafted, step=Step.FINALIZE, **lost)
    museum.refuse("/finalize")  # for all we know the lost attempt may have booked
    drive_to_staff(drafted, clock)
    assert drafted.state in (State.PAID, State.FINALIZE_UNKNOWN)
    assert drafted.payments.get().state == Payment.State.PROMISED


def test_a_wrong_key_never_means_a_refund(
    museum: Museum, drafted: Order, clock: Clock, settings: Settings
) -> None:
    right, settings.GOMUS_TOKEN = settings.GOMUS_TOKEN, "revoked"
    drive(drafted, clock, turns=4)
    assert drafted.state == State.FINALIZE_UNKNOWN
    settings.GOMUS_TOKEN = right
    drive(drafted, clock, until=State.FINALIZED)
    the_one_booking(museum, drafted)


def test_silence_never_means_a_refund(museum: Museum, drafted: Order, clock: Clock) -> None:
    museum.fault("finalize", "drop_after")
    museum.fault("get", "status_500", times=None)
    drive_to_staff(drafted, clock)
    assert drafted.state == State.FINALIZE_UNKNOWN
    assert timezone.now() - drafted.created_at > timedelta(minutes=15)
    assert "not known whether it is booked" in drafted.attention
    assert drafted.payments.get().state == Payment.State.PROMISED
    museum.heal()
    drive(drafted, clock, until=State.FINALIZED)
    assert drafted.attention == ""
    the_one_booking(museum, drafted)


def test_an_order_booked_with_another_payment_is_for_staff(
    museum: Museum, drafted: Order, clock: Clock
) -> None:
    body = records.Finalize(
        customer=records.Customer(name="A", surname="B", email="a@example.org"),
        payment=records.Payment(payment_id="somebody-elses", provider_id="x", provider_name="x"),
    )
    gateway.client().orders.finalize(drafted.upstream_token, body)
    drive_to_staff(drafted, clock)
    assert drafted.state == State.FINALIZE_UNKNOWN
    assert "another payment" in drafted.attention


def test_a_process_that_died_while_booking_leaves_a_doubt(
    museum: Museum, drafted: Order, clock: Clock
) -> None:
    museum.fault("finalize", "status_503_retry")
    advance(drafted.pk)
    JournalEntry.objects.create(order=drafted, step=Step.FINALIZE)
    clock.forward(seconds=5)
    drive(drafted, clock, until=State.FINALIZED)
    assert list(drafted.journal.values_list("step", flat=True)).count(Step.LOOKUP) == 1
    the_one_booking(museum, drafted)


def test_an_account_that_books_at_once_needs_no_finalize(museum: Museum, clock: Clock) -> None:
    museum.set(order_mode="direct")
    order = museum.order(payment_method="invoice")
    drive(order, clock, until=State.FINALIZED)
    assert finalizes(order) == []
    assert order.upstream_binding
    assert Admission.objects.count() == 2
    the_one_booking(museum, order)


def test_an_account_that_books_at_once_is_never_asked_twice(museum: Museum, clock: Clock) -> None:
    museum.set(order_mode="direct")
    drive(museum.order(payment_method="invoice"), clock, until=State.FINALIZED)
    lost = museum.order(payment_method="invoice")
    museum.fault("create", "drop_before")
    drive_to_staff(lost, clock)
    assert lost.state == State.DRAFT_UNKNOWN
    assert museum.orders_of(lost) == []


def test_names_go_out_as_the_museum_wants_them(museum: Museum, drafted: Order, settings: Settings) -> None:
    settings.SWAP_CUSTOMER_NAMES = True
    advance(drafted.pk)
    customer = the_one_booking(museum, drafted)["customer"]
    assert isinstance(customer, dict)
    assert (customer["name"], customer["surname"]) == ("Brandt", "Ida")
    assert "ida" not in customer["foreign_id"]
