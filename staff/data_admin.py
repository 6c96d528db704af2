"""What became of personal data, to be read and never changed."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.read_only import ModelAdmin, ReadOnly
from staff.models import Erasure, RetentionRun
from staff.person_views import one_person


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnly, ModelAdmin):
    list_display = ["begun_at", "ended_at", "told"]
    fields = ["begun_at", "ended_at", "told"]

    @admin.display(description=_("per rule"))
    def told(self, run: RetentionRun) -> SafeString | str:
        lines = (
            (
                gettext("%(rule)s, %(days)d days: %(done)d gone, %(held)d still needed")
                % {"rule": rule, **count},
            )
            for rule, count in run.counts.items()
        )
        return format_html_join("", "<div>{}</div>", lines) or "-"


@admin.register(Erasure)
class ErasureAdmin(ReadOnly, ModelAdmin):
    list_display = ["order", "extent", "reason", "at"]
    list_filter = ["extent", "reason"]
    search_fields = ["order__number"]
    list_select_related = ["order"]
    fields = ["order", "extent", "reason", "at"]
    change_list_template = "admin/staff/erasures.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(one_person)
        return [path("person/", view, name="staff_person"), *super().get_urls()]
