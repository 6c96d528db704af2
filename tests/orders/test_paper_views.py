"""Who may have which document, how often a mail is repeated, and the demo's letter box."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from orders import mailbox
from orders.documents import storage
from orders.lifecycle import State
from orders.models import Delivery, Document, Order
from tests.environment import ROOT
from tests.orders.given import an_order

pytestmark = pytest.mark.django_db
K, S = Document.Kind, Document.State
PDF = b"%PDF-1.7 tickets"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def a_document(kind: Document.Kind = K.SHEETS, state: Document.State = S.STORED) -> Document:
    """Return a document of a ready order of its own; its file is there whatever its state."""
    order = an_order(state=State.READY)
    item = order.items.get() if kind == K.OFFICIAL else None
    file = storage().save(f"{order.number}-{kind}.pdf", ContentFile(PDF))
    return Document.objects.create(order=order, item=item, kind=kind, state=state, size=len(PDF), file=file)


def address(document: Document, order: Order | None = None) -> str:
    return reverse("orders:document", args=[(order or document.order).secret, document.pk])


def all_tickets(document: Document) -> str:
    return reverse("orders:tickets_pdf", args=[document.order.secret])


# --- documents ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"), [(K.SHEETS, "tickets"), (K.OFFICIAL, "museum"), (K.INVOICE, "invoice")]
)
def test_a_stored_document_is_handed_out_under_its_name(
    client: Client, kind: Document.Kind, name: str
) -> None:
    document = a_document(kind)
    answer = client.get(address(document))
    assert answer.getvalue() == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert f'filename="{name}-{document.order.number}.pdf"' in answer["Content-Disposition"]


@pytest.mark.parametrize("find", [address, all_tickets])
def test_nobody_else_keeps_or_finds_a_document(client: Client, find: Any) -> None:
    answer = client.get(find(a_document()))
    assert answer.getvalue() == PDF
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_document_of_another_order_is_not_there(client: Client) -> None:
    mine, theirs = a_document(), a_document()
    assert client.get(address(theirs, mine.order)).status_code == 404
    assert client.get(reverse("orders:document", args=["guessed", mine.pk])).status_code == 404
    assert client.get(reverse("orders:tickets_pdf", args=["guessed"])).status_code == 404
    assert client.get(reverse("orders:document", args=[mine.order.secret, 10**12])).status_code == 404


@pytest.mark.parametrize("state", [S.WAITING, S.REFUSED])
def test_a_document_that_is_not_stored_is_not_there(client: Client, state: Document.State) -> None:
    document = a_document(state=state)
    assert client.get(address(document)).status_code == 404
    assert client.get(all_tickets(document)).status_code == 404


def test_documents_are_only_read(client: Client) -> None:
    document = a_document()
    assert client.post(address(document)).status_code == 405
    assert client.delete(all_tickets(document)).status_code == 405
    head = client.head(address(document))
    assert head.status_code == 200
    head.close()


# --- sending again --------------------------------------------------------------------------------------------


def resend(client: Client, order: Order, **fields: str) -> str:
    answer = client.post(reverse("orders:resend", args=[order.secret]), fields, follow=True)
    assert answer.redirect_chain == [(reverse("orders:order", args=[order.secret]), 302)]
    return answer.content.decode()


@pytest.fixture
def ready() -> Order:
    order = an_order(state=State.READY)
    Delivery.objects.create(order=order, kind=Delivery.Kind.READY, message_id=f"<{order.number}@x>")
    return order


def serials(order: Order) -> list[int]:
    return list(order.deliveries.values_list("serial", flat=True))


def test_the_mail_is_promised_again_and_the_page_says_where_to(client: Client, ready: Order) -> None:
    assert "sending your tickets to ida@example.org" in resend(client, ready)
    assert serials(ready) == [0, 1]
    again = ready.deliveries.get(serial=1)
    assert again.state == Delivery.State.WAITING
    assert again.message_id != ready.deliveries.get(serial=0).message_id


def test_a_corrected_address_is_kept(client: Client, ready: Order) -> None:
    assert "sending your tickets to i.brandt@example.org" in resend(
        client, ready, email=" i.brandt@example.org "
    )
    ready.refresh_from_db()
    assert ready.email == "i.brandt@example.org"


@pytest.mark.parametrize(
    "typed", ["ida", "ida@", "a@example.org\nBcc: b@example.org", "x" * 300 + "@example.org"]
)
def test_what_is_no_address_changes_nothing(client: Client, ready: Order, typed: str) -> None:
    assert "an address like" in resend(client, ready, email=typed)
    ready.refresh_from_db()
    assert ready.email == "ida@example.org"
    assert serials(ready) == [0]


def test_a_mail_is_repeated_a_few_times_an_hour(client: Client, ready: Order) -> None:
    for _ in range(3):
        assert "sending your tickets" in resend(client, ready)
    assert "try again in an hour" in resend(client, ready, email="else@example.org")
    ready.refresh_from_db()
    assert ready.email == "ida@example.org", "nothing is changed by what is not done"
    assert serials(ready) == [0, 1, 2, 3]
    ready.deliveries.update(created_at=timezone.now() - timedelta(minutes=61))
    assert "sending your tickets" in resend(client, ready)
    assert serials(ready) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("state", sorted(set(State) - {State.READY}))
def test_before_the_tickets_are_ready_nothing_is_repeated(client: Client, state: State) -> None:
    order = an_order(state=state)
    assert client.post(reverse("orders:resend", args=[order.secret])).status_code == 404
    assert serials(order) == []


def test_sending_again_needs_a_form_of_ours(ready: Order) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("orders:resend", args=[ready.secret])).status_code == 403
    assert strict.get(reverse("orders:resend", args=[ready.secret])).status_code == 405
    assert serials(ready) == [0]


# --- the letter box -------------------------------------------------------------------------------------------


@pytest.fixture
def box(tmp_path: Path, settings: Settings) -> Path:
    settings.MAIL_FOLDER = tmp_path
    return tmp_path


def a_letter(box: Path, subject: str = "Your tickets", *, pdf: bytes | None = PDF) -> Path:
    """Let Django's own backend file a mail; return its file."""
    message = EmailMultiAlternatives(subject, "Hello <Ida>,\nhttps://shop.example/x", to=["ida@example.org"])
    message.attach_alternative("<p>Hello</p>", "text/html")
    if pdf is not None:
        message.attach("tickets.pdf", pdf, "application/pdf")
    EmailBackend(file_path=str(box)).send_messages([message])
    return max(box.glob("*.log"), key=lambda file: file.stat().st_mtime_ns)


def test_the_letter_box_shows_mails_and_what_is_attached(client: Client, box: Path) -> None:
    name = f"{a_letter(box, 'Zażółć: your tickets').stem}-0"
    listed = client.get(reverse("orders:mailbox")).content.decode()
    assert "Zażółć: your tickets" in listed
    assert "with attachment" in listed
    page = client.get(reverse("orders:letter", args=[name])).content.decode()
    assert "Hello &lt;Ida&gt;" in page
    assert 'href="https://shop.example/x"' in page
    pdf = client.get(reverse("orders:attachment", args=[name, 0]))
    assert pdf.content == PDF
    assert pdf["Content-Type"] == "application/pdf"
    assert "no-store" in pdf["Cache-Control"]
    assert client.get(reverse("orders:attachment", args=[name, 1])).status_code == 404


def test_the_newest_letter_lies_on_top(client: Client, box: Path) -> None:
    for age, subject in ((50, "older"), (100, "oldest"), (0, "newest")):
        moment = timezone.now().timestamp() - age
        file = a_letter(box, subject).rename(box / f"{subject}.log")
        os.utime(file, (moment, moment))
    page = client.get(reverse("orders:mailbox")).content.decode()
    assert page.index("newest") < page.index("older") < page.index("oldest")


def test_two_letters_of_one_second_are_two(client: Client, box: Path) -> None:
    """Django's backend may give both the same file."""
    first = a_letter(box, "first").rename(box / "one.log")
    second = a_letter(box, "second")
    first.write_bytes(first.read_bytes() + second.read_bytes())
    second.unlink()
    assert [letter.subject for letter in mailbox.letters()] == ["second", "first"]
    for letter in mailbox.letters():
        page = client.get(reverse("orders:letter", args=[letter.name])).content.decode()
        assert letter.subject in page
        assert client.get(reverse("orders:attachment", args=[letter.name, 0])).content == PDF


def test_an_empty_letter_box_says_so(client: Client, box: Path, settings: Settings) -> None:
    assert "No mail yet" in client.get(reverse("orders:mailbox")).content.decode()
    settings.MAIL_FOLDER = box / "not-made-yet"
    assert "No mail yet" in client.get(reverse("orders:mailbox")).content.decode()


def test_a_half_written_letter_waits(client: Client, box: Path) -> None:
    file = a_letter(box)
    name = f"{file.stem}-0"
    whole = file.read_bytes()
    for part in (b"", whole[:200], whole[: len(whole) // 2], whole[:-10]):
        file.write_bytes(part)
        assert "Your tickets" not in client.get(reverse("orders:mailbox")).content.decode()
        assert client.get(reverse("orders:letter", args=[name])).status_code == 404
        assert client.get(reverse("orders:attachment", args=[name, 0])).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["..", "%2e%2e%2fsecret-0", "..%2Fsecret-0", "a.log-0", "a%00b-0", "nothing-0", "a-0%0a", "-0", "a-x"],
)
def test_only_letters_are_read(client: Client, box: Path, settings: Settings, name: str) -> None:
    settings.MAIL_FOLDER = box / "mail"
    settings.MAIL_FOLDER.mkdir()
    a_letter(box).rename(box / "secret.log")
    for path in (f"/en/demo/mail/{name}/", f"/en/demo/mail/{name}/0.pdf"):
        assert client.get(path).status_code == 404, path


def test_outside_the_demo_there_is_no_letter_box(client: Client, box: Path, settings: Settings) -> None:
    name = f"{a_letter(box).stem}-0"
    settings.DEMO = False
    for path in (
        reverse("orders:mailbox"),
        reverse("orders:letter", args=[name]),
        reverse("orders:attachment", args=[name, 0]),
    ):
        assert client.get(path).status_code == 404


# --- what a web process carries -------------------------------------------------------------------------------

PROBE = """
import sys
import shop.wsgi
from django.urls import get_resolver

def names(patterns):
    for pattern in patterns:
        yield from names(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern.callback]

assert len(list(names(get_resolver().url_patterns))) > 20
print(sorted({name.split(".")[0] for name in sys.modules} & {"weasyprint", "barcode", "PIL", "fpdf"}))
"""


def test_a_web_process_never_loads_what_makes_pdfs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
