"""The page of an order with what can be done about it, above what is to be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from counter.models import CounterSale
from orders.admin import OrderAdmin
from orders.models import Order
from orders.read_only import ModelAdmin, ReadOnly
from staff import order_actions, order_views

admin.site.unregister(Order)


@admin.register(Order)
class DeskOrderAdmin(OrderAdmin):
    change_form_template = "admin/staff/order.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/do/<slug:name>/", view(order_views.act), name="orders_order_act"),
            path("<int:pk>/mails/", view(order_views.letters), name="orders_order_mails"),
            path("<int:pk>/mails/page/", view(order_views.letter_page), name="orders_order_mail_page"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Offer what is safe now."""
        order = self.get_object(request, object_id)
        context = {
            "actions_now": order_actions.actions(order, request.user) if order else [],
            "sale": getattr(order, "counter_sale", None),
            "erasure": getattr(order, "erasure", None),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})


@admin.register(CounterSale)
class CounterSaleAdmin(ReadOnly, ModelAdmin):
    list_display = ["order", "seller_name", "at", "paid_by"]
    list_filter = ["seller_name", "at"]
    list_select_related = ["order"]
    search_fields = ["order__number", "seller_name"]
    fields = ["order", "seller_name", "at"]

    @admin.display(description=_("paid by"))
    def paid_by(self, sale: CounterSale) -> str:
        return sale.order.payment_method
