"""The examination as a whole: every check once, in an order that makes sense to read, and what is kept of it."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop import features, gateway
from shop.api import Gomus, errors
from shop.doctor import basics, optional
from shop.doctor.basics import Check, Patient
from shop.doctor.findings import Ability, Examination, Finding, Level, broken
from shop.doctor.trouble import explained
from shop.models import FeatureFinding
from shop.options import Feature

LONGEST_WHY = 300


def examine() -> Examination:
    """Look at the ticket system of the settings. Raises nothing, whatever the ticket system does."""
    try:
        gomus = gateway.examiner()
    except ValueError as error:
        return Examination((broken("settings", f"{error}.", "Correct GOMUS_URL or GOMUS_TOKEN."),))
    with closing(gomus), _calls_unlogged():
        return _examine(gomus, settings.GOMUS_URL)


def keep(abilities: Iterable[Ability]) -> None:
    """Store what was learned about optional features. What nobody could know now leaves what was known."""
    with transaction.atomic():
        for ability in abilities:
            _keep(ability)
    features.forget()


@contextmanager
def _calls_unlogged() -> Iterator[None]:
    """What the calls met is in the findings; the log would only say it twice."""
    calls = logging.getLogger("shop.api")
    level = calls.level
    calls.setLevel(logging.ERROR)
    try:
        yield
    finally:
        calls.setLevel(level)


def _examine(gomus: Gomus, address: str) -> Examination:
    met, patient = basics.meet(gomus, address)
    if patient is None:
        return Examination((met,))
    findings = tuple(_checked(name, check, patient) for name, check in basics.CHECKS)
    abilities = tuple(_looked(feature, look, patient) for feature, look in optional.LOOKS)
    told = tuple(_with_choice(ability) for ability in abilities)
    return Examination((met, *findings, *told), abilities)


def _checked(name: str, check: Check, patient: Patient) -> Finding:
    try:
        return check(patient)
    except errors.GomusError as error:
        return explained(name, error, patient.address)


def _looked(feature: Feature, look: optional.Look, patient: Patient) -> Ability:
    try:
        return look(patient)
    except errors.GomusError as error:
        return optional.not_known(feature, error)


def _with_choice(ability: Ability) -> Finding:
    """Remind the operator of a setting that overrules what was found."""
    finding, decided = ability.finding(), features.chosen(ability.feature)
    if decided is None:
        return finding
    name = "FEATURES_ON" if decided else "FEATURES_OFF"
    level = Level.OK if ability.found in {decided, None} else Level.WARNING
    return Finding(finding.check, level, f"{finding.said} {name} decides.")


def _keep(ability: Ability) -> None:
    if ability.found is None and FeatureFinding.objects.filter(name=ability.feature).exists():
        return
    row = {"found": ability.found, "why": ability.why[:LONGEST_WHY], "checked_at": timezone.now()}
    FeatureFinding.objects.update_or_create(name=ability.feature.value, defaults=row)
