"""Orders that staff placed for somebody in front of them or on the phone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Order


class CounterSale(models.Model):
    """Marks an order with who sold it; the name stays when the login goes."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="counter_sale")
    seller = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seller_name = models.CharField(_("sold by"), max_length=150)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("sale at the counter")
        verbose_name_plural = _("sales at the counter")
        permissions = [("sell", "Can sell at the counter")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.seller_name}"
