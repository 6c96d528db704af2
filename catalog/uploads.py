"""Pictures that staff upload: kept as they came, outside of what the web serves, until a worker has made them ready."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from catalog.models import Picture
from shop.jobs import Job
from shop.queue import ring

MOST_BYTES = 15_000_000
FOLDER = "uploads"


def add_picture(
    files: Mapping[str, UploadedFile], *, before: Picture | None, credit: str, alts: Mapping[str, str]
) -> Picture:
    """A picture of our own, made from files by language ("" for all) and those of the picture `before` it.

    Where no new file came, the picture before keeps its files and only its words are corrected. ValueError when
    neither it nor the files have one for all languages.
    """
    if before is not None and not files:
        Picture.objects.filter(pk=before.pk).update(credit=credit, alts=dict(alts))
        return before
    uploads = {**(before.uploads if before else {}), **{code: _keep(file) for code, file in files.items()}}
    if "" not in uploads:
        raise ValueError("a picture for all languages is missing")
    name = f"own:{uuid4().hex}"
    made = Picture.objects.create(remote_url=name, credit=credit, alts=dict(alts), uploads=uploads)
    ring(Job.FETCH_PICTURE, made.pk)
    return made


def content(name: str) -> bytes:
    """What was uploaded under this name. Raises OSError."""
    return (_folder() / name).read_bytes()


def _keep(file: UploadedFile) -> str:
    name = uuid4().hex
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / name).open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return name


def _folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER
