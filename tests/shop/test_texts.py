"""Legal texts: outlines until the seller's own are published, versions that stay, and a check that insists."""

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core import checks as django_checks
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from shop import checks, texts
from shop.models import LegalText

pytestmark = pytest.mark.django_db
ADD = reverse("admin:shop_legaltext_add")


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.create_superuser("staff"))
    return client


def written(name: str = "terms", language: str = "de", body: str = "<p>Unsere AGB.</p>") -> LegalText:
    row = LegalText.objects.create(name=name, language=language, body=body)
    assert texts.publish(row)
    return row


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", LegalText.Name.values)
def test_an_outline_names_the_seller_and_shows_its_gaps(
    client: Client, settings: LazySettings, name: str, language: str
) -> None:
    settings.SELLER_NAME = "Stadt & Kunst GmbH"
    found = page(client, f"/{language}/about/{name}/")
    assert "Stadt &amp; Kunst GmbH" in found
    assert texts.has_gaps(found)


def test_what_is_published_takes_the_place_of_the_outline(client: Client) -> None:
    written()
    found = page(client, "/de/about/terms/")
    assert "Unsere AGB." in found
    assert not texts.has_gaps(found)
    assert texts.has_gaps(page(client, "/en/about/terms/"))  # the other language is still to be written


def test_older_versions_stay_for_whoever_ordered_under_them(client: Client) -> None:
    old, new = written(body="<p>Alt.</p>"), written(body="<p>Neu.</p>")
    today = page(client, "/de/about/terms/")
    assert "Neu." in today
    assert f"/de/about/terms/{old.pk}/" in today
    assert f"/de/about/terms/{new.pk}/" not in today
    assert "Alt." in page(client, f"/de/about/terms/{old.pk}/")
    assert client.get(f"/de/about/privacy/{old.pk}/").status_code == 404


def test_a_draft_is_for_staff_alone(client: Client, staff: Client) -> None:
    draft = LegalText.objects.create(name="terms", language="de", body="<p>Morgen.</p>")
    assert "Morgen." in page(staff, f"/de/about/draft/{draft.pk}/")
    assert client.get(f"/de/about/draft/{draft.pk}/").status_code == 404
    assert client.get(f"/de/about/terms/{draft.pk}/").status_code == 404
    assert "Morgen." not in page(client, "/de/about/terms/")


def test_staff_begin_with_the_outline_and_publish_what_has_no_gaps(staff: Client, client: Client) -> None:
    start = page(staff, f"{ADD}?name=imprint&amp;language=en".replace("&amp;", "&"))
    assert "[[" in start
    sent = {"name": "imprint", "language": "en", "_publish": "1"}
    staff.post(ADD, sent | {"body": "<p>[[name]]</p>"})
    assert LegalText.objects.get().published_at is None
    staff.post(ADD, sent | {"body": "<h2>Who</h2><p onclick=x>Us<script>bad()</script></p>"})
    found = page(client, "/en/about/imprint/")
    assert "<h2>Who</h2>\n" in found.replace("</h2>", "</h2>\n")
    assert "onclick" not in found
    assert "bad()" not in found


def test_words_without_tags_become_paragraphs(staff: Client) -> None:
    staff.post(ADD, {"name": "imprint", "language": "en", "body": "One & two\nlines\n\nThree"})
    assert LegalText.objects.get().body == "<p>One &amp; two<br>lines</p>\n<p>Three</p>"


def test_nobody_changes_or_removes_what_is_published(staff: Client) -> None:
    row = written()
    change = reverse("admin:shop_legaltext_change", args=[row.pk])
    assert 'name="_save"' not in page(staff, change)
    staff.post(change, {"name": "terms", "language": "de", "body": "<p>Anders.</p>"})
    staff.post(reverse("admin:shop_legaltext_delete", args=[row.pk]), {"post": "yes"})
    listed = reverse("admin:shop_legaltext_changelist")
    staff.post(listed, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert LegalText.objects.get().body == "<p>Unsere AGB.</p>"
    assert not texts.publish(row)


def test_the_check_names_every_text_that_is_missing_or_has_gaps(settings: LazySettings) -> None:
    settings.LANGUAGES = [("de", "Deutsch")]
    written(body="<p>[[noch offen]]</p>")
    for name in set(LegalText.Name.values) - {"terms", "imprint"}:
        written(name)
    found = list(checks.legal_texts())
    assert {message.id for message in found} == {"shop.E005"}
    assert sorted(message.msg.split(": ")[1].split(" (")[0] for message in found) == ["AGB", "Impressum"]
    written("imprint")
    written()
    assert list(checks.legal_texts()) == []


def test_a_starting_server_says_it_but_starts(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    checks.say_what_is_missing()
    assert caplog.text == ""  # the demo lives with outlines
    settings.DEMO = False
    checks.say_what_is_missing()
    assert caplog.text.count("Legal text missing") == len(LegalText.Name) * len(settings.LANGUAGES)


def test_without_a_database_nobody_can_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent() -> list[tuple[str, str]]:
        raise OperationalError("no such host")

    monkeypatch.setattr(texts, "unfinished", silent)
    [message] = checks.legal_texts()
    assert message.level == django_checks.INFO
