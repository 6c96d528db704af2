"""Where staff enter what arrived on the bank account. A wrong amount is asked about before it is taken."""

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from orders import desk
from orders.lifecycle import State
from orders.models import Payment
from orders.payments.transfer import TRANSFER
from shop.money import format_money


class ArrivedForm(forms.Form):
    """What stands on the bank statement."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount that arrived"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2
    )
    note = forms.CharField(label=gettext_lazy("Booking text or date"), max_length=200, required=False)
    other = forms.BooleanField(
        label=gettext_lazy("It really is another amount than expected"), required=False
    )
    # What the page said was here already: who sends the same page twice enters nothing twice.
    seen_cents = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, payment: Payment, data: object = None) -> None:
        super().__init__(data, initial={"seen_cents": payment.collected_cents})  # type: ignore[arg-type]
        self._payment = payment

    @property
    def missing_cents(self) -> int:
        return max(self._payment.amount_cents - self._payment.collected_cents, 0)

    def cents(self) -> int:
        return int(self.cleaned_data["amount"] * 100)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("seen_cents") not in (None, self._payment.collected_cents):
            raise forms.ValidationError(_("Somebody has entered money meanwhile. Please look again."))
        if "amount" in data and self.cents() != self.missing_cents and not data.get("other"):
            expected = format_money(self.missing_cents, self._payment.currency, "en")
            self.add_error("amount", _("%(sum)s are expected.") % {"sum": expected})
        return data


@require_http_methods(["GET", "HEAD", "POST"])
def receive_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is awaited, take what arrived, and say what follows from it."""
    if not request.user.has_perm("orders.change_payment"):
        raise PermissionDenied
    payment = get_object_or_404(Payment.objects.select_related("order"), pk=pk, provider=TRANSFER.name)
    form = ArrivedForm(payment, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        desk.receive(payment, form.cents(), note=form.cleaned_data["note"], by=request.user.get_username())
        payment.order.refresh_from_db()
        if payment.order.state == State.PLACED:
            messages.success(request, _("Paid. The order is being booked at the museum now."))
        else:
            messages.warning(request, payment.order.attention or _("Entered."))
        return redirect("admin:orders_order_change", payment.order_id)
    context = {"payment": payment, "form": form, "title": _("Money received"), "site_header": "Vitrine"}
    return render(request, "admin/orders/receive.html", context, status=422 if form.is_bound else 200)
