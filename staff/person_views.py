"""Where staff answer somebody who asks what we know of them, or to be forgotten."""

from __future__ import annotations

import hashlib

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from staff import person
from staff.models import Erasure
from staff.pages import page, write_down

RIGHTS = {"export": "staff.export_person", "erase": "staff.erase_person"}


class PersonForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address of the person"))


class EraseForm(PersonForm):
    sure = forms.BooleanField(
        label=gettext_lazy("I have made sure that this person asks for it. It cannot be undone."),
        error_messages={"required": gettext_lazy("Please confirm this before anything is erased.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one_person(request: HttpRequest) -> HttpResponse:
    """Find what there is of a person; hand it out as a file, or erase what the law lets us."""
    allowed = {act for act, right in RIGHTS.items() if request.user.has_perm(right)}
    if not allowed:
        raise PermissionDenied
    act = next((name for name in RIGHTS if name in request.POST), "")
    if act and act not in allowed:
        raise PermissionDenied
    form_class = EraseForm if act == "erase" else PersonForm
    form = form_class(request.POST if request.method == "POST" else None)
    context = {"form": form, "allowed": allowed, "title": _("Data of a person")}
    if not form.is_valid():
        bound = form.data.get("email", "") if form.is_bound else ""
        if form.is_bound and "email" not in form.errors:
            context |= {"email": bound, "found": _told(person.counts(bound))}
        return page(request, "admin/staff/person.html", context, status=422 if act or form.errors else 200)
    email = form.cleaned_data["email"]
    if act == "export":
        _log(request, email, _("exported the data of a person"))
        answer = JsonResponse(
            person.everything(email), json_dumps_params={"indent": 2, "ensure_ascii": False}
        )
        answer["Content-Disposition"] = 'attachment; filename="person.json"'
        return answer
    if act == "erase":
        context["erased"] = person.erase(email)
        _log(request, email, _("erased the data of a person"))
        messages.success(request, _("What nothing obliges us to keep has gone."))
    context |= {"email": email, "found": _told(person.counts(email))}
    return page(request, "admin/staff/person.html", context)


def _told(counts: dict[str, int]) -> list[tuple[str, int]]:
    words = {
        "orders": _("Orders"),
        "withdrawals": _("Withdrawals"),
        "newsletters": _("Newsletters"),
        "letters": _("Letters"),
        "links": _("Requests for links"),
    }
    return [(words[kind], number) for kind, number in counts.items()]


def _log(request: HttpRequest, email: str, what: str) -> None:
    """Write down who did it and when; the address itself is not kept, its fingerprint proves which it was."""
    mark = hashlib.sha256(email.strip().lower().encode()).hexdigest()[:16]
    write_down(request, what, model=Erasure, told=mark)
