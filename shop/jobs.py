"""Every background job, named once, and the queue it waits in.

Tasks register under these names; services ring them by these names.
"""

from enum import StrEnum


class Job(StrEnum):
    SYNC_CATALOG = "catalog.sync"
    PREFETCH_PLACES = "catalog.prefetch"
    FETCH_PICTURE = "catalog.fetch_picture"
    ADVANCE_ORDER = "orders.advance"
    SWEEP_ORDERS = "orders.sweep"
    FETCH_DOCUMENTS = "orders.fetch_documents"
    PAYMENT_EVENT = "orders.payment_event"
    LOOK_AT_PAYMENT = "orders.look_at_payment"
    SETTLE_REFUND = "orders.settle_refund"
    CANCEL_ITEMS = "orders.cancel_items"
    SEND_MAIL = "orders.send_mail"
    SEND_LETTER = "shop.send_letter"
    SWEEP_LETTERS = "shop.sweep_letters"
    SEND_LINKS = "orders.send_links"
    FORWARD_WITHDRAWAL = "orders.forward_withdrawal"
    COMPARE_ORDERS = "orders.compare"
    WATCH_VISITS = "orders.watch_visits"
    ASK_ABOUT_CARDS = "orders.ask_about_cards"
    PERSONALISE_CARD = "orders.personalise_card"
    FORWARD_RATING = "orders.forward_rating"
    DROP_BASKETS = "checkout.drop_baskets"
    KEEP_RULES = "staff.keep_rules"
    MAKE_EXPORT = "staff.make_export"
    SWEEP_EXPORTS = "staff.sweep_exports"
    SWEEP_HOLDS = "checkout.sweep_holds"


class Queue(StrEnum):
    """By urgency, the most urgent first: a worker of several queues empties them in this order."""

    ORDERS = "orders"  # somebody waits in front of a page
    DOCUMENTS = "documents"  # WeasyPrint: much memory, some seconds
    MAIL = "mail"  # as slow as somebody's mail server
    MIRROR = "mirror"  # long and patient


QUEUES: dict[Job, Queue] = {
    Job.ADVANCE_ORDER: Queue.ORDERS,
    Job.SWEEP_ORDERS: Queue.ORDERS,
    Job.PAYMENT_EVENT: Queue.ORDERS,
    Job.LOOK_AT_PAYMENT: Queue.ORDERS,
    Job.SETTLE_REFUND: Queue.ORDERS,
    Job.CANCEL_ITEMS: Queue.ORDERS,
    Job.SWEEP_HOLDS: Queue.ORDERS,
    Job.FETCH_DOCUMENTS: Queue.DOCUMENTS,
    Job.SEND_MAIL: Queue.MAIL,
    Job.SEND_LETTER: Queue.MAIL,
    Job.SEND_LINKS: Queue.MAIL,
    Job.SWEEP_LETTERS: Queue.MAIL,
    Job.FORWARD_WITHDRAWAL: Queue.MAIL,
    Job.PREFETCH_PLACES: Queue.MIRROR,
    Job.SYNC_CATALOG: Queue.MIRROR,
    Job.FETCH_PICTURE: Queue.MIRROR,
    Job.COMPARE_ORDERS: Queue.MIRROR,
    Job.WATCH_VISITS: Queue.MIRROR,
    Job.ASK_ABOUT_CARDS: Queue.ORDERS,
    Job.PERSONALISE_CARD: Queue.ORDERS,
    Job.FORWARD_RATING: Queue.MAIL,
    Job.DROP_BASKETS: Queue.MIRROR,
    Job.KEEP_RULES: Queue.MIRROR,
    Job.MAKE_EXPORT: Queue.MIRROR,
    Job.SWEEP_EXPORTS: Queue.MIRROR,
}
