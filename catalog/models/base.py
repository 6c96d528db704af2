"""What every mirrored row has, and what several kinds of rows share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def pick(texts: dict[str, str]) -> str:
    """The text of the active language, else of the first language that has one, else ''."""
    order = [get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE, *texts]
    return next((texts[code] for code in order if texts.get(code)), "")


M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class MirrorQuerySet(models.QuerySet[M_co]):
    def live(self) -> MirrorQuerySet[M_co]:
        """What upstream still has."""
        return self.filter(retired_at__isnull=True)


class ProductQuerySet(MirrorQuerySet[M_co]):
    def live(self) -> ProductQuerySet[M_co]:
        """What upstream still has and staff do not hide."""
        return self.filter(retired_at__isnull=True, hidden=False)


class Kept(models.Model):
    """A row that follows upstream. `fingerprint` is the hash of the upstream list record it was written from,
    `read_at` the time its details were last read."""

    fingerprint = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    read_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True, db_index=True)
    titles = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"

    @property
    def title(self) -> str:
        return pick(self.titles)


class Picture(models.Model):
    """A picture fetched once, from upstream or from what staff uploaded, resized, and served by us.

    `renditions` are files below MEDIA_ROOT: {"avif": [[width, name], ...], "webp": ..., "jpeg": ...}, narrow ones
    first. `variants` hold the same, with width and height, of what staff gave for one language only; `uploads` are the
    files they gave, by language, "" for all.
    """

    remote_url = models.CharField(max_length=1000, unique=True)
    credit = models.CharField(max_length=500, blank=True)
    alts = models.JSONField(default=dict)
    width = models.PositiveIntegerField(default=0)  # 0: not fetched yet
    height = models.PositiveIntegerField(default=0)
    renditions = models.JSONField(default=dict)
    variants = models.JSONField(default=dict)
    uploads = models.JSONField(default=dict)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.remote_url

    @property
    def alt(self) -> str:
        return pick(self.alts)

    @property
    def shown(self) -> Shown:
        """What is shown in the active language."""
        own = self.variants.get(get_language() or "")
        if own:
            return Shown(own["width"], own["height"], own["renditions"])
        return Shown(self.width, self.height, self.renditions)


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture as it is shown: its largest size and its files by format, pairs of width and name."""

    width: int
    height: int
    files: Mapping[str, Sequence[tuple[int, str]]]

    @property
    def fallback(self) -> str:
        """A file that every browser and every preview understands."""
        return self.files["jpeg"][-1][1]

    @property
    def fallback_size(self) -> tuple[int, int]:
        """Its width and height."""
        width = self.files["jpeg"][-1][0]
        return width, max(1, round(self.height * width / self.width))


class Mirrored(Kept):
    """A record that upstream also shows one by one, under its own id.

    Texts, `picture`, `featured` and `shop_order` are what is shown: as upstream tells, or as staff say. `own` is
    what staff say, by column (texts by language, the picture by its id); `originals` what upstream told of these
    columns when staff last looked (`was`) and tells `now`. `drifted`: the two differ.
    """

    id = models.PositiveBigIntegerField(primary_key=True)
    sub_titles = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    picture = models.ForeignKey(Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    featured = models.BooleanField(_("featured"), default=False)
    shop_order = models.IntegerField(_("order"), default=0)
    hidden = models.BooleanField(_("hidden"), default=False)
    own = models.JSONField(default=dict, editable=False)
    originals = models.JSONField(default=dict, editable=False)
    drifted = models.BooleanField(_("original changed"), default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def sub_title(self) -> str:
        return pick(self.sub_titles)

    @property
    def description(self) -> SafeString:
        return mark_safe(pick(self.descriptions))  # noqa: S308 - sanitised before it was stored

    @property
    def on_offer(self) -> bool:
        """Whether visitors may see it."""
        return self.retired_at is None and not self.hidden


class Place(models.Model):
    """Where something is. All parts may be blank."""

    place_name = models.CharField(max_length=300, blank=True)
    street = models.CharField(max_length=300, blank=True)
    zip_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=100, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        town = " ".join(part for part in (self.zip_code, self.city) if part)
        return ", ".join(part for part in (self.street, town) if part)
