"""The texts an order was placed under, for whoever has its secret link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.law_models import AgreedText


@require_safe
@never_cache
def agreed_text(request: HttpRequest, secret: str, name: str) -> HttpResponse:
    """One text, word by word as it was agreed to."""
    texts = AgreedText.objects.select_related("order", "copy")
    text = get_object_or_404(texts, order__secret=secret, name=name)
    body = mark_safe(text.copy.body)  # noqa: S308 - sanitised before it was stored
    answer = render(request, "orders/agreed_text.html", {"text": text, "order": text.order, "body": body})
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
