"""Rating a visit on the order's page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from orders import rating
from orders.lifecycle import State
from orders.models import Order


class RatingForm(forms.Form):
    stars = forms.IntegerField(min_value=1, max_value=5)


@require_POST
@never_cache
def rate(request: HttpRequest, secret: str) -> HttpResponse:
    """Take a rating, once."""
    order = get_object_or_404(Order, secret=secret, state=State.READY)
    form = RatingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose from one to five."))
    elif rating.rate(order, form.cleaned_data["stars"]):
        messages.success(request, _("Thank you. We pass your rating on to the museum."))
    else:
        messages.info(request, _("This order can be rated once, after the visit."))
    return redirect("orders:order", secret=secret)
