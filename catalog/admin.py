"""The mirror for staff: to look at. What is shown of a product they may say themselves, the rest only upstream."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Min, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog import curating, radar
from catalog.forms import CODES, Curating
from catalog.models import (
    Coupon,
    Event,
    EventDate,
    Exhibition,
    Kept,
    Mirrored,
    Museum,
    OpeningHours,
    Picture,
    SyncRun,
    Term,
    Ticket,
    Tour,
)
from catalog.report import summary
from shop.jobs import Job
from shop.markup import plain
from shop.money import format_money
from shop.queue import ring

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin

CORRECTION = "visitor_kind_by_staff"
WORDS = [f"{column}_{code}" for column in curating.TEXTS for code in CODES]
PICTURE = ["picture_", *(f"picture_{code}" for code in CODES), "credit", *(f"alt_{code}" for code in CODES)]
TITLE_SEARCH = ["id", *(f"titles__{code}" for code, _name in settings.LANGUAGES)]


class ReadOnlyAdmin(Base):
    """Nothing to add, change or delete; the one thing to do is to ask for a fresh copy of everything."""

    actions = ["sync_now"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    @admin.action(description=_("Synchronise the catalogue now"), permissions=["sync"])
    def sync_now(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:  # noqa: ARG002
        ring(Job.SYNC_CATALOG)
        messages.success(request, _("The synchronisation was asked for. Its report appears among the runs."))

    def has_sync_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.change_syncrun")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Let the action run without a row being chosen: it is about the whole catalogue."""
        if request.POST.get("action") == "sync_now" and not request.POST.getlist(ACTION_CHECKBOX_NAME):
            chosen = request.POST.copy()
            chosen[ACTION_CHECKBOX_NAME] = "0"
            request.POST = chosen  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)


class MirrorAdmin(ReadOnlyAdmin):
    search_fields = TITLE_SEARCH
    list_filter = [("retired_at", admin.EmptyFieldListFilter)]
    date_hierarchy = "updated_at"

    @admin.display(description=_("title"), ordering="id")
    def name(self, row: Kept) -> str:
        return str(row)

    @admin.display(description=_("on offer"), boolean=True, ordering="retired_at")
    def is_live(self, row: Kept) -> bool:
        return row.on_offer if isinstance(row, Mirrored) else row.retired_at is None


class ProductAdmin(MirrorAdmin):
    """What the shop offers: staff say what is shown of it, below that stands what the ticket system tells."""

    form = Curating
    corrections: list[str] = []
    list_filter = ["hidden", "drifted", *MirrorAdmin.list_filter]
    actions = ["sync_now", "hide", "show", "originals_seen"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return Base.has_change_permission(self, request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        every: QuerySet[Any] = super().get_queryset(request).select_related("picture")
        return every

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:  # noqa: ARG002
        fields = (*self.model._meta.fields, *self.model._meta.many_to_many)
        told = [field.name for field in fields if field.editable and field.name not in self._said()]
        return [*told, "changes_beneath", "own_picture"]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Changes of the original, what staff say, what the ticket system tells."""
        parts: list[Any] = []
        if isinstance(obj, Mirrored) and obj.drifted:
            parts.append((_("The original changed"), {"fields": ["changes_beneath", "original_seen"]}))
        said = ["hidden", "own_featured", "own_order", *WORDS, *self.corrections]
        told = [name for name in self.get_readonly_fields(request, obj) if name in self._told()]
        return [
            *parts,
            (_("In this shop"), {"fields": said, "description": _("Blank: as the ticket system tells.")}),
            (_("Picture of your own"), {"fields": ["own_picture", *PICTURE, "drop_picture"]}),
            (_("As the ticket system tells"), {"fields": told, "classes": ["collapse"]}),
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ARG002
        """Write what staff say and nothing else, so that a sync at the same moment loses nothing."""
        if self.corrections:
            obj.save(update_fields=self.corrections)
        shown = curating.curate(obj, own=form.own(), hidden=form.cleaned_data["hidden"])
        if form.cleaned_data.get("original_seen"):
            curating.seen(shown)

    @admin.display(description=_("changes of the original"))
    def changes_beneath(self, row: Mirrored) -> SafeString:
        moved = curating.drift(row).items()
        pairs = ((_what(name, code), _words(was), _words(now)) for (name, code), (was, now) in moved)
        return format_html_join("", "<p><b>{}</b><br><del>{}</del><br><ins>{}</ins></p>", pairs)

    @admin.display(description=_("shown now"))
    def own_picture(self, row: Mirrored) -> str:
        picture = row.picture if "picture" in row.own else None
        if picture is None:
            return str(_("the original"))
        if picture.width:
            address = reverse("media", args=[picture.shown.fallback])
            return format_html('<img src="{}" alt="{}" width="240">', address, picture.alt)
        return str(_("cannot be read") if picture.failures else _("is being prepared"))

    @admin.action(description=_("Hide from the shop"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            curating.curate(row, own=row.own, hidden=True)

    @admin.action(description=_("Show in the shop"), permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            curating.curate(row, own=row.own, hidden=False)

    @admin.action(description=_("Changes of the original were seen"), permissions=["change"])
    def originals_seen(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            curating.seen(row)

    def _said(self) -> list[str]:
        return ["hidden", *self.corrections]

    def _told(self) -> list[str]:
        fields = (*self.model._meta.fields, *self.model._meta.many_to_many)
        return [field.name for field in fields]


def _what(column: str, code: str) -> str:
    name = {"titles": _("title"), "descriptions": _("text"), "picture": _("picture")}.get(column)
    return f"{name or {'featured': _('featured'), 'shop_order': _('order')}[column]} {code}".strip()


def _words(value: object) -> str:
    return plain(value) if isinstance(value, str) else str("–" if value is None else value)


@admin.register(Museum)
class MuseumAdmin(ProductAdmin):
    list_display = ["id", "name", "city", "is_live", "drifted", "updated_at"]


@admin.register(Exhibition)
class ExhibitionAdmin(ProductAdmin):
    list_display = ["id", "name", "museum", "starts_on", "ends_on", "featured", "is_live", "updated_at"]
    list_filter = ["museum", "featured", *ProductAdmin.list_filter]
    list_select_related = ["museum"]


@admin.register(Ticket)
class TicketAdmin(ProductAdmin):
    """Whom a ticket is for is guessed from its titles, so staff may correct that, too."""

    corrections = [CORRECTION]
    list_display = ["id", "name", "visitor_kind", "visitor_kind_by_staff", "price", "bookable", "is_live"]
    list_filter = ["ticket_type", "visitor_kind", "bookable", "museums", *ProductAdmin.list_filter]

    @admin.display(description=_("price"), ordering="price_cents")
    def price(self, ticket: Ticket) -> str:
        return _money(ticket.gross_cents)


@admin.register(Event)
class EventAdmin(ProductAdmin):
    list_display = ["id", "name", "museum", "next_date", "bookable", "is_live", "updated_at"]
    list_filter = ["museum", "bookable", "featured", *ProductAdmin.list_filter]
    list_select_related = ["museum"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Events with the time of their next date."""
        coming = Q(dates__retired_at=None, dates__start_time__gte=timezone.now())
        every = super().get_queryset(request)
        found: QuerySet[Any] = every.annotate(next_start=Min("dates__start_time", filter=coming))
        return found

    @admin.display(description=_("next date"), ordering="next_start")
    def next_date(self, event: Any) -> datetime | None:
        found: datetime | None = event.next_start
        return found


@admin.register(EventDate)
class EventDateAdmin(MirrorAdmin):
    list_display = ["id", "start_time", "name", "event", "language", "max_seats", "bookable", "is_live"]
    list_filter = ["bookable", "museum", *MirrorAdmin.list_filter]
    list_select_related = ["event", "language"]
    search_fields = [*TITLE_SEARCH, "=event__id"]
    date_hierarchy = "start_time"


@admin.register(Tour)
class TourAdmin(ProductAdmin):
    list_display = ["id", "name", "museum", "duration", "bookable", "is_live", "updated_at"]
    list_filter = ["museum", "bookable", "featured", *ProductAdmin.list_filter]
    list_select_related = ["museum"]


@admin.register(Coupon)
class CouponAdmin(ProductAdmin):
    list_display = ["id", "name", "price", "value", "is_live", "updated_at"]

    @admin.display(description=_("price"), ordering="price_cents")
    def price(self, coupon: Coupon) -> str:
        return _money(coupon.price_cents)

    @admin.display(description=_("value"), ordering="value_cents")
    def value(self, coupon: Coupon) -> str | None:
        return None if coupon.value_cents is None else _money(coupon.value_cents)


@admin.register(Term)
class TermAdmin(MirrorAdmin):
    list_display = ["id", "kind", "name", "code", "is_live", "updated_at"]
    list_filter = ["kind", *MirrorAdmin.list_filter]


@admin.register(OpeningHours)
class OpeningHoursAdmin(ReadOnlyAdmin):
    list_display = ["museum", "day", "begins_at", "ends_at", "read_at"]
    list_filter = ["museum"]
    list_select_related = ["museum"]
    date_hierarchy = "day"


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    list_display = ["id", "remote_url", "credit", "width", "height", "failures"]
    list_filter = ["failures"]
    search_fields = ["remote_url", "credit"]


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "finished_at", "ok", "outcome"]
    list_filter = ["ok"]
    date_hierarchy = "started_at"
    fields = ["started_at", "finished_at", "ok", "outcome", "prices", "changes", "comings_and_goings"]

    @admin.display(description=_("outcome"))
    def outcome(self, run: SyncRun) -> str:
        if run.error or not run.finished_at:
            return "; ".join(part for part in (run.error or str(_("under way")), *_told(run)) if part)
        return summary(run.report)

    @admin.display(description=_("changed prices"))
    def prices(self, run: SyncRun) -> SafeString:
        return _table([change for change in radar.changes(run.report) if change.is_price])

    @admin.display(description=_("other changes"))
    def changes(self, run: SyncRun) -> SafeString:
        return _table([change for change in radar.changes(run.report) if not change.is_price])

    @admin.display(description=_("new, gone, back, unreadable"))
    def comings_and_goings(self, run: SyncRun) -> SafeString:
        lines = radar.comings_and_goings(run.report)
        return format_html_join("", "<p><b>{} {}</b><br>{}</p>", lines) or mark_safe("–")


def _told(run: SyncRun) -> list[str]:
    return [summary(run.report)] if run.report else []


def _table(changes: list[radar.Change]) -> SafeString:
    """One row per changed field; the product leads to its page."""
    rows = (
        (change.address, change.title, change.kind, change.field, change.old, change.new)
        for change in changes
    )
    line = (
        '<tr><td><a href="{}">{}</a><br><small>{}</small></td><td>{}</td><td>{}</td><td><b>{}</b></td></tr>'
    )
    head = [_("what"), _("field"), _("old"), _("new")]
    cells = format_html_join("", "<th>{}</th>", ((name,) for name in head))
    body = format_html_join("", line, rows)
    return format_html("<table><tr>{}</tr>{}</table>", cells, body) if body else mark_safe("–")


def _money(cents: int) -> str:
    return format_money(cents, settings.CURRENCY, get_language() or settings.LANGUAGE_CODE)
