"""Handing out a stored document to whoever came by an unguessable link."""

from __future__ import annotations

from django.core.files.storage import storages
from django.http import FileResponse

from orders.models import Document

TYPES = {Document.Kind.PASSBOOK: "application/vnd.apple.pkpass"}  # all others are PDFs


def file_answer(found: Document, name: str) -> FileResponse:
    """Return the file of a stored document under this name, never to be indexed."""
    answer = FileResponse(
        storages["documents"].open(found.file),
        content_type=TYPES.get(Document.Kind(found.kind), "application/pdf"),
        filename=name,
    )
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
