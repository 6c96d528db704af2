"""Makes pictures ready to be served by the shop itself: fetched once, checked, in a few sizes and formats.

For workers only: the web never loads the library that reads pictures.
"""

from __future__ import annotations

import hashlib
import io
import ipaddress
import logging
import socket
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F
from PIL import Image, ImageOps, UnidentifiedImageError, features

from catalog import uploads
from catalog.models import Picture
from shop import edition, gateway
from shop.api.errors import GomusError, Unavailable

log = logging.getLogger(__name__)

WIDTHS = (480, 960, 1440)  # px; the largest is twice as sharp as a phone is wide
FALLBACK_WIDTH = 960
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOST_PIXELS = 40_000_000
OPTIONS: dict[str, dict[str, Any]] = {
    "avif": {"quality": 60, "speed": 8},
    "webp": {"quality": 80, "method": 4},
    "jpeg": {"quality": 80, "progressive": True, "optimize": True},
}
FOLDER = "pictures"


class PictureError(Exception):
    """This picture cannot be shown. `str()` says why."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file ready to be served; `kind` is its format."""

    kind: str
    content: bytes
    width: int
    height: int


def fetch_picture(picture_id: int) -> bool:
    """Make one picture ready unless it is; returns whether it is now. Failures are not raised."""
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None or picture.width:
        return picture is not None
    try:
        made = _uploaded(picture) if picture.uploads else {"": _files(_fetched(picture))}
    except (GomusError, PictureError, OSError) as error:
        log.warning("picture %s not fetched: %s", picture_id, error)
        # A server that is down says nothing about the picture: that does not count.
        if type(error) is not Unavailable:
            Picture.objects.filter(pk=picture_id).update(failures=F("failures") + 1)
        return False
    whole = made.pop("")
    Picture.objects.filter(pk=picture_id).update(**whole, variants=made)
    edition.renew()
    return True


def check_address(url: str) -> None:
    """Raise PictureError unless the address is at the ticket system, or https and outside every private network."""
    address, home = urlsplit(url), urlsplit(settings.GOMUS_URL)
    if (address.scheme, address.netloc) == (home.scheme, home.netloc):
        return
    if address.scheme != "https" or not address.hostname:
        raise PictureError("its address is neither at the ticket system nor https")
    if not all(ipaddress.ip_address(ip).is_global for ip in _resolve(address.hostname)):
        raise PictureError("its address leads into a private network")


def render(content: bytes) -> list[Rendition]:
    """The picture in every format and size, upright and without its metadata, narrow ones first.

    Never larger than it came. Raises PictureError.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return list(_renditions(_opened(content)))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"not a readable picture ({type(error).__name__})") from error
    except Image.DecompressionBombWarning as error:
        raise PictureError("it has too many pixels") from error


def _fetched(picture: Picture) -> bytes:
    check_address(picture.remote_url)
    return gateway.client().catalogue.picture(picture.remote_url).content


def _uploaded(picture: Picture) -> dict[str, dict[str, Any]]:
    """What staff gave, by language."""
    return {code: _files(uploads.content(name)) for code, name in picture.uploads.items()}


def _files(content: bytes) -> dict[str, Any]:
    """Keep every rendition; returns the values of a picture's row."""
    made = render(content)
    files: dict[str, list[tuple[int, str]]] = {}
    for rendition in made:
        files.setdefault(rendition.kind, []).append((rendition.width, _keep(rendition)))
    largest = max(made, key=lambda rendition: rendition.width)
    return {"width": largest.width, "height": largest.height, "renditions": files}


def _opened(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise PictureError("it has too many pixels")
        mode = "RGBA" if opened.has_transparency_data else "RGB"
        return ImageOps.exif_transpose(opened).convert(mode)


def _renditions(upright: Image.Image) -> Iterator[Rendition]:
    for width in sorted({min(width, upright.width) for width in WIDTHS}):
        sized = _narrowed(upright, width)
        for kind in ("avif", "webp"):
            if features.check(kind):
                yield _saved(sized, kind)
    yield _saved(_on_white(_narrowed(upright, min(FALLBACK_WIDTH, upright.width))), "jpeg")


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _on_white(picture: Image.Image) -> Image.Image:
    """JPEG knows no transparency."""
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _saved(picture: Image.Image, kind: str) -> Rendition:
    out = io.BytesIO()
    picture.save(out, kind.upper(), **OPTIONS[kind])
    return Rendition(kind, out.getvalue(), picture.width, picture.height)


def _resolve(host: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]
    except OSError:
        raise PictureError("its host is unknown") from None


def _keep(rendition: Rendition) -> str:
    """Write the file under the hash of its content and return its name; a file with that name is always whole."""
    digest = hashlib.sha256(rendition.content).hexdigest()[:32]
    name = f"{FOLDER}/{digest}-{rendition.width}.{rendition.kind}"
    target = Path(settings.MEDIA_ROOT) / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, delete=False) as half:
            half.write(rendition.content)
        Path(half.name).chmod(0o644)
        Path(half.name).replace(target)
    return name
