"""Staff pages of the shop as a whole: legal texts to write and publish; what the doctor found and letters to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shop import features, texts
from shop.markup import clean_page
from shop.models import FeatureFinding, LegalText, Letter
from shop.options import Feature

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
    TextFormBase = forms.ModelForm[LegalText]
else:
    Base = admin.ModelAdmin
    TextFormBase = forms.ModelForm


class ReadOnly(Base):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(FeatureFinding)
class FeatureFindingAdmin(ReadOnly):
    list_display = ["name", "found", "in_use", "why", "checked_at"]
    fields = ["name", "found", "in_use", "why", "checked_at"]

    @admin.display(description=_("in use"), boolean=True)
    def in_use(self, row: FeatureFinding) -> bool:
        return row.name in set(Feature) and features.is_on(Feature(row.name))


@admin.register(Letter)
class LetterAdmin(ReadOnly):
    list_display = ["created_at", "kind", "recipient", "state", "attempts", "sent_at"]
    list_filter = ["kind", "state"]
    search_fields = ["recipient", "subject"]
    fields = ["kind", "recipient", "subject", "text", "state", "attempts", "created_at", "sent_at"]


class LegalTextForm(TextFormBase):
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    body = forms.CharField(
        label=_("body"),
        widget=forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"}),
        help_text=_(
            "HTML with headings (h2, h3), paragraphs, lists and links; anything else is removed. Words without any "
            "tag become paragraphs. [[Double brackets]] are gaps to be filled in before a text is published."
        ),
    )

    class Meta:
        model = LegalText
        fields = ["name", "language", "body"]

    def clean_body(self) -> str:
        return clean_page(self.cleaned_data["body"])


@admin.register(LegalText)
class LegalTextAdmin(Base):
    """Drafts are written, published ones only looked at: orders refer to them."""

    form = LegalTextForm
    list_display = ["name", "language", "published_at", "complete", "look"]
    list_filter = ["name", "language"]
    actions = ["publish"]
    change_form_template = "admin/shop/legal_text.html"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _counts(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _counts(obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deleting many at once, which would take published ones along."""
        return {
            name: what for name, what in super().get_actions(request).items() if name != "delete_selected"
        }

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["name", "language", "body", "look", "published_at"] if obj else ["name", "language", "body"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["look", "published_at"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with what counts now, or with the outline."""
        name, language = request.GET.get("name", "imprint"), request.GET.get("language", "")
        if name not in LegalText.Name.values:
            name = "imprint"
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        return {"name": name, "language": language, "body": texts.current(name, language).body}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        outlines = [
            (f"{name.label} ({code})", f"?name={name.value}&language={code}")
            for name in LegalText.Name
            for code, _name in settings.LANGUAGES
        ]
        return super().add_view(request, form_url, {**(extra_context or {}), "outlines": outlines})

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        self._publish_if_asked(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._publish_if_asked(request, obj)
        return super().response_change(request, obj)

    @admin.display(description=_("complete"), boolean=True)
    def complete(self, row: LegalText) -> bool:
        return not texts.has_gaps(row.body)

    @admin.display(description=_("page"))
    def look(self, row: LegalText) -> str:
        counts = row.published_at is not None
        where = ("pages:version", [row.name, row.pk]) if counts else ("pages:draft", [row.pk])
        address = reverse(where[0], args=where[1])
        return format_html('<a href="{}">{}</a>', address, _("open") if counts else _("preview"))

    @admin.action(description=_("Publish: this counts from now on"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        done = sum(self._publish(request, row) for row in queryset)
        if done:
            said = ngettext("%d text counts from now on.", "%d texts count from now on.", done)
            messages.success(request, said % done)

    def _publish_if_asked(self, request: HttpRequest, row: LegalText) -> None:
        if "_publish" in request.POST and self._publish(request, row):
            messages.success(request, gettext("%(text)s counts from now on.") % {"text": row})

    def _publish(self, request: HttpRequest, row: LegalText) -> bool:
        if texts.has_gaps(row.body):
            said = gettext("%(text)s still has gaps in [[double brackets]]: saved, not published.")
            messages.error(request, said % {"text": row})
            return False
        return texts.publish(row)


def _counts(row: LegalText | None) -> bool:
    return row is not None and row.published_at is not None
