"""Between the password and the desk: show a code, or enrol the app that makes them."""

from __future__ import annotations

from collections.abc import Callable

import django_otp
from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shop.second_factor import passed
from staff import two_factor
from staff.pages import page

View = Callable[[HttpRequest], HttpResponse]
pages = require_http_methods(["GET", "HEAD", "POST"])


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={"required": gettext_lazy("Please enter the code your app shows now.")},
    )


@pages
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for a code of the app, or one on paper."""
    person = _person(request)
    if person is None:
        return redirect("admin:login")
    if not django_otp.user_has_device(person):
        return redirect(_with_next(request, "admin:two_factor_enrol"))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = two_factor.check(person, form.cleaned_data["code"])
        if device is not None:
            _let_in(request, device)
            return redirect(_next(request))
        form.add_error("code", _("This code is not right (any more). After wrong ones wait a few seconds."))
    return _page(request, "enter", form, _("Second step"))


@pages
@never_cache
def enrol(request: HttpRequest) -> HttpResponse:
    """Show the picture for the app; the right code takes it into use and brings codes for paper, shown once."""
    person = _person(request)
    if person is None:
        return redirect("admin:login")
    if not passed(person) and django_otp.user_has_device(person):
        return redirect(_with_next(request, "admin:two_factor"))  # a password alone enrols no other app
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = two_factor.enrol(person, form.cleaned_data["code"])
        if device is not None:
            _let_in(request, device)
            codes = two_factor.new_backup_codes(person)
            return _page(request, "codes", form, _("Codes for your drawer"), codes=codes)
        form.add_error("code", _("That is not the code. Is the clock of your phone right?"))
    device = two_factor.device_to_enrol(person)
    return _page(
        request,
        "enrol",
        form,
        _("Set up the second step"),
        picture=two_factor.picture(device),
        key=two_factor.key(device),
    )


def _person(request: HttpRequest) -> User | None:
    """Who has come as far as the password, and works here."""
    person = request.user
    return person if isinstance(person, User) and person.is_active and person.is_staff else None


def _let_in(request: HttpRequest, device: django_otp.models.Device) -> None:
    request.session.cycle_key()
    django_otp.login(request, device)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("admin:index")


def _with_next(request: HttpRequest, view: str) -> str:
    return f"{reverse(view)}?{request.GET.urlencode()}" if request.GET else reverse(view)


def _page(request: HttpRequest, name: str, form: forms.Form, title: str, **more: object) -> HttpResponse:
    context = {"form": form, "title": title, "next": _next(request), **more}
    return page(request, f"admin/staff/{name}.html", context, status=422 if form.errors else 200)
