"""Newsletter subscriptions for staff: to read, and to carry over to where the letters are sent from."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from checkout.newsletter_models import Subscription

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Subscription]
else:
    Base = admin.ModelAdmin


@admin.register(Subscription)
class SubscriptionAdmin(Base):
    list_display = ["email", "names", "language", "asked_at", "confirmed_at", "left_at"]
    list_filter = [
        "language",
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("left_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["email"]
    fields = ["email", "names", "language", "wording", "asked_at", "confirmed_at", "left_at"]
    actions = ["export"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    @admin.display(description=_("newsletters"))
    def names(self, row: Subscription) -> str:
        return row.names

    @admin.action(
        description=_("Export as CSV: confirmed and not ended, a line per newsletter"), permissions=["export"]
    )
    def export(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="newsletter.csv"'
        writer = csv.writer(answer)
        writer.writerow(["email", "newsletter_id", "newsletter", "language", "asked_at", "confirmed_at"])
        for row in queryset.filter(confirmed_at__isnull=False, left_at__isnull=True):
            for group in row.groups:
                when = [row.asked_at.isoformat(), row.confirmed_at.isoformat()]
                writer.writerow([_cell(row.email), group["id"], _cell(group["name"]), row.language, *when])
        return answer

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("checkout.change_subscription")


def _cell(text: str) -> str:
    """A spreadsheet would run what begins like a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text
