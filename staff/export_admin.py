"""Where staff ask for figures, watch them being made and fetch them; and the rules of the commission."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from orders.read_only import ModelAdmin
from staff import exporting
from staff.models import Commission, Export

if TYPE_CHECKING:
    ExportFormBase = forms.ModelForm[Export]
else:
    ExportFormBase = forms.ModelForm


class ExportForm(ExportFormBase):
    class Meta:
        model = Export
        fields = ["content", "form", "since", "until"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if {"since", "until"} <= data.keys() and data["until"] < data["since"]:
            self.add_error("until", _("The last day is before the first one."))
        return data


@admin.register(Export)
class ExportAdmin(ModelAdmin):
    """Asked for and fetched; never changed, and gone by itself."""

    form = ExportForm
    list_display = ["content", "form", "since", "until", "progress", "asked_by", "created_at", "mailed_at"]
    list_filter = ["content", "state"]
    change_form_template = "admin/staff/export.html"

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        told = ["content", "form", "since", "until"]
        return [*told, "progress", "asked_by", "created_at", "done_at", "mailed_at"] if obj else told

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the month that has ended."""
        until = timezone.localdate().replace(day=1) - timedelta(days=1)
        return {"since": until.replace(day=1), "until": until, "form": Export.Form.XLSX}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(download)
        return [path("<int:pk>/download/", view, name="staff_export_download"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ARG002
        asked = exporting.ask(**form.cleaned_data, by=request.user.get_username())
        obj.pk = asked.pk

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:  # noqa: ARG002
        """On to the page that says how far it is."""
        return redirect("admin:staff_export_change", obj.pk)

    @admin.display(description=_("state"))
    def progress(self, row: Export) -> str:
        if row.state == Export.State.DONE:
            address = reverse("admin:staff_export_download", args=[row.pk])
            return format_html(
                '<a href="{}" download>{} ({} kB)</a>', address, row.name, row.size // 1024 + 1
            )
        if row.state == Export.State.RUNNING:
            read = f"{row.orders_done} / {row.orders_total}"
            return format_html(
                '{}: <progress value="{}" max="{}">{}</progress> {}',
                row.get_state_display(),
                row.orders_done,
                row.orders_total or 1,
                read,
                read,
            )
        return row.get_state_display()


@never_cache
def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Hand the file out to who may see exports."""
    if not request.user.has_perm("staff.view_export"):
        raise PermissionDenied
    row = get_object_or_404(Export, pk=pk, state=Export.State.DONE)
    if not storages["documents"].exists(row.file):
        raise Http404
    answer = FileResponse(storages["documents"].open(row.file), as_attachment=True, filename=row.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@admin.register(Commission)
class CommissionAdmin(ModelAdmin):
    list_display = ["__str__", "museum", "kind", "percent"]
