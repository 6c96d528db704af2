"""The page of the demo's payment provider. Only in the demo, and it says so."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.payments import demo


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo_pay(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the charge; take the decision to pay or decline and send the customer back to the shop."""
    charge = demo.charge_behind(ref) if settings.DEMO else None
    if charge is None:
        raise Http404
    if request.method == "POST":
        demo.decide(charge, pay=request.POST.get("decision") == "pay")
        return redirect(charge.return_url)
    return render(
        request, "orders/demo_pay.html", {"charge": charge, "open": charge.state == charge.State.OPEN}
    )
