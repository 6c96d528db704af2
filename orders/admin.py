"""Orders for staff: everything to read, nothing to change by hand, and only actions that cannot do harm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from orders import finding_admin, returns, seeking, worklists
from orders.journal_admin import Journal
from orders.lifecycle import DRIVEN, State
from orders.models import (
    Admission,
    AgreedText,
    Cancellation,
    Card,
    Delivery,
    DemoCharge,
    Document,
    Finding,
    LedgerLine,
    Order,
    OrderItem,
    Payment,
    PaymentEvent,
    Rating,
    Refund,
    Withdrawal,
)
from orders.money_desk import receive_transfer
from orders.payments.transfer import TRANSFER
from orders.read_only import ModelAdmin, Part, ReadOnly
from shop.api.errors import GomusError
from shop.jobs import Job
from shop.money import format_money
from shop.queue import ring

__all__ = ["finding_admin"]  # registers itself, as do the classes below

BOOKED = (State.FINALIZED, State.READY)


class Lines(Part):
    model = OrderItem
    verbose_name_plural = _("lines")
    fields = [
        "quantity",
        "kind",
        "title",
        "visitor",
        "museum",
        "slot_at",
        "details",
        "total_cents",
        "sale_id",
    ]


class Payments(Part):
    model = Payment
    verbose_name_plural = _("payments")
    fields = [
        "reference",
        "provider",
        "state",
        "trouble",
        "amount_cents",
        "collected_cents",
        "returned_cents",
        "currency",
        "created_at",
        "updated_at",
    ]
    show_change_link = True


class Refunds(Part):
    model = Refund
    verbose_name_plural = _("refunds")
    fields = ["key", "state", "cents", "reason", "by_hand", "created_at", "done_at"]
    show_change_link = True


class Cancellations(Part):
    model = Cancellation
    verbose_name_plural = _("cancellations")
    fields = ["serial", "state", "by_museum", "whole", "fee_cents", "refund_cents", "asked_at", "done_at"]


class Findings(Part):
    model = Finding
    verbose_name_plural = _("findings")
    fields = ["kind", "facts", "found_at", "seen_at", "gone_at", "settled_at", "settled_by"]
    show_change_link = True


class Documents(Part):
    model = Document
    verbose_name_plural = _("documents")
    fields = ["kind", "item", "state", "pages", "size", "attempts", "due_at", "stored_at", "note"]


class Deliveries(Part):
    model = Delivery
    verbose_name_plural = _("mails")
    fields = ["kind", "serial", "state", "attempts", "due_at", "sent_at", "message_id"]


class AgreedTexts(Part):
    model = AgreedText
    verbose_name_plural = _("texts the order was placed under")
    fields = ["title", "version", "copy_id"]


class NeedsStaff(admin.SimpleListFilter):
    """The worklist: orders the engine cannot finish alone."""

    title = _("attention")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("yes", _("staff must look")),
            ("unbooked", _("paid, not booked")),
            ("doubt", _("outcome unknown")),
            ("documents", _("tickets late")),
            ("mails", _("mails refused")),
            ("cancellations", _("cancellations under way")),
            ("cards", _("annual tickets in doubt")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = worklists.LISTS.get(self.value() or "")
        return wanted(queryset) if wanted else queryset


class AtMuseum(admin.SimpleListFilter):
    """Orders with something at one museum, named as it was sold."""

    title = _("museum")
    parameter_name = "museum"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        names = OrderItem.objects.exclude(museum="").order_by("museum").values_list("museum", flat=True)
        return [(name, name) for name in names.distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        name = self.value()
        return (
            queryset.filter(pk__in=OrderItem.objects.filter(museum=name).values("order"))
            if name
            else queryset
        )


class VisitOn(admin.SimpleListFilter):
    """Orders for a day; any other day is typed into the search."""

    title = _("day of the visit")
    parameter_name = "visit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("today", _("today")), ("tomorrow", _("tomorrow"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        ahead = {"today": 0, "tomorrow": 1}.get(self.value() or "")
        if ahead is None:
            return queryset
        return seeking.visiting(queryset, timezone.localdate() + timedelta(days=ahead))


@admin.register(Order)
class OrderAdmin(ReadOnly, ModelAdmin):
    list_display = ["number", "buyer", "total", "state", "created_at", "attention"]
    list_filter = [NeedsStaff, AtMuseum, VisitOn, "state", "payment_method", "created_at"]
    search_fields = [
        "number",
        "given_name",
        "family_name",
        "email",
        "items__museum",
        "items__admissions__barcode",
        "payments__reference",
    ]
    search_help_text = _("Number, name, e-mail, museum, barcode, payment or day of the visit (2026-11-30).")
    date_hierarchy = "created_at"
    list_per_page = 50
    actions = ["look_again"]
    inlines = [
        *(Lines, Payments, Refunds, Cancellations, Findings, Journal),
        *(Documents, Deliveries, AgreedTexts),
    ]
    fieldsets = [
        (None, {"fields": ["number", "state", "state_since", "attention", "page", "next_look"]}),
        (
            _("Customer"),
            {"fields": ["buyer", "email", "company", "vat_id", "address", "language", "consent"]},
        ),
        (_("Money"), {"fields": ["total", "payment_method", "pay_until", "refusal"]}),
        (
            _("At the museum"),
            {
                "fields": [
                    *("upstream_id", "upstream_binding", "upstream_has_invoice", "barcodes"),
                    *("annual_cards", "stars", "watched_at"),
                ]
            },
        ),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Open the order at once when what was typed or scanned names exactly one."""
        if request.method == "GET" and self.has_view_permission(request):
            sought = request.GET.get(SEARCH_VAR, "")
            order = seeking.exact(sought) or self._at_museum(request, sought)
            if order is not None:
                return redirect("admin:orders_order_change", order.pk)
        return super().changelist_view(request, extra_context)

    def _at_museum(self, request: HttpRequest, sought: str) -> Order | None:
        """What nobody here knows may be a barcode the museum knows: says so, and returns the order if it is ours."""
        known, _distinct = self.get_search_results(request, Order.objects.all(), sought)
        if not seeking.looks_scanned(sought) or known.exists():
            return None
        code = seeking.scanned(sought)
        try:
            found = seeking.at_museum(sought)
        except GomusError:
            said = _("The museum’s system does not answer; %(code)s was looked for in this shop only.")
            messages.warning(request, said % {"code": code})
            return None
        if found is None:
            said = _("Neither this shop nor the museum’s system knows the barcode %(code)s.")
        elif found.order is not None:
            said = _("The museum’s system found this order by the barcode %(code)s.")
        elif found.cancelled:
            said = _("%(code)s belongs to %(order)s at the museum, which is cancelled and was not sold here.")
        else:
            said = _("%(code)s belongs to %(order)s at the museum, which was not sold here.")
        messages.info(request, said % {"code": code, "order": found.reference if found else ""})
        return found.order if found else None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        day = seeking.day(search_term)
        if day is not None:
            return seeking.visiting(queryset, day), False
        return super().get_search_results(request, queryset, seeking.scanned(search_term))

    @admin.display(description=_("buyer"), ordering="family_name")
    def buyer(self, order: Order) -> str:
        return f"{order.given_name} {order.family_name}"

    @admin.display(description=_("address"))
    def address(self, order: Order) -> str:
        return ", ".join(
            filter(
                None, [order.street, f"{order.zip_code} {order.city}".strip(), order.region, order.country]
            )
        )

    @admin.display(description=_("total"), ordering="total_cents")
    def total(self, order: Order) -> str:
        return format_money(order.total_cents, order.currency, order.language)

    @admin.display(description=_("barcodes"))
    def barcodes(self, order: Order) -> str:
        admissions = Admission.objects.filter(item__order=order).select_related("item")
        return ", ".join(admission.barcode for admission in admissions) or "-"

    @admin.display(description=_("annual tickets"))
    def annual_cards(self, order: Order) -> str:
        cards = Card.objects.filter(item__order=order).select_related("item")
        told = [
            f"{card.item.title} {card.position}: {card.name} ({card.get_state_display()})" for card in cards
        ]
        return "; ".join(told) or "-"

    @admin.display(description=_("rating"))
    def stars(self, order: Order) -> str:
        row = Rating.objects.filter(order=order).first()
        return f"{row.stars} / 5 ({row.get_state_display()})" if row else "-"

    @admin.display(description=_("the customer’s page"))
    def page(self, order: Order) -> str:
        address = reverse("orders:order", args=[order.secret])
        return format_html('<a href="{}">{}</a>', address, _("open"))

    @admin.display(description=_("next look of the engine"))
    def next_look(self, order: Order) -> str:
        return (
            timezone.localtime(order.due_at).strftime("%Y-%m-%d %H:%M:%S") if order.state in DRIVEN else "-"
        )

    @admin.action(
        description=_("Look again now (asks museum and payment provider; repeats nothing that is in doubt)"),
        permissions=["act"],
    )
    def look_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        orders = list(queryset)
        Order.objects.filter(pk__in=[order.pk for order in orders], state__in=DRIVEN).update(
            due_at=timezone.now()
        )
        for order in orders:
            self.log_change(request, order, [{"changed": {"fields": [gettext("looked at again")]}}])
            ring(Job.FETCH_DOCUMENTS if order.state in BOOKED else Job.ADVANCE_ORDER, order.pk)
        said = ngettext("%d order will be looked at.", "%d orders will be looked at.", len(orders))
        messages.success(request, said % len(orders))

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_order")


class Ledger(Part):
    model = LedgerLine
    verbose_name_plural = _("book of money")
    fields = ["at", "kind", "cents", "note", "key"]


class Events(Part):
    model = PaymentEvent
    verbose_name_plural = _("calls of the provider")
    fields = ["event_id", "kind", "received_at", "times", "attempts", "handled_at"]


@admin.register(Payment)
class PaymentAdmin(ReadOnly, ModelAdmin):
    """Payments with trouble are staff's to settle; what arrived by bank transfer is entered here."""

    list_display = ["reference", "provider", "state", "amount_cents", "collected_cents", "trouble", "settled"]
    list_filter = ["trouble", "settled", "provider", "state"]
    search_fields = ["reference", "provider_reference", "order__number", "order__email", "order__family_name"]
    list_select_related = ["order"]
    actions = ["settle"]
    inlines = [Ledger, Refunds, Events]
    fields = [
        "order",
        *("reference", "provider", "provider_reference", "state", "pending", "trouble", "settled"),
        *("amount_cents", "collected_cents", "returned_cents", "currency", "created_at", "updated_at"),
        "enter",
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(receive_transfer)
        return [path("<int:pk>/receive/", view, name="orders_payment_receive"), *super().get_urls()]

    @admin.display(description=_("what arrived by bank transfer"))
    def enter(self, payment: Payment) -> str:
        if payment.provider != TRANSFER.name:
            return "-"
        address = reverse("admin:orders_payment_receive", args=[payment.pk])
        return format_html('<a href="{}">{}</a>', address, _("enter an amount"))

    @admin.action(description=_("Seen to: take off the worklist"), permissions=["settle"])
    def settle(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for payment in queryset.exclude(trouble="").filter(settled=False):
            self.log_change(request, payment, [{"changed": {"fields": [gettext("trouble seen to")]}}])
        queryset.exclude(trouble="").update(settled=True)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_payment")


@admin.register(Refund)
class RefundAdmin(ReadOnly, ModelAdmin):
    list_display = ["key", "order", "cents", "state", "reason", "by_hand", "created_at", "done_at"]
    list_filter = ["state", "by_hand", "reason"]
    search_fields = ["key", "order__number", "payment__reference"]
    list_select_related = ["order"]
    actions = ["returned"]

    @admin.action(description=_("I have transferred this money back"), permissions=["settle"])
    def returned(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        by_hand = queryset.filter(by_hand=True).select_related("order", "payment")
        done = 0
        for refund in by_hand:
            if returns.returned_by_hand(refund, by=request.user.get_username()):
                self.log_change(request, refund, [{"changed": {"fields": [gettext("returned by hand")]}}])
                done += 1
        said = ngettext("%d refund is done.", "%d refunds are done.", done)
        messages.success(request, said % done)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_refund")


@admin.register(DemoCharge)
class DemoChargeAdmin(ReadOnly, ModelAdmin):
    list_display = ["reference", "state", "amount_cents", "currency", "created_at", "updated_at"]
    list_filter = ["state"]
    search_fields = ["reference"]


class Unsettled(admin.SimpleListFilter):
    """The worklist: declarations nobody has dealt with."""

    title = _("settled")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("no", _("to be settled")), ("yes", _("settled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {"no": True, "yes": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(settled_at__isnull=wanted)


@admin.register(Withdrawal)
class WithdrawalAdmin(ReadOnly, ModelAdmin):
    list_display = ["received_at", "number", "buyer", "found", "forward", "settled_at"]
    list_filter = [Unsettled, "forward", "received_at"]
    list_select_related = ["order"]
    search_fields = ["number", "given_name", "family_name", "email", "order__number"]
    date_hierarchy = "received_at"
    actions = ["settle"]
    fieldsets = [
        (None, {"fields": ["received_at", "number", "found", "buyer", "email", "note", "language"]}),
        (_("What became of it"), {"fields": ["forward", "receipt_state", "settled_at", "settled_by"]}),
    ]

    @admin.display(description=_("buyer"), ordering="family_name")
    def buyer(self, row: Withdrawal) -> str:
        return f"{row.given_name} {row.family_name}"

    @admin.display(description=_("order of the shop"))
    def found(self, row: Withdrawal) -> str:
        if row.order is None:
            return str(_("none with this number and e-mail address"))
        address = reverse("admin:orders_order_change", args=[row.order.pk])
        return format_html('<a href="{}">{}</a>', address, row.order.number)

    @admin.display(description=_("receipt"))
    def receipt_state(self, row: Withdrawal) -> str:
        return str(row.receipt.get_state_display()) if row.receipt else "-"

    @admin.action(description=_("Settled: we have decided and told the buyer"), permissions=["settle"])
    def settle(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        who = request.user.get_username()[:150]
        for withdrawal in queryset.filter(settled_at=None):
            self.log_change(request, withdrawal, [{"changed": {"fields": [gettext("settled")]}}])
        done = queryset.filter(settled_at=None).update(settled_at=timezone.now(), settled_by=who)
        said = ngettext("%d withdrawal is settled.", "%d withdrawals are settled.", done)
        messages.success(request, said % done)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_withdrawal")
