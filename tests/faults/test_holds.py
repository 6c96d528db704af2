"""Whatever a web process was about to do when it was killed while it added a visit: no place is held for nobody.

The process is killed before each statement and around each request. What it held is in a line, is let go by the sweep,
or is known to be in doubt and ends by itself.
"""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from checkout import adding, hold_sweep, places
from checkout.choices import Wanted, look_up
from checkout.models import Basket, BasketLine, Hold
from shop import gateway
from shop.options import Feature
from tests.checkout.given import ADULT, CHILD, a_time, mirror
from tests.faults.mortal import live_and_die
from tests.sandbox_process import Sandbox

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded"),  # the child never returns to them
]


def held(sandbox: Sandbox) -> dict[str, int]:
    """What the museum holds for us, by token."""
    told = sandbox.control.get("/ledger").json()
    assert told["broken"] == []
    return {hold["token"]: hold["quantity"] for hold in told["holds"]}


def test_no_place_is_held_for_nobody(sandbox: Sandbox, settings: Settings) -> None:
    settings.GOMUS_URL, settings.FEATURES_ON = sandbox.base_url, {Feature.RESERVATIONS}
    gateway.reset()
    mirror()
    time = a_time(ADULT)
    kin = places.families([ADULT])[ADULT]
    wanted = Wanted(kin, time, {ADULT: 2, CHILD: 1})

    look_up(wanted, ())  # nobody dies while all others wait for the same answer: that is another matter

    def add() -> None:
        adding.add_visit(basket=None, wanted=wanted)

    for deaths in itertools.count():
        Basket.objects.all().delete()
        deed = live_and_die(deaths, add)
        when = f"killed before deed {deaths}: {deed}"
        known = set(Hold.objects.filter(state="held", line__isnull=False).values_list("token", flat=True))
        in_doubt = Hold.objects.filter(state="asked").count()
        assert len(set(held(sandbox)) - known) <= in_doubt, when
        if deed is None:
            assert (set(held(sandbox)), BasketLine.objects.count(), in_doubt) == (known, 2, 0)
            break
        Hold.objects.filter(state="asked").update(created_at=timezone.now() - timedelta(minutes=2))
        hold_sweep.sweep()
        assert not Hold.objects.filter(state="asked").exists(), when
        sandbox.switch(clock_shift_s=301)
        Hold.objects.filter(state="unknown").update(expires_at=timezone.now())
        hold_sweep.sweep()
        assert not held(sandbox), when
        assert not Hold.objects.filter(state="unknown").exists(), when
        sandbox.switch(clock_shift_s=0)
    assert deaths > 6
