"""Renders a page of the desk with the frame all pages of the admin have."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return the page; its frame names the shop, who is logged in and the way back."""
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)
