"""Where providers call. A call is checked, written down and rung for; what is true is asked of the provider later."""

from importlib import import_module

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.payments import events
from orders.payments.events import BadCall
from orders.payments.methods import ON_THE_NETWORK

LARGEST = 256 * 1024  # bytes of a call; Stripe's are some ten kilobytes


@csrf_exempt
@require_POST
@never_cache
def stripe_calls(request: HttpRequest) -> HttpResponse:
    """Take a signed event. 400: not signed by Stripe, nothing is written. 200: known, or none of our business."""
    body = _body(request, "stripe")
    if body is None:
        return HttpResponse(status=413)
    adapter = import_module(ON_THE_NETWORK["stripe"])
    try:
        call = adapter.read_call(body, request.headers.get("Stripe-Signature", ""))
    except BadCall:
        return HttpResponse(status=400)
    if call is not None:
        events.record("stripe", call, again=False)
    return HttpResponse(status=200)


@csrf_exempt
@require_POST
@never_cache
def mollie_calls(request: HttpRequest, signed: str) -> HttpResponse:
    """Take a call about one payment, whose signed address only Mollie knows. 400: it is not ours."""
    if _body(request, "mollie") is None:
        return HttpResponse(status=413)
    adapter = import_module(ON_THE_NETWORK["mollie"])
    try:
        call = adapter.read_call(signed, request.POST.get("id", ""))
    except BadCall:
        return HttpResponse(status=400)
    events.record("mollie", call, again=True)
    return HttpResponse(status=200)


def _body(request: HttpRequest, provider: str) -> bytes | None:
    """Return the body unless it is too large; nobody answers for a provider this shop has no key of."""
    if not settings.PAYMENT_CALLS[provider]:
        raise Http404
    size = request.headers.get("Content-Length", "")
    if not size.isdigit() or int(size) > LARGEST:
        return None
    return request.body
