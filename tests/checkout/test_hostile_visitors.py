"""Whatever anybody writes into an address or a form: no page breaks, and nothing of it comes back as markup.

`FUZZ_CASES=10000 pytest -o faulthandler_timeout=0` tries as many requests; without it a few hundred.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout.goods import KINDS
from orders.models import Order
from tests.checkout.given import ADULT, a_time
from tests.checkout.visitor import Visitor
from tests.orders.given import an_order
from tests.sandbox_process import Sandbox

CASES = int(os.environ.get("FUZZ_CASES", "250"))
MARK = "<x-mark onx=1>"
NAMES = (
    *(
        "q",
        "day",
        "date",
        "time",
        "from",
        "to",
        "month",
        "party",
        "sort",
        "page",
        "museum",
        "language",
        "category",
    ),
    *(
        "anchor",
        "q-1",
        "q-x",
        "n-1",
        "remove",
        "slot",
        "seats",
        "seat-1",
        "amount",
        "next",
        "method",
        "email",
    ),
    *("given_name", "country", "terms", "agreed", "number", "text", "kind", "answer", "username", "password"),
)
WORDS = (
    *(
        "",
        "0",
        "-1",
        "1",
        "7",
        "99999999999999999999",
        "1e9",
        "0x1",
        "١",
        "NaN",
        "true",
        "[]",
        "{}",
        "%",
        "%00",
        "'",
    ),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "2027-01-01T25:00:00+99:99",
        "2027-01-01",
        "tomorrow",
        "de",
        "ids[]",
    ),
    *(
        MARK,
        f'">{MARK}',
        f"'{MARK}",
        f"</script>{MARK}",
        "{{ 7|add:7 }}",
        "{% debug %}",
        "javascript:alert(1)",
    ),
    *(
        "\x00",
        "\ud7ff",
        "\u202e",
        "\r\nSet-Cookie: a=b",
        "//evil.example",
        "../../etc/passwd",
        "é" * 300,
        "9" * 5000,
    ),
)
value = st.one_of(
    st.sampled_from(WORDS), st.text(max_size=40).filter(str.isprintable), st.integers().map(str)
)
data = st.dictionaries(st.integers(min_value=0), st.one_of(value, st.lists(value, max_size=3)), max_size=6)


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address people use, with its converters still in it."""
    for entry in resolver.url_patterns:
        part = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield part
        elif not part.startswith("admin/"):
            yield from addresses(entry, part)


ROUTES = [*sorted({route.removeprefix("^") for route in addresses(get_resolver())}), "admin/login/"]


@pytest.fixture
def doors(programme: Sandbox, settings: LazySettings) -> tuple[list[str], list[str], dict[str, str]]:
    """Real ids and secrets, the names of all fields found on pages, and the cookies of somebody with a basket."""
    settings.AVAILABILITY_SECONDS = 300
    visitor = Visitor(Client())

    visitor.add(a_time(ADULT), {ADULT: 1})
    visitor.fill_in(method="demo")
    order: Order = an_order()
    real = ["1", "2", "7", str(ADULT), order.secret, "2027-01-01", "imprint", next(iter(KINDS))]
    pages = [reverse(f"checkout:{name}") for name in ("basket", "contact", "names", "payment", "review")]
    pages += [
        reverse("catalog:ticket", args=[ADULT]),
        reverse("catalog:find"),
        reverse("orders:withdraw"),
    ]
    found = {
        name
        for page in pages
        for name in re.findall(r'name="([^"]+)"', visitor.client.get(page).content.decode())
    }
    assert {"email", "given_name", "method"} <= found
    cookies = {name: morsel.value for name, morsel in visitor.client.cookies.items()}
    return real, sorted(found | set(NAMES)), cookies


def test_no_request_breaks_a_page_or_comes_back_as_markup(
    doors: tuple[list[str], list[str], dict[str, str]],
) -> None:
    real, names, cookies = doors
    piece = st.one_of(st.sampled_from(real), st.sampled_from(real), value)

    @settings(
        max_examples=CASES, derandomize=CASES <= 1000, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        route=st.sampled_from(ROUTES),
        pieces=st.lists(piece, min_size=3, max_size=3),
        fields=data,
        method=st.sampled_from(["GET", "GET", "POST", "HEAD"]),
        language=st.sampled_from(["de", "en"]),
        known=st.booleans(),
        htmx=st.booleans(),
    )
    def attack(
        *,
        route: str,
        pieces: list[str],
        fields: dict[int, str | list[str]],
        method: str,
        language: str,
        known: bool,
        htmx: bool,
    ) -> None:
        client = Client(headers={"HX-Request": "true"} if htmx else {})
        if known:
            client.cookies.load(cookies)
        rest = iter(pieces)
        path = re.sub(r"<[^>]+>", lambda _: quote(next(rest).encode("utf-8", "replace"), safe=""), route)
        path = "/" + re.sub(r"^[a-z]{2}/", f"{language}/", path)
        sent = {names[number % len(names)]: told for number, told in fields.items()}
        # An exception that no view caught is raised here and fails the test with its own traceback.
        answer = getattr(client, method.lower())(path, sent)
        assert answer.status_code < 500, (method, path, sent)
        assert "evil.example" not in answer.headers.get("Location", "").split("?")[0]
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html"):
            assert MARK not in answer.content.decode(), (method, path, sent)

    attack()


def test_every_public_address_is_attacked() -> None:
    assert len(ROUTES) > 40
    assert {"payments/stripe/", "media/<path:name>"} <= set(ROUTES)


@pytest.mark.django_db
def test_an_order_opens_for_its_secret_alone(visitor: Visitor) -> None:
    mine, other = an_order(), an_order()
    assert visitor.client.get(reverse("orders:order", args=[mine.secret])).status_code == 200
    tries = [
        str(other.pk),
        other.number,
        other.key,
        other.secret[:-1],
        other.secret.upper(),
        f"{other.secret}x",
        "%",
    ]
    for name in ("order", "state", "pay", "method", "tickets_pdf", "resend"):
        for guess in tries:
            path = reverse(f"orders:{name}", args=[guess])
            assert {visitor.client.get(path).status_code, visitor.client.post(path).status_code} <= {
                404,
                405,
            }, path
    for guess in tries:
        assert visitor.client.get(reverse("orders:document", args=[guess, 1])).status_code == 404
        assert visitor.client.post(reverse("checkout:again", args=[guess])).status_code in {404, 302}
        assert not visitor.client.cookies or other.number not in visitor.get("basket").content.decode()
