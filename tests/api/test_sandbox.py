"""The client against the running sandbox: the whole way from the catalogue to a PDF, and its rehearsed accidents."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shop.api import Gomus, Limits, Timeouts, errors
from shop.api.records import Exhibition, Museum, Ticket, TicketType
from tests.api.buying import CLOSING, LOCALES, found_by_reference, order_of, slot_and_ticket, today
from tests.sandbox_process import Sandbox, start_sandbox

TIMEOUTS = Timeouts(worker=Limits(connect=5, read=2, total=30, tries=5))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = start_sandbox(tmp_path_factory.mktemp("sandbox"))
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """The sandbox of this module, as new."""
    running.reset()
    yield running
    running.heal()
    running.ledger()


@pytest.fixture
def gomus(sandbox: Sandbox) -> Iterator[Gomus]:
    client = Gomus(sandbox.base_url, "sandbox-reseller", timeouts=TIMEOUTS, sleep=lambda _: None)
    yield client
    client.close()


def test_the_whole_catalogue_is_readable_in_both_languages(gomus: Gomus) -> None:
    assert set(LOCALES) <= set(gomus.catalogue.locales())
    assert gomus.catalogue.version().currency == "EUR"
    museums = gomus.catalogue.museums(LOCALES)
    exhibitions = gomus.catalogue.exhibitions(LOCALES)
    tickets = gomus.catalogue.tickets(LOCALES, types=list(TicketType))
    read: tuple[list[Museum], list[Exhibition], list[Ticket]] = (
        list(museums),
        list(exhibitions),
        list(tickets),
    )
    assert [listing.skipped for listing in (museums, exhibitions, tickets)] == [[], [], []]
    assert len(read[0]) >= 6
    assert len(read[1]) >= 12
    assert len(read[2]) >= 40
    titles = (
        [museum.title for museum in read[0]] + [row.title for row in read[1]] + [row.title for row in read[2]]
    )
    assert all(set(LOCALES) <= set(title.as_dict()) for title in titles)
    assert any(row.title.pick("de") != row.title.pick("en") for row in read[1])


def test_single_records_say_more_than_rows(gomus: Gomus) -> None:
    museum = gomus.catalogue.museum(next(gomus.catalogue.museums(LOCALES)).id, LOCALES)
    assert museum.location is not None
    assert museum.description
    assert museum.picture is not None
    assert (museum.picture.best() or "").startswith("http://127.0.0.1")
    exhibition = gomus.catalogue.exhibition(next(gomus.catalogue.exhibitions(LOCALES)).id, LOCALES)
    assert exhibition.description
    row = next(gomus.catalogue.tickets(LOCALES, bookable=True))
    ticket = gomus.catalogue.ticket(row.id, LOCALES)
    assert (ticket.title, ticket.price_cents, ticket.quota_ids) == (row.title, row.price_cents, row.quota_ids)
    days = [today() + timedelta(days=n) for n in range(7)]
    assert any(gomus.catalogue.opening_hours(museum.id, day) for day in days)
    with pytest.raises(errors.NotFound):
        gomus.catalogue.museum(10**9, LOCALES)


def test_a_picture_can_be_fetched(gomus: Gomus) -> None:
    urls = [museum.picture.best() for museum in gomus.catalogue.museums(LOCALES) if museum.picture]
    image = gomus.catalogue.picture(next(url for url in urls if url))
    assert image.media_type.startswith("image/")
    assert len(image.content) > 1000


def test_three_ways_to_ask_for_places_agree(gomus: Gomus) -> None:
    ticket, slot = slot_and_ticket(gomus)
    day = slot.at.date()
    single = {slot.at: slot.left for slot in gomus.availability.capacity(ticket.id, day)}
    quotas = gomus.availability.capacities([ticket.id], day)
    assert {quota.quota_id for quota in quotas} == set(ticket.quota_ids)
    least = [min(row.left for quota in quotas for row in quota.slots if row.at == at) for at in single]
    assert least == list(single.values())
    assert all(row.total is not None and row.left <= row.total for quota in quotas for row in quota.slots)
    month = gomus.availability.calendar_any([ticket.id], day, day + timedelta(days=45))
    assert len(month) == 46
    assert month[day] is True
    deep = gomus.availability.calendar_all([ticket.id], day, day)[day]
    assert {row.at: row.left for quota in deep for row in quota.slots if row.at == slot.at} == {
        slot.at: slot.left
    }


def test_from_a_draft_to_the_pdf(gomus: Gomus) -> None:
    ticket, slot = slot_and_ticket(gomus)
    wanted = order_of(ticket, slot)
    created = gomus.orders.create(wanted)
    assert not created.meta.is_unexpected()
    draft = created.order
    assert (draft.id, draft.is_finalized(), draft.total_cents) == (None, False, wanted.total)
    assert draft.expires_at is not None
    now = {row.key: row.left for row in gomus.availability.capacity(ticket.id, slot.at.date())}
    assert now[slot.key] == slot.left - 2

    final = gomus.orders.finalize(draft.token, CLOSING)
    assert final.is_finalized()
    assert final.payment_id == "pay_7H2K9QX"
    (item,) = final.items
    assert item.start_time == slot.at
    assert len({barcode.barcode for barcode in item.barcodes}) == 2
    assert gomus.orders.get(draft.token) == gomus.orders.get(str(final.id)) == final
    assert item.attributes_id is not None
    pdf = gomus.documents.ticket_pdf(str(final.id), item.attributes_id, final.token)
    assert pdf.startswith(b"%PDF-")
    with pytest.raises(errors.NotFound):
        gomus.documents.ticket_pdf(str(final.id), item.attributes_id, "x" * 22)

    with pytest.raises(errors.Unprocessable) as again:
        gomus.orders.finalize(draft.token, CLOSING)
    assert again.value.code == "already_finalized"
    assert gomus.orders.cancel(final.token).is_cancelled()
    with pytest.raises(errors.Unprocessable) as twice:
        gomus.orders.cancel(final.token)
    assert twice.value.code == "already_cancelled"


def test_refusals_name_their_reason(gomus: Gomus, sandbox: Sandbox) -> None:
    ticket, slot = slot_and_ticket(gomus)
    with pytest.raises(errors.Unprocessable) as wrong:
        gomus.orders.create(order_of(ticket, slot, total=1))
    assert wrong.value.code == "wrong_total"
    sandbox.set_left(ticket.id, slot.key, 1)
    with pytest.raises(errors.Unprocessable) as sold_out:
        gomus.orders.create(order_of(ticket, slot))
    assert sold_out.value.code == "sold_out"
    assert sold_out.value.details[0].item_index == 0
    assert sold_out.value.messages
    assert sandbox.ledger() == []


@pytest.mark.parametrize("shape", ["error_only", "errors_only", "array", "field_map", "html", "empty"])
def test_refusals_in_any_shape_are_refusals(gomus: Gomus, sandbox: Sandbox, shape: str) -> None:
    ticket, slot = slot_and_ticket(gomus)
    sandbox.switch(error_shape=shape)
    with pytest.raises(errors.Unprocessable) as refused:
        gomus.orders.create(order_of(ticket, slot, total=1))
    assert refused.value.code == "unprocessable"
    if shape not in {"html", "empty"}:
        assert refused.value.messages


@pytest.mark.parametrize("kind", ["drop_after", "hang_after", "status_502_after", "empty_200", "truncated"])
def test_an_order_whose_answer_was_lost_is_found_by_its_reference(
    gomus: Gomus, sandbox: Sandbox, kind: str
) -> None:
    ticket, slot = slot_and_ticket(gomus)
    wanted = order_of(ticket, slot)
    sandbox.fault("POST /orders", kind, seconds=4)
    with pytest.raises(errors.OutcomeUnknown):
        gomus.orders.create(wanted)
    (found,) = found_by_reference(gomus, wanted.reference)
    assert (found.total_cents, found.is_finalized()) == (wanted.total, False)
    assert len(sandbox.ledger()) == 1


@pytest.mark.parametrize("kind", ["drop_after", "status_502_after", "empty_200"])
def test_a_finalize_whose_answer_was_lost_can_be_seen_by_token(
    gomus: Gomus, sandbox: Sandbox, kind: str
) -> None:
    token = gomus.orders.create(order_of(*slot_and_ticket(gomus))).order.token
    sandbox.fault("POST /orders/:id/finalize", kind)
    if kind == "empty_200":
        assert gomus.orders.finalize(token, CLOSING).is_finalized()
    else:
        with pytest.raises(errors.OutcomeUnknown):
            gomus.orders.finalize(token, CLOSING)
    assert gomus.orders.get(token).is_finalized()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("drop_before", errors.OutcomeUnknown),
        ("status_500", errors.OutcomeUnknown),
        ("status_503", errors.OutcomeUnknown),
        ("status_503_retry", errors.Unavailable),
    ],
)
def test_accidents_before_anything_was_done(
    gomus: Gomus, sandbox: Sandbox, kind: str, expected: type[errors.GomusError]
) -> None:
    wanted = order_of(*slot_and_ticket(gomus))
    sandbox.fault("POST /orders", kind)
    with pytest.raises(expected):
        gomus.orders.create(wanted)
    assert found_by_reference(gomus, wanted.reference) == []


def test_too_many_requests_are_waited_out_also_by_a_write(gomus: Gomus, sandbox: Sandbox) -> None:
    wanted = order_of(*slot_and_ticket(gomus))
    sandbox.fault("POST /orders", "status_429", times=2)
    assert gomus.orders.create(wanted).order.reference == wanted.reference
    assert len(sandbox.ledger()) == 1


@pytest.mark.parametrize("kind", ["drop_before", "status_500", "status_503_retry", "status_429", "html_500"])
def test_reads_survive_two_accidents(gomus: Gomus, sandbox: Sandbox, kind: str) -> None:
    sandbox.fault("GET /museums", kind, times=2)
    assert len(list(gomus.catalogue.museums(LOCALES))) >= 6


def test_html_instead_of_a_list_never_looks_like_an_empty_catalogue(gomus: Gomus, sandbox: Sandbox) -> None:
    for kind in ("html_200", "empty_200", "truncated"):
        sandbox.fault("GET /museums", kind)
        with pytest.raises(errors.Malformed):
            list(gomus.catalogue.museums(LOCALES))


def test_a_wrong_key_is_unauthorized_even_on_public_routes(sandbox: Sandbox) -> None:
    stranger = Gomus(sandbox.base_url, "stolen-key")
    with pytest.raises(errors.Unauthorized):
        list(stranger.catalogue.museums(LOCALES))
    stranger.close()


def test_orders_over_many_pages_newest_first(gomus: Gomus) -> None:
    ticket, slot = slot_and_ticket(gomus)
    references = []
    for _ in range(7):
        wanted = order_of(ticket, slot, quantity=1)
        references.append(wanted.reference)
        gomus.orders.cancel(gomus.orders.create(wanted).order.token)
    listed = list(gomus.orders.list(today() - timedelta(days=1), today() + timedelta(days=1), per_page=2))
    # Several may be born in the same second, so only the seconds have an order.
    assert sorted(str(order.reference) for order in listed) == sorted(references)
    born = [order.created_at for order in listed if order.created_at]
    assert len(born) == 7
    assert born == sorted(born, reverse=True)
    assert all(order.is_cancelled() for order in listed)
