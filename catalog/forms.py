"""What staff may say of a product instead of the ticket system, on one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog import curating, uploads
from catalog.models import Mirrored, Picture
from shop.markup import clean_html, plain

if TYPE_CHECKING:
    Base = forms.ModelForm[Mirrored]
else:
    Base = forms.ModelForm

CODES = tuple(code for code, _name in settings.LANGUAGES)
AS_TOLD = _("as the ticket system tells")


def _words() -> dict[str, forms.Field]:
    """A title and a text for each language."""
    fields: dict[str, forms.Field] = {}
    for code, language in settings.LANGUAGES:
        fields[f"titles_{code}"] = forms.CharField(
            label=format_lazy("{} ({})", _("Title"), language), required=False, max_length=300
        )
        fields[f"descriptions_{code}"] = forms.CharField(
            label=format_lazy("{} ({})", _("Text"), language), required=False, widget=forms.Textarea
        )
    return fields


def _files() -> dict[str, forms.Field]:
    """A picture for all languages, one for each that shall have its own, and what is in it."""
    fields: dict[str, forms.Field] = {
        "picture_": forms.FileField(label=_("Picture (all languages)"), required=False)
    }
    for code, language in settings.LANGUAGES:
        fields[f"picture_{code}"] = forms.FileField(
            label=format_lazy("{} ({})", _("Picture for one language"), language), required=False
        )
    for code, language in settings.LANGUAGES:
        fields[f"alt_{code}"] = forms.CharField(
            label=format_lazy("{} ({})", _("What is in the picture"), language),
            required=False,
            max_length=300,
        )
    return fields


class Curating(Base):
    """Blank is as the ticket system tells."""

    own_order = forms.IntegerField(
        label=_("Order"), required=False, help_text=_("The smallest number stands first."), min_value=-9999
    )
    own_featured = forms.NullBooleanField(
        label=_("Featured"),
        required=False,
        widget=forms.Select(choices=[("", AS_TOLD), ("true", _("yes")), ("false", _("no"))]),
    )
    credit = forms.CharField(label=_("Credit of the picture"), required=False, max_length=500)
    drop_picture = forms.BooleanField(label=_("Show the original picture again"), required=False)
    original_seen = forms.BooleanField(label=_("I have seen what changed in the original"), required=False)

    class Meta:
        fields = ["hidden"]

    locals().update(_words())
    locals().update(_files())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = curating.originals(self.instance)
        for column in curating.TEXTS:
            for code in CODES:
                field = self.fields[f"{column}_{code}"]
                field.initial = self.instance.own.get(column, {}).get(code, "")
                field.help_text = _("Original: %(words)s") % {
                    "words": plain(told[column].get(code, "")) or "–"
                }
        self.fields["own_order"].initial = self.instance.own.get("shop_order")
        self.fields["own_featured"].initial = self.instance.own.get("featured")
        if picture := self._picture():
            self.fields["credit"].initial = picture.credit
            for code in CODES:
                self.fields[f"alt_{code}"].initial = picture.alts.get(code, "")

    def clean(self) -> dict[str, Any]:
        """Refuse files that are too large, and one for a single language where there is none for all."""
        cleaned = super().clean() or {}
        files = self._files(cleaned)
        for code, file in files.items():
            if file.size is None or file.size > uploads.MOST_BYTES:
                self.add_error(f"picture_{code}", _("The file is too large: 15 MB at most."))
        if files and "" not in files and not self._picture():
            self.add_error("picture_", _("A picture for all languages is needed, too."))
        return cleaned

    def own(self) -> dict[str, Any]:
        """What staff say, by column, as `curating.curate` takes it; keeps new pictures."""
        cleaned = self.cleaned_data
        said: dict[str, Any] = {
            "titles": {code: words for code in CODES if (words := plain(cleaned[f"titles_{code}"]))},
            "descriptions": {
                code: words for code in CODES if (words := clean_html(cleaned[f"descriptions_{code}"]))
            },
            "featured": cleaned["own_featured"],
            "shop_order": cleaned["own_order"],
            "picture": self._own_picture(),
        }
        return said

    def _own_picture(self) -> int | None:
        files, before = self._files(self.cleaned_data), self._picture()
        if self.cleaned_data["drop_picture"] or not (files or before):
            return None
        alts = {code: words for code in CODES if (words := plain(self.cleaned_data[f"alt_{code}"]))}
        credit = plain(self.cleaned_data["credit"])
        return uploads.add_picture(files, before=before, credit=credit, alts=alts).pk

    def _picture(self) -> Picture | None:
        """The picture that staff gave."""
        return Picture.objects.filter(pk=self.instance.own.get("picture")).first()

    def _files(self, cleaned: dict[str, Any]) -> dict[str, UploadedFile]:
        return {code: file for code in ("", *CODES) if (file := cleaned.get(f"picture_{code}"))}
