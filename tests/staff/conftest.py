"""Fixtures of the tests of the desk."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.orders.clock import Clock


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock of this process, to be moved; it goes on ticking meanwhile."""
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield Clock(traveller)


@pytest.fixture
def boss() -> Client:
    """Somebody who may do everything and reads English."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.create_superuser("boss", email="boss@example.org"))
    return client
