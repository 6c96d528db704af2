"""The admin site of the shop: its start page says what needs doing before it says how things go."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from staff import charts, worklists
from staff.lock import LockedLogin


class Desk(AdminSite):
    site_title = "Vitrine"
    site_header = "Vitrine"
    index_title = _("Desk")
    login_form = LockedLogin

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the worklists and charts this person may see, above what Django lists."""
        found = worklists.for_person(request.user)
        desk = {
            "worklists": [work for work in found if work.count],
            "calm": [work for work in found if not work.count],
            "charts": charts.for_person(request.user),
            "finds_orders": request.user.has_perm("orders.view_order"),
        }
        return super().index(request, {**desk, **(extra_context or {})})
