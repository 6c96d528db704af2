"""Asking the ticket system through the gateway, as pages and workers do."""

from typing import Protocol

import pytest
from django.core.cache import cache

from shop import gateway
from shop.api import Patience, errors
from tests.api.scripted import ScriptedServer, Step, answer

FINE = answer(200, {"locales": ["de"]})
WEB = Patience.WEB


class Upstream(Protocol):
    def __call__(self, *steps: Step) -> ScriptedServer: ...


def ask(patience: Patience = WEB) -> list[str]:
    return gateway.client().catalogue.locales(patience=patience)


def ask_in_vain(patience: Patience = WEB) -> errors.GomusError:
    with pytest.raises(errors.GomusError) as caught:
        ask(patience)
    return caught.value


def pause_is_over() -> None:
    """As if the time were over for which a ticket system that is down is left alone."""
    assert cache.delete(gateway._name("probe"))
