"""Every writer against every accident, with the running sandbox: what the client says, and what the ledger holds."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from shop.api import Gomus, Limits, Timeouts, errors
from tests.api.scripted import closed_port
from tests.api.writers import PATIENT, WRITERS, Stage, Subject, Writer
from tests.waiting import until

HANG = 1.0
# Reads less long than a hanging sandbox hangs, and still long enough for a busy machine to answer.
HASTY = Timeouts(worker=Limits(connect=5, read=0.4, total=30, tries=1))
EVERY = pytest.mark.parametrize("name", list(WRITERS))


def other(stage: Stage, base_url: str, timeouts: Timeouts, **options: object) -> Stage:
    """The same stage, seen through another client."""
    gomus = Gomus(base_url, "sandbox-reseller", timeouts=timeouts, sleep=lambda _: None, **options)  # type: ignore[arg-type]
    return Stage(gomus, stage.sandbox, stage.ticket, stage.slot)


def try_it(writer: Writer, stage: Stage, subject: Subject) -> errors.GomusError:
    with pytest.raises(errors.GomusError) as caught:
        writer.do(stage, subject)
    return caught.value


def writes(stage: Stage) -> int:
    """How many writes the sandbox is through with since the last `forget_requests`."""
    return sum(n for route, n in stage.sandbox.counts().items() if not route.startswith("GET"))


@EVERY
def test_without_an_accident_it_is_done(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    assert not writer.done(stage)
    writer.do(stage, subject)
    assert writer.done(stage)


@EVERY
def test_nobody_at_the_door_means_not_done(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    outside = other(stage, f"http://127.0.0.1:{closed_port()}", PATIENT)
    error = try_it(writer, outside, subject)
    outside.gomus.close()
    assert type(error) is errors.Unavailable
    assert error.call == writer.route
    assert not writer.done(stage)


@EVERY
@pytest.mark.parametrize("late", [httpx.ConnectTimeout, httpx.PoolTimeout])
def test_out_of_time_before_anything_was_sent_means_not_done(
    stage: Stage, name: str, late: type[httpx.TimeoutException]
) -> None:
    """The sandbox cannot be made to refuse a connection slowly, so here a transport does."""
    writer = WRITERS[name]
    subject = writer.prepare(stage)

    def too_late(_: httpx.Request) -> httpx.Response:
        raise late("too late")

    outside = other(stage, stage.sandbox.base_url, PATIENT, transport=httpx.MockTransport(too_late))
    error = try_it(writer, outside, subject)
    outside.gomus.close()
    assert type(error) is errors.Unavailable
    assert error.call == writer.route
    assert not writer.done(stage)


@EVERY
@pytest.mark.parametrize(
    ("kind", "expected", "done"),
    [
        ("drop_before", errors.OutcomeUnknown, False),
        ("drop_after", errors.OutcomeUnknown, True),
        ("status_500", errors.OutcomeUnknown, False),
        ("status_502_after", errors.OutcomeUnknown, True),
        ("status_503", errors.OutcomeUnknown, False),
        ("status_503_retry", errors.Unavailable, False),
        ("html_200", errors.OutcomeUnknown, False),
        ("html_500", errors.OutcomeUnknown, False),
    ],
)
def test_an_accident(
    stage: Stage, name: str, kind: str, expected: type[errors.GomusError], done: bool
) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    stage.sandbox.forget_requests()
    stage.sandbox.fault(writer.route, kind, seconds=7)
    error = try_it(writer, stage, subject)
    assert type(error) is expected
    assert error.call == writer.route
    assert writer.done(stage) is done
    assert writes(stage) == 1
    if isinstance(error, errors.Unavailable):
        assert error.retry_after == 7


@EVERY
def test_success_without_a_body_is_looked_up_or_unknown(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    stage.sandbox.fault(writer.route, "empty_200")
    if writer.looks:
        writer.do(stage, subject)
    else:
        assert type(try_it(writer, stage, subject)) is errors.OutcomeUnknown
    assert writer.done(stage)


@EVERY
def test_half_an_answer_is_unknown_or_as_good_as_none(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    stage.sandbox.fault(writer.route, "truncated")
    if writer.wordless:
        writer.do(stage, subject)
    else:
        assert type(try_it(writer, stage, subject)) is errors.OutcomeUnknown
    assert writer.done(stage)


@EVERY
def test_an_answer_that_does_not_come_in_time_is_unknown(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    hasty = other(stage, stage.sandbox.base_url, HASTY)
    stage.sandbox.forget_requests()
    stage.sandbox.fault(writer.route, "hang_after", seconds=HANG)
    error = try_it(writer, hasty, subject)
    hasty.gomus.close()
    assert type(error) is errors.OutcomeUnknown
    assert writer.done(stage)
    until(
        lambda: writes(stage) == 1, what="the end of the request, so that it does not reach into another test"
    )


@EVERY
def test_what_was_given_up_may_still_be_done_later(stage: Stage, name: str) -> None:
    """Why unknown is not undone: the request had arrived."""
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    hasty = other(stage, stage.sandbox.base_url, HASTY)
    stage.sandbox.forget_requests()
    stage.sandbox.fault(writer.route, "hang_before", seconds=HANG)
    error = try_it(writer, hasty, subject)
    hasty.gomus.close()
    assert type(error) is errors.OutcomeUnknown
    until(lambda: writes(stage) == 1, what="the late write")
    assert writer.done(stage)


@EVERY
def test_too_many_requests_twice_are_waited_out_and_done_once(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    stage.sandbox.fault(writer.route, "status_429", times=2)
    writer.do(stage, subject)
    assert writer.done(stage)


@EVERY
def test_too_many_requests_for_too_long_mean_not_done(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    stage.sandbox.fault(writer.route, "status_429", times=None)
    error = try_it(writer, stage, subject)
    assert type(error) is errors.Unavailable
    assert (error.status, error.retry_after) == (429, 1)
    assert not writer.done(stage)


@EVERY
def test_a_record_that_is_not_there(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    stage.sandbox.fault(writer.route, "status_404")
    if writer.gone_is_done:
        writer.do(stage, subject)
    else:
        assert type(try_it(writer, stage, subject)) is errors.NotFound
    assert not writer.done(stage)


@pytest.mark.parametrize("name", [name for name, writer in WRITERS.items() if writer.refused])
def test_what_is_against_the_rules_is_refused_and_not_done(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    assert writer.refused is not None
    subject = writer.prepare(stage)
    with pytest.raises(errors.Unprocessable) as caught:
        writer.refused(stage, subject)
    assert caught.value.messages
    assert not writer.done(stage)


@pytest.mark.parametrize("name", [name for name, writer in WRITERS.items() if writer.once])
def test_a_repetition_is_refused_and_changes_nothing(stage: Stage, name: str) -> None:
    writer = WRITERS[name]
    subject = writer.prepare(stage)
    writer.do(stage, subject)
    before = stage.orders()
    with pytest.raises(errors.Unprocessable, match="already_cancelled"):
        writer.do(stage, subject)
    assert stage.orders() == before


def test_eight_buyers_room_for_four_and_four_lost_answers(stage: Stage) -> None:
    """Four have bought, whatever the others were told, and no place is sold twice."""
    stage.sandbox.set_left(stage.ticket.id, stage.slot.key, 8)
    for _ in range(4):
        stage.sandbox.fault("POST /orders", "drop_after")
    create = WRITERS["create"]

    def buy(_: int) -> str:
        try:
            create.do(stage, Subject())
        except errors.OutcomeUnknown:
            return "unknown"
        except errors.Unprocessable as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(buy, range(8)))
    # A lost answer may have been a yes or a no; whoever did get an answer can trust it.
    assert len(stage.orders()) == 4
    assert told.count("unknown") == 4
    assert set(told) <= {"unknown", "sold_out", "done"}
    assert told.count("done") <= 4 <= told.count("done") + told.count("unknown")
