"""The journal as staff read it on the page of an order."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import story
from orders.models import JournalEntry
from orders.read_only import Part


class Journal(Part):
    model = JournalEntry
    verbose_name_plural = _("journal: every act, written before it and closed after it")
    fields = ["when", "who", "what", "told", "result", "took"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("order")

    @admin.display(description=_("when"))
    def when(self, entry: JournalEntry) -> str:
        return f"{timezone.localtime(entry.begun_at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=_("what"))
    def what(self, entry: JournalEntry) -> str:
        return str(entry.get_step_display())

    @admin.display(description=_("result"))
    def result(self, entry: JournalEntry) -> str:
        return str(entry.get_outcome_display())

    @admin.display(description=_("took"))
    def took(self, entry: JournalEntry) -> str:
        return f"{(entry.ended_at - entry.begun_at).total_seconds():.1f} s" if entry.ended_at else "-"

    @admin.display(description=_("who"))
    def who(self, entry: JournalEntry) -> str:
        return story.who(entry)

    @admin.display(description=_("answer"))
    def told(self, entry: JournalEntry) -> str:
        return story.told(entry) or "-"
