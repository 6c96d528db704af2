"""Who did what in the admin, to be read and never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff import data_admin, export_admin, order_admin

__all__ = ["data_admin", "export_admin", "order_admin"]  # register themselves, as does the class below

if TYPE_CHECKING:
    Base = admin.ModelAdmin[LogEntry]
else:
    Base = admin.ModelAdmin


# Their pages would show superusers everybody's secrets; `manage.py two_factor reset` is the way to help.
admin.site.unregister([StaticDevice, TOTPDevice])


@admin.register(LogEntry)
class LogEntryAdmin(Base):
    list_display = ["action_time", "user", "content_type", "object_repr", "told"]
    list_filter = ["action_flag", "content_type", "user"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "user__username"]
    date_hierarchy = "action_time"
    fields = ["action_time", "user", "content_type", "object_repr", "told"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    @admin.display(description=_("what was done"))
    def told(self, entry: LogEntry) -> str:
        return entry.get_change_message()
