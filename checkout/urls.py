"""Addresses of basket and checkout."""

from django.urls import path

from checkout import basket_views, goods_views, link_views, newsletter_views, views
from checkout.goods import KINDS

app_name = "checkout"
urlpatterns = [
    path("basket/", basket_views.basket, name="basket"),
    path("basket/add/", basket_views.add, name="add"),
    *(path(f"basket/add/{kind}/", goods_views.add, {"kind": kind}, name=f"add_{kind}") for kind in KINDS),
    path("basket/quote/", basket_views.quote, name="quote"),
    path("basket/change/", basket_views.change, name="change"),
    path("basket/again/<str:secret>/", basket_views.again, name="again"),
    path("basket/share/", link_views.share, name="share"),
    path("basket/join/<str:token>/", link_views.join, name="join"),
    path("checkout/", views.start, name="start"),
    path("checkout/contact/", views.contact, name="contact"),
    path("checkout/names/", views.names, name="names"),
    path("checkout/payment/", views.payment, name="payment"),
    path("checkout/review/", views.review, name="review"),
    path("newsletter/<str:token>/", newsletter_views.subscription, name="newsletter"),
]
