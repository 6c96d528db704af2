"""What staff say of a product is shown everywhere, survives every sync, and tells when the original changed beneath."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from catalog import curating
from catalog.models import Coupon, Event, EventDate, Exhibition, Mirrored, Museum, Picture, Ticket, Tour
from catalog.refresh import refresh
from catalog.selectors import museum_page, museums_page, tickets_by_id
from catalog.sync import sync_catalog
from shop import gateway
from shop.options import Feature
from tests.catalog import rows
from tests.catalog.programme_world import programme_world
from tests.catalog.test_pictures import jpeg
from tests.catalog.upstream import Upstream, serve, ticket

pytestmark = pytest.mark.django_db

PRODUCTS: list[type[Mirrored]] = [Museum, Exhibition, Ticket, Event, Tour, Coupon]


@pytest.fixture
def upstream(settings: LazySettings) -> Iterator[Upstream]:
    settings.FEATURES_ON = frozenset({Feature.COUPONS})
    with serve(programme_world()) as found:
        settings.GOMUS_URL = found.url
        gateway.reset()
        sync_catalog()
        yield found
        gateway.reset()


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("staff"))
    return client


def page_of(row: Mirrored) -> str:
    return reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.usefixtures("upstream")
@pytest.mark.parametrize("model", PRODUCTS)
def test_words_of_staff_prevail_in_every_product_whatever_is_synced(model: type[Mirrored]) -> None:
    row = model._default_manager.order_by("pk")[0]
    original = row.titles
    said = {
        "titles": {"de": "Unser Wort"},
        "descriptions": {"de": "<p>So.</p>"},
        "featured": True,
        "shop_order": -1,
    }
    curating.curate(row, own=said, hidden=False)
    model._default_manager.update(fingerprint="moved")
    assert sync_catalog().ok
    row.refresh_from_db()
    with override("de"):
        assert (row.title, row.description, row.featured, row.shop_order) == (
            "Unser Wort",
            "<p>So.</p>",
            True,
            -1,
        )
    assert row.titles.get("en") == original.get("en")
    assert not row.drifted
    curating.curate(row, own={}, hidden=False)
    row.refresh_from_db()
    assert (row.titles, row.featured, row.own, row.originals) == (original, model is Exhibition, {}, {})


class TestDrift:
    def test_a_change_beneath_is_told_with_old_and_new_until_it_was_seen(
        self, upstream: Upstream, staff: Client
    ) -> None:
        row = Ticket.objects.get(pk=1)
        curating.curate(row, own={"titles": {"de": "Unser Wort"}}, hidden=False)
        upstream.tickets[1] = ticket(1, title={"de": "Neues Original", "en": "Ticket 1"}, price_cents=700)
        report = sync_catalog().report["tickets"]["updated"]["1"]
        assert report["titles"][1] == {"de": "Neues Original", "en": "Ticket 1"}
        row.refresh_from_db()
        assert row.titles == {"de": "Unser Wort", "en": "Ticket 1"}
        assert row.drifted
        page = staff.get(page_of(row)).content.decode()
        assert "<del>Karte 1</del><br><ins>Neues Original</ins>" in page
        found = staff.get(reverse("admin:catalog_ticket_changelist"), {"drifted__exact": 1})
        assert list(found.context["cl"].queryset) == [row]
        staff.post(page_of(row), {"titles_de": "Unser Wort", "original_seen": "on"})
        row.refresh_from_db()
        assert (row.drifted, row.titles["de"]) == (False, "Unser Wort")
        assert sync_catalog().report == {}

    def test_a_change_of_what_staff_left_alone_is_simply_shown(self, upstream: Upstream) -> None:
        row = Ticket.objects.get(pk=1)
        curating.curate(row, own={"titles": {"de": "Unser Wort"}}, hidden=False)
        upstream.tickets[1] = ticket(1, title={"de": "Karte 1", "en": "New"}, price_cents=701)
        sync_catalog()
        row.refresh_from_db()
        assert (row.titles, row.price_cents, row.drifted) == ({"de": "Unser Wort", "en": "New"}, 701, False)

    def test_a_single_ticket_read_again_keeps_them_too(self, upstream: Upstream) -> None:
        curating.curate(Ticket.objects.get(pk=1), own={"titles": {"de": "Unser Wort"}}, hidden=True)
        upstream.tickets[1]["price_cents"] = 9
        refresh([1])
        row = Ticket.objects.get(pk=1)
        assert (row.titles["de"], row.price_cents, row.hidden) == ("Unser Wort", 9, True)


class TestHidden:
    def test_it_vanishes_everywhere_and_comes_back(self, client: Client, settings: LazySettings) -> None:
        settings.GOMUS_URL = "http://127.0.0.1:9"
        house = rows.museum(1)
        show = rows.exhibition(2, house)
        card = rows.ticket(3, museums=[house])
        found = {"museums/1/": house, "exhibitions/2/": show, "tickets/3/": card}
        for row in found.values():
            curating.curate(row, own={}, hidden=True)
        sitemap = client.get("/sitemap.xml").content.decode()
        for path in found:
            assert client.get(f"/en/{path}").status_code == 404
            assert path not in sitemap
        assert tickets_by_id([3]) == {}
        assert museums_page() == ()
        assert "Museum 1" not in client.get("/en/").content.decode()
        for row in found.values():
            curating.curate(row, own={}, hidden=False)
            assert client.get(f"/en/{row._meta.model_name}s/{row.pk}/").status_code == 200

    @pytest.mark.usefixtures("upstream")
    def test_the_dates_of_a_hidden_event_go_with_it_and_a_sync_brings_nothing_back(self) -> None:
        assert EventDate.objects.coming().exists()
        curating.curate(Event.objects.get(), own={}, hidden=True)
        sync_catalog()
        assert not EventDate.objects.coming().exists()
        assert not Event.objects.live().exists()

    @pytest.mark.usefixtures("upstream")
    def test_the_parts_of_a_hidden_combined_ticket_are_not_taken_for_gone(self) -> None:
        curating.curate(Ticket.objects.get(pk=90), own={}, hidden=True)
        assert sync_catalog().report == {}


def test_order_and_feature(client: Client) -> None:
    for pk in (1, 2, 3):
        rows.museum(pk)
    curating.curate(Museum.objects.get(pk=3), own={"shop_order": -1}, hidden=False)
    curating.curate(Museum.objects.get(pk=2), own={"featured": True}, hidden=False)
    assert [card.museum.pk for card in museums_page()] == [3, 2, 1]


class TestForm:
    def test_it_shows_the_original_and_keeps_what_is_harmless(self, staff: Client) -> None:
        house = rows.museum(1)
        page = staff.get(page_of(house)).content.decode()
        assert "Original: Museum 1 de" in page
        said = {
            "titles_en": "Our <b>house</b>",
            "descriptions_en": "<p>Hi<script>x()</script></p>",
            "own_order": "4",
        }
        assert staff.post(page_of(house), said | {"own_featured": "true", "hidden": "on"}).status_code == 302
        house.refresh_from_db()
        assert house.own == {
            "titles": {"en": "Our house"},
            "descriptions": {"en": "<p>Hi</p>"},
            "featured": True,
            "shop_order": 4,
        }
        assert house.hidden
        assert house.titles["de"] == "Museum 1 de"

    def test_a_picture_of_our_own_replaces_the_original_until_it_is_dropped(
        self, staff: Client, settings: LazySettings, tmp_path: Path
    ) -> None:
        settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path
        house = rows.museum(1, picture=rows.picture("original"))
        wish = {"picture_": SimpleUploadedFile("a.jpg", jpeg(40, 30)), "credit": "Anna", "alt_en": "A vase"}
        assert staff.post(page_of(house), wish).status_code == 302
        own = Picture.objects.get(credit="Anna")
        house.refresh_from_db()
        assert house.picture == own
        assert museum_page(1).picture is None  # until a worker has made it ready
        assert staff.post(page_of(house), {"credit": "Berta", "alt_en": "A vase"}).status_code == 302
        own.refresh_from_db()
        house.refresh_from_db()
        assert (own.credit, house.picture) == ("Berta", own)
        assert staff.post(page_of(house), {"drop_picture": "on"}).status_code == 302
        house.refresh_from_db()
        assert house.picture == Picture.objects.get(remote_url__endswith="original.jpg")

    def test_a_picture_for_one_language_alone_and_one_too_large_are_refused(
        self, staff: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house = rows.museum(1)
        for name, limit in (("picture_en", 10**6), ("picture_", 10)):
            monkeypatch.setattr("catalog.uploads.MOST_BYTES", limit)
            answer = staff.post(page_of(house), {name: SimpleUploadedFile("a.jpg", jpeg(40, 30))})
            assert answer.status_code == 200
            assert answer.context["errors"]
        assert not Picture.objects.exists()

    def test_those_who_may_only_look_change_nothing(self, client: Client) -> None:
        client.force_login(User.objects.create_user("nobody", is_staff=True))
        house = rows.museum(1)
        assert client.post(page_of(house), {"hidden": "on"}).status_code == 403

    @pytest.mark.parametrize(("action", "hidden"), [("hide", True), ("show", False)])
    def test_many_are_hidden_at_once(self, staff: Client, action: str, hidden: bool) -> None:
        rows.museum(1, hidden=not hidden)
        chosen = {"action": action, "_selected_action": ["1"]}
        assert staff.post(reverse("admin:catalog_museum_changelist"), chosen).status_code == 302
        assert Museum.objects.get().hidden is hidden
