"""Every address people use. Pages live under their language. (Machines ask /healthz and /readyz: shop.health.)"""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import include, path
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from catalog.sitemaps import SECTIONS, sitemap
from catalog.views import media
from shop.pages import LegalPages, robots, security


def choose_language(request: HttpRequest) -> HttpResponseRedirect:
    """Send a visitor of the bare address to the home page in the language the browser asks for."""
    answer = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


urlpatterns = [
    path("", choose_language),
    path("admin/", admin.site.urls),
    path("robots.txt", robots),
    path(".well-known/security.txt", security),
    path("sitemap.xml", sitemap, {"sitemaps": {**SECTIONS, "legal": LegalPages}}),
    path("media/<path:name>", media, name="media"),
    path("payments/", include("orders.payment_urls")),
    *i18n_patterns(
        path("", include("catalog.urls")),
        path("", include("checkout.urls")),
        path("", include("orders.urls")),
        path("", include("shop.pages")),
    ),
]
