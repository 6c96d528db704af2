"""What the outside is told about calls: every try, never a secret, never a person."""

import httpx
import pytest

from shop.api import Answer, Patience, errors
from tests.api import samples
from tests.api.scripted import answer, hang_up
from tests.api.talking import Answering, Serving, always

LOCALES = {"locales": ["de", "en"]}
FINE = answer(200, LOCALES)


def test_every_try_is_told(patient: Serving) -> None:
    heard: list[Answer] = []
    steps = (answer(503, headers={"Retry-After": "2"}), hang_up(), FINE, answer(404), answer(401))
    gomus, _ = patient(*steps, on_answer=heard.append)
    gomus.catalogue.locales()
    for _ in range(2):
        with pytest.raises(errors.Refused):
            gomus.orders.get(samples.TOKEN)
    assert [(a.route, a.status, a.ok, a.attempt, a.retry_after) for a in heard] == [
        ("/locales", 503, False, 1, 2.0),
        ("/locales", None, False, 2, None),
        ("/locales", 200, True, 3, None),
        ("/orders/:id", 404, True, 1, None),
        ("/orders/:id", 401, False, 1, None),
    ]


def test_an_answer_without_sense_is_told_as_trouble(answering: Answering) -> None:
    heard: list[Answer] = []
    gomus, _ = answering(always(["?"]), on_answer=heard.append)
    with pytest.raises(errors.Malformed):
        gomus.catalogue.version()
    assert [(a.status, a.ok) for a in heard] == [(200, False)]


def test_a_picture_says_nothing_about_the_ticket_system(answering: Answering) -> None:
    heard: list[Answer] = []
    gomus, _ = answering(lambda _: httpx.Response(500), on_answer=heard.append)
    with pytest.raises(errors.Unavailable):
        gomus.catalogue.picture("https://cdn.test/x.jpg")
    assert heard == []


def test_a_call_can_be_kept_from_being_made(answering: Answering) -> None:
    def before(patience: Patience) -> None:
        if patience is Patience.WEB:
            raise errors.Unavailable("(not called)", "down", retry_after=4)

    gomus, asked = answering(always(LOCALES), before_call=before)
    with pytest.raises(errors.Unavailable):
        gomus.catalogue.locales(patience=Patience.WEB)
    assert asked == []
    assert gomus.catalogue.locales() == ["de", "en"]
