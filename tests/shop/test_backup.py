"""A backup, a lost shop, a restore: the same shop."""

import io
import shutil
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from orders.models import Order
from shop.models import Letter
from tests.orders.given import an_order

TICKET, PICTURE = b"%PDF a ticket", b"a picture"


@pytest.fixture
def folders(settings: Settings, tmp_path: Path) -> tuple[Path, Path]:
    settings.DATA_DIR = tmp_path
    settings.DOCUMENT_ROOT, settings.MEDIA_ROOT = tmp_path / "documents", tmp_path / "media"
    (settings.DOCUMENT_ROOT / "2026").mkdir(parents=True)
    settings.MEDIA_ROOT.mkdir()
    (settings.DOCUMENT_ROOT / "2026/ticket.pdf").write_bytes(TICKET)
    (settings.MEDIA_ROOT / "a.webp").write_bytes(PICTURE)
    return settings.DOCUMENT_ROOT, settings.MEDIA_ROOT


needs_client = pytest.mark.skipif(
    bool(connection.vendor == "postgresql" and not shutil.which("pg_dump")),
    reason="no client of PostgreSQL here",
)


@needs_client
@pytest.mark.django_db(transaction=True)
def test_what_was_backed_up_comes_back_and_nothing_else(folders: tuple[Path, Path], tmp_path: Path) -> None:
    documents, media = folders
    kept = an_order()
    file = tmp_path / "shop.tar"
    call_command("backup", str(file))
    assert file.stat().st_mode & 0o077 == 0

    Order.objects.all().delete()
    shutil.rmtree(documents)
    (media / "a.webp").unlink()
    (media / "later.webp").write_bytes(b"of another time")
    Letter.objects.create(
        kind="newsletter", recipient="a@b.example", subject="", text="", html="", message_id="1"
    )
    call_command("restore", str(file))

    again = Order.objects.get()
    assert (again.pk, again.number, again.secret, again.state) == (
        kept.pk,
        kept.number,
        kept.secret,
        kept.state,
    )
    assert again.items.count() == kept.items.count() == 1
    assert not Letter.objects.exists()
    assert (documents / "2026/ticket.pdf").read_bytes() == TICKET
    assert [path.name for path in media.iterdir()] == ["a.webp"]


@needs_client
@pytest.mark.django_db(transaction=True)
def test_orders_are_not_replaced_by_mistake(folders: tuple[Path, Path], tmp_path: Path) -> None:
    file = tmp_path / "shop.tar"
    call_command("backup", str(file))
    an_order()
    (folders[0] / "new.pdf").write_bytes(TICKET)
    with pytest.raises(CommandError, match="--overwrite"):
        call_command("restore", str(file))
    assert (Order.objects.count(), (folders[0] / "new.pdf").exists()) == (1, True)
    call_command("restore", str(file), "--overwrite")
    assert (Order.objects.count(), (folders[0] / "new.pdf").exists()) == (0, False)


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["text", "foreign", "escaping", "none"])
@pytest.mark.usefixtures("folders")
def test_a_file_that_is_no_backup_changes_nothing(content: str, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "file"
    if content == "text":
        file.write_text("not a tar")
    elif content != "none":
        names = {"foreign": "manifest.json", "escaping": "../../escaped"}
        body = b'{"shape": 1, "vendor": "another"}'
        with tarfile.open(file, "w") as archive:
            entry = tarfile.TarInfo(names[content])
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    with pytest.raises(CommandError):
        call_command("restore", str(file))
    assert (settings.DOCUMENT_ROOT / "2026/ticket.pdf").read_bytes() == TICKET
    assert not (tmp_path.parent / "escaped").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("folders")
def test_a_backup_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path / "missing/shop.tar"))
