"""Pictures are fetched once, checked, and kept in a few sizes and formats under names made of their content."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils.translation import override
from PIL import Image

from catalog import pictures, uploads
from catalog.models import Picture
from shop import gateway


@dataclass
class PictureHost:
    """A real web server with a few files. `asked` are the paths it was asked for."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def host(settings: LazySettings, tmp_path: Path) -> Iterator[PictureHost]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            body = found.files.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = PictureHost(f"http://127.0.0.1:{server.server_port}")
    settings.GOMUS_URL, settings.MEDIA_ROOT = found.url, tmp_path
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    gateway.reset()
    yield found
    gateway.reset()
    server.shutdown()
    thread.join()
    server.server_close()


def jpeg(width: int, height: int, mode: str = "RGB", form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), 120).save(out, form)
    return out.getvalue()


def wanted(host: PictureHost, name: str) -> Picture:
    return Picture.objects.create(remote_url=f"{host.url}/{name}")


@pytest.mark.django_db
class TestFetching:
    def test_every_size_is_kept_in_every_format(self, host: PictureHost, tmp_path: Path) -> None:
        host.files["/a.jpg"] = jpeg(2880, 2160)
        row = wanted(host, "a.jpg")
        assert pictures.fetch_picture(row.pk)
        row.refresh_from_db()
        assert (row.width, row.height, row.failures) == (1440, 1080, 0)
        kept = {kind: [width for width, _name in files] for kind, files in row.renditions.items()}
        assert kept == {"avif": [480, 960, 1440], "webp": [480, 960, 1440], "jpeg": [960]}
        for kind, files in row.renditions.items():
            for width, name in files:
                with Image.open(tmp_path / name) as made:
                    assert (made.format, made.size) == (kind.upper(), (width, width * 3 // 4))

    def test_a_second_ring_fetches_nothing(self, host: PictureHost) -> None:
        host.files["/a.jpg"] = jpeg(80, 60)
        row = wanted(host, "a.jpg")
        assert pictures.fetch_picture(row.pk)
        assert pictures.fetch_picture(row.pk)
        assert host.asked == ["/a.jpg"]

    def test_the_same_content_at_two_addresses_is_one_file(self, host: PictureHost, tmp_path: Path) -> None:
        host.files["/a.jpg"] = host.files["/b.jpg"] = jpeg(560, 420)
        for name in ("a.jpg", "b.jpg"):
            pictures.fetch_picture(wanted(host, name).pk)
        assert len(list((tmp_path / "pictures").iterdir())) == 5

    @pytest.mark.parametrize("content", [b"<html>", jpeg(10, 10)[:60], b"\x89PNG\r\n\x1a\n"])
    def test_what_is_no_picture_counts_as_a_failure(self, host: PictureHost, content: bytes) -> None:
        host.files["/a.jpg"] = content
        row = wanted(host, "a.jpg")
        assert not pictures.fetch_picture(row.pk)
        row.refresh_from_db()
        assert (row.width, row.failures) == (0, 1)

    def test_a_missing_picture_counts_as_a_failure(self, host: PictureHost) -> None:
        row = wanted(host, "nowhere.jpg")
        assert not pictures.fetch_picture(row.pk)
        row.refresh_from_db()
        assert row.failures == 1

    def test_a_host_that_is_down_does_not_count(self, settings: LazySettings) -> None:
        settings.GOMUS_URL = "http://127.0.0.1:9"
        gateway.reset()
        row = Picture.objects.create(remote_url="http://127.0.0.1:9/a.jpg")
        assert not pictures.fetch_picture(row.pk)
        row.refresh_from_db()
        assert row.failures == 0

    def test_a_picture_elsewhere_in_our_network_is_never_asked_for(
        self, host: PictureHost, settings: LazySettings
    ) -> None:
        row = wanted(host, "a.jpg")
        settings.GOMUS_URL = "https://tickets.example"
        assert not pictures.fetch_picture(row.pk)
        assert host.asked == []

    def test_a_row_that_is_gone_is_no_error(self) -> None:
        assert not pictures.fetch_picture(404)


@pytest.mark.django_db
class TestUploads:
    def test_a_language_may_have_a_picture_of_its_own(self, settings: LazySettings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path
        files = {"": file(jpeg(400, 300)), "en": file(jpeg(200, 100))}
        row = uploads.add_picture(files, before=None, credit="Studio", alts={"de": "Vase"})
        assert pictures.fetch_picture(row.pk)
        row.refresh_from_db()
        with override("en"):
            assert (row.shown.width, row.shown.fallback_size) == (200, (200, 100))
        with override("de"):
            assert (row.shown.width, row.alt) == (400, "Vase")

    def test_new_words_keep_the_files(self, settings: LazySettings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path
        first = uploads.add_picture({"": file(jpeg(40, 30))}, before=None, credit="", alts={})
        again = uploads.add_picture({}, before=first, credit="Anna", alts={})
        assert (again.pk, Picture.objects.get().credit) == (first.pk, "Anna")

    def test_what_is_no_picture_is_a_failure(self, settings: LazySettings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path
        row = uploads.add_picture({"": file(b"<svg>")}, before=None, credit="", alts={})
        assert not pictures.fetch_picture(row.pk)
        assert Picture.objects.get().failures == 1

    def test_one_language_alone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="all languages"):
            uploads.add_picture({"en": file(b"")}, before=None, credit="", alts={})


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", content)


class TestRendering:
    def test_small_pictures_are_not_blown_up(self) -> None:
        assert {made.width for made in pictures.render(jpeg(300, 200))} == {300}

    def test_transparency_stays_where_the_format_knows_it(self) -> None:
        made = {one.kind: one for one in pictures.render(jpeg(40, 40, "RGBA", "PNG"))}
        modes = {}
        for kind, one in made.items():
            with Image.open(io.BytesIO(one.content)) as kept:
                modes[kind] = kept.mode
        assert modes == {"avif": "RGBA", "webp": "RGBA", "jpeg": "RGB"}

    def test_a_sideways_photo_is_turned_upright_and_loses_its_metadata(self) -> None:
        out = io.BytesIO()
        sideways = Image.new("RGB", (80, 40))
        exif = sideways.getexif()
        exif[0x0112] = 6
        sideways.save(out, "JPEG", exif=exif)
        for made in pictures.render(out.getvalue()):
            assert (made.width, made.height) == (40, 80)
            with Image.open(io.BytesIO(made.content)) as kept:
                assert not dict(kept.getexif())

    def test_a_bomb_of_pixels_is_refused(self) -> None:
        with pytest.raises(pictures.PictureError, match="too many pixels"):
            pictures.render(jpeg(8000, 6000, "1", "PNG"))


class TestShowing:
    def show(self, call: str, **values: object) -> str:
        return Template("{% load pictures %}{% " + call + " %}").render(Context(values))

    def test_the_best_format_comes_first_and_the_room_is_kept_free(self) -> None:
        files = {kind: [[480, f"a-480.{kind}"], [960, f"a-960.{kind}"]] for kind in ("avif", "webp", "jpeg")}
        row = Picture(width=960, height=720, alts={"de": "Vase <1>"}, credit="Studio", renditions=files)
        page = self.show("picture row credit=True", row=row)
        assert page.index("image/avif") < page.index("image/webp") < page.index("<img")
        assert 'srcset="/media/a-480.avif 480w, /media/a-960.avif 960w"' in page
        assert 'src="/media/a-960.jpeg" width="960" height="720" alt="Vase &lt;1&gt;" loading="lazy"' in page
        assert "Studio" in page

    def test_without_a_picture_there_is_quiet_ground(self) -> None:
        assert "<img" not in self.show("picture row", row=None)


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "http://elsewhere.example/a.jpg",
            "https://127.0.0.1/a.jpg",
            "https://[::1]/a.jpg",
            "https://169.254.169.254/latest",
            "https://10.0.0.1/a.jpg",
            "https://localhost/a.jpg",
            "https://does-not-exist.invalid/a.jpg",
            "ftp://tickets.example/a.jpg",
        ],
    )
    def test_refused(self, url: str, settings: LazySettings) -> None:
        settings.GOMUS_URL = "https://tickets.example"
        with pytest.raises(pictures.PictureError):
            pictures.check_address(url)

    def test_the_ticket_system_itself_may_be_anywhere(self, settings: LazySettings) -> None:
        settings.GOMUS_URL = "http://127.0.0.1:8001"
        pictures.check_address("http://127.0.0.1:8001/media/a.jpg")
        pictures.check_address("https://93.184.216.34/a.jpg")
