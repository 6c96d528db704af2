"""The nightly comparison for staff: what was found, what is settled, and that it ran."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders import findings
from orders.finding_models import Comparison, Finding
from orders.read_only import ModelAdmin, ReadOnly


class Unsettled(admin.SimpleListFilter):
    """The worklist: what is still so and nobody has settled."""

    title = _("settled")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("no", _("to be settled")), ("yes", _("settled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        open_ = queryset.filter(settled_at=None, gone_at=None)
        if self.value() == "no":
            return open_
        return queryset.exclude(pk__in=open_) if self.value() == "yes" else queryset


@admin.register(Finding)
class FindingAdmin(ReadOnly, ModelAdmin):
    list_display = ["number", "kind", "found_at", "seen_at", "gone_at", "settled_at"]
    list_filter = [Unsettled, "kind", "found_at"]
    list_display_links = ["kind"]
    list_select_related = ["order"]
    search_fields = ["reference"]
    actions = ["settle"]
    fields = ["number", "kind", "facts", "found_at", "seen_at", "gone_at", "settled_at", "settled_by"]

    @admin.display(description=_("number"), ordering="reference")
    def number(self, finding: Finding) -> str:
        if finding.order_id is None:
            return finding.reference
        address = reverse("admin:orders_order_change", args=[finding.order_id])
        return format_html('<a href="{}">{}</a>', address, finding.reference)

    @admin.action(description=_("Seen to: take off the worklist"), permissions=["settle"])
    def settle(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        done = findings.settle(queryset, by=request.user.get_username())
        said = ngettext("%d finding is settled.", "%d findings are settled.", done)
        messages.success(request, said % done)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_finding")


@admin.register(Comparison)
class ComparisonAdmin(ReadOnly, ModelAdmin):
    list_display = ["begun_at", "ended_at", "since", "theirs", "ours", "whole", "note"]
