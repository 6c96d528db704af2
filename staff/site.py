"""The admin site of the shop: its start page says what needs doing before it says how things go."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

from shop.second_factor import passed
from staff import charts, worklists
from staff.counter_views import sale
from staff.lock import LockedLogin
from staff.two_factor_views import enrol, enter


class Desk(AdminSite):
    site_title = "Vitrine"
    site_header = "Vitrine"
    index_title = _("Desk")
    login_form = LockedLogin

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever works here and has shown everything that is asked of them."""
        return super().has_permission(request) and passed(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The password first; who has given it is sent on to the second step."""
        if super().has_permission(request) and not self.has_permission(request):
            asked = request.GET.urlencode()
            return redirect(reverse("admin:two_factor") + (f"?{asked}" if asked else ""))
        return super().login(request, extra_context)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The pages of the second step are open to who has only given the password."""
        return [
            path("counter/<int:pk>/", self.admin_view(sale), name="counter_sale"),
            path("two-factor/", enter, name="two_factor"),
            path("two-factor/app/", enrol, name="two_factor_enrol"),
            *super().get_urls(),
        ]

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
