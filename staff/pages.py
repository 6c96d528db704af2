"""What the pages of the desk share: the frame all pages of the admin have, and the log of who did what."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return the page; its frame names the shop, who is logged in and the way back."""
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)


def write_down(
    request: HttpRequest, what: str, *, model: type[Model], told: str, pk: int | None = None
) -> None:
    """Add a line to the log of what staff did: who and when, to which row (`told` is how it is called there)."""
    person = request.user
    assert isinstance(person, User), "pages of the desk are for who is logged in"
    LogEntry.objects.create(
        user=person,
        content_type=ContentType.objects.get_for_model(model),
        object_id=None if pk is None else str(pk),
        object_repr=told,
        action_flag=CHANGE,
        change_message=what,
    )
