"""Which optional features are used: the operator's word, else the doctor's finding, else none."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from shop import features
from shop.doctor.examination import keep
from shop.doctor.findings import Ability
from shop.features import Feature
from shop.models import FeatureFinding
from tests.api.scripted import closed_port

pytestmark = pytest.mark.django_db
HOLDS = Feature.RESERVATIONS


def find(value: bool | None, why: str = "so it was") -> None:
    keep([Ability(HOLDS, value, why)])


@pytest.mark.parametrize("feature", Feature)
def test_what_nobody_found_is_off(feature: Feature) -> None:
    assert features.is_on(feature) is False


@pytest.mark.parametrize(("value", "on"), [(True, True), (False, False), (None, False)])
def test_a_finding_counts_at_once(value: bool | None, on: bool) -> None:
    assert features.is_on(HOLDS) is False  # and is remembered
    find(value)
    assert features.is_on(HOLDS) is on
    assert features.is_on(Feature.COUPONS) is False


@pytest.mark.parametrize("value", [True, False, None])
def test_the_operator_overrules_the_doctor(settings: Settings, value: bool | None) -> None:
    find(value)
    settings.FEATURES_ON = ["reservations"]
    assert features.is_on(HOLDS) is True
    settings.FEATURES_ON, settings.FEATURES_OFF = [], ["reservations"]
    assert features.is_on(HOLDS) is False


def test_a_later_finding_replaces_an_earlier_one_but_ignorance_does_not() -> None:
    find(True, "first")
    find(None, "nobody answered")
    assert FeatureFinding.objects.get().why == "first"
    find(False, "second")
    row = FeatureFinding.objects.get()
    assert (row.found, row.why) == (False, "second")


def test_findings_are_read_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    find(True)
    with django_assert_num_queries(1):
        assert features.is_on(HOLDS)
        assert not features.is_on(Feature.COUPONS)


def test_without_a_cache_every_question_is_a_query(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    find(True)
    dead: dict[str, Any] = {"LOCATION": f"redis://127.0.0.1:{closed_port()}"}
    settings.CACHES = {"default": settings.CACHES["default"] | dead}
    with django_assert_num_queries(2):
        assert features.is_on(HOLDS)
        assert features.is_on(HOLDS)
    find(False)  # says in the log that others hear of it later


def test_nonsense_in_the_cache_is_not_believed() -> None:
    find(True)
    cache.set(features.KEY, "nonsense")
    assert features.is_on(HOLDS)


def test_staff_look_at_findings_and_change_none(client: Client, settings: Settings) -> None:
    find(True, "places can be held")
    settings.FEATURES_OFF = ["reservations"]
    client.force_login(User.objects.create_superuser("staff"))
    page = client.get(reverse("admin:shop_featurefinding_changelist"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "places can be held" in text
    assert "icon-yes" in text  # found
    assert "icon-no" in text  # and not in use
    row = FeatureFinding.objects.get()
    assert client.get(reverse("admin:shop_featurefinding_change", args=[row.pk])).status_code == 200
    for name, args in (("add", []), ("delete", [row.pk])):
        assert client.get(reverse(f"admin:shop_featurefinding_{name}", args=args)).status_code == 403
    changed = client.post(reverse("admin:shop_featurefinding_change", args=[row.pk]), {"name": "other"})
    assert changed.status_code == 403
