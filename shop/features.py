"""Which optional features of the ticket system the shop uses: the operator's word, else the doctor's, else none."""

import logging
from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from shop.models import FeatureFinding
from shop.options import Feature

__all__ = ["Feature", "chosen", "forget", "found", "is_on"]

log = logging.getLogger(__name__)

REMEMBER_SECONDS = 60
KEY = "features"


def is_on(feature: Feature) -> bool:
    """Is this feature used? What nobody has decided or found is off."""
    decided = chosen(feature)
    return bool(found(feature)) if decided is None else decided


def chosen(feature: Feature) -> bool | None:
    """What the settings say about a feature, None if they leave it to the doctor."""
    if feature in settings.FEATURES_ON:
        return True
    return False if feature in settings.FEATURES_OFF else None


def found(feature: Feature) -> bool | None:
    """What the doctor found out about a feature, None as long as nobody could know."""
    return _found().get(feature.value)


def forget() -> None:
    """Let every process read the findings again."""
    try:
        cache.delete(KEY)
    except RedisError:
        log.warning("the cache is unreachable, findings count after %d seconds", REMEMBER_SECONDS)


def _found() -> Mapping[str, bool]:
    try:
        known = cache.get(KEY)
        if isinstance(known, dict):
            return MappingProxyType(known)
        cache.set(KEY, known := _stored(), REMEMBER_SECONDS)
    except RedisError:
        return _stored()
    return known


def _stored() -> dict[str, bool]:
    rows = FeatureFinding.objects.exclude(found=None).values_list("name", "found")
    return {name: bool(found) for name, found in rows}
