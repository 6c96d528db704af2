"""Addresses providers call. They have no language, and no visitor comes here."""

from django.urls import path

from orders import payment_views

app_name = "payments"
urlpatterns = [
    path("stripe/", payment_views.stripe_calls, name="stripe"),
    path("mollie/<str:signed>/", payment_views.mollie_calls, name="mollie"),
]
