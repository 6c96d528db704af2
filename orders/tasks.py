"""The bells: each task looks into the database for what there is to do, so one ring too many does no harm."""

from orders import (
    cancelling,
    cards,
    documents,
    engine,
    finding,
    forwarding,
    hearing,
    mail,
    personalising,
    rating,
    reconciling,
    returns,
    selectors,
    unselling,
    vigil,
    withdrawals,
)
from orders.payments import events
from shop import tracing
from shop.celery import app
from shop.jobs import Job
from shop.queue import remind


@app.task(name=Job.ADVANCE_ORDER.value)
def advance_order(order_id: int) -> None:
    """Do what the order needs now."""
    tracing.note(order=order_id)
    engine.advance(order_id)


@app.task(name=Job.FETCH_DOCUMENTS.value)
def fetch_documents(order_id: int) -> None:
    """Fetch and make the order's documents."""
    tracing.note(order=order_id)
    documents.prepare(order_id)


@app.task(name=Job.SEND_MAIL.value)
def send_mail(delivery_id: int) -> None:
    """Send one mail."""
    mail.send(delivery_id)


@app.task(name=Job.SEND_LINKS.value)
def send_links(request_id: int) -> None:
    """Send somebody the links of their orders."""
    finding.answer(request_id)


@app.task(name=Job.FORWARD_WITHDRAWAL.value)
def forward_withdrawal(withdrawal_id: int) -> None:
    """Pass one declaration to withdraw on to the museum."""
    forwarding.forward(withdrawal_id)


@app.task(name=Job.PAYMENT_EVENT.value)
def payment_event(event_id: int) -> None:
    """Find out what a provider called for."""
    hearing.handle(event_id)


@app.task(name=Job.LOOK_AT_PAYMENT.value)
def look_at_payment(payment_id: int) -> None:
    """Ask once more about a payment that was given up."""
    hearing.look_again(payment_id)


@app.task(name=Job.CANCEL_ITEMS.value)
def cancel_items(cancellation_id: int) -> None:
    """Cancel at the museum what a customer gave back."""
    unselling.cancel(cancellation_id)


@app.task(name=Job.SETTLE_REFUND.value)
def settle_refund(refund_id: int) -> None:
    """Return money that should have gone back already."""
    returns.settle_later(refund_id)


@app.task(name=Job.ASK_ABOUT_CARDS.value)
def ask_about_cards(order_id: int) -> None:
    """Find out which annual tickets want a person."""
    personalising.ask(order_id)


@app.task(name=Job.PERSONALISE_CARD.value)
def personalise_card(card_id: int) -> None:
    """Tell the museum whom a card is for."""
    personalising.personalise(card_id)


@app.task(name=Job.FORWARD_RATING.value)
def forward_rating(rating_id: int) -> None:
    """Tell the museum what somebody thought of the visit."""
    rating.pass_on(rating_id)


@app.task(name=Job.SWEEP_ORDERS.value)
def sweep_orders() -> None:
    """Ring for everything that is due: what no bell announced, what a dead worker left, what waits for its time."""
    remind(Job.ADVANCE_ORDER, selectors.due_orders())
    remind(Job.FETCH_DOCUMENTS, selectors.due_documents())
    remind(Job.SEND_MAIL, selectors.due_deliveries())
    remind(Job.FORWARD_WITHDRAWAL, withdrawals.due())
    remind(Job.SEND_LINKS, finding.due())
    finding.forget_old()
    remind(Job.PAYMENT_EVENT, events.due())
    remind(Job.LOOK_AT_PAYMENT, hearing.due())
    remind(Job.CANCEL_ITEMS, cancelling.due())
    remind(Job.SETTLE_REFUND, returns.due())
    remind(Job.ASK_ABOUT_CARDS, cards.orders_to_ask())
    remind(Job.PERSONALISE_CARD, cards.due())
    remind(Job.FORWARD_RATING, rating.due())


@app.task(name=Job.COMPARE_ORDERS.value)
def compare_orders() -> None:
    """Compare the orders of the last days with the museum's and with the money."""
    reconciling.compare()


@app.task(name=Job.WATCH_VISITS.value)
def watch_visits() -> None:
    """Find out whether museums have cancelled what people are about to visit."""
    vigil.watch()
