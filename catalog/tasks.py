"""Background jobs of the catalogue."""

from __future__ import annotations

import logging

from catalog.pictures import fetch_picture
from catalog.prefetch import prefetch
from catalog.report import summary
from catalog.sync import SyncBusyError, SyncError, sync_catalog
from shop.celery import app
from shop.jobs import Job

log = logging.getLogger(__name__)


@app.task(name=Job.SYNC_CATALOG.value)
def sync() -> None:
    """Mirror the catalogue. A failure is recorded with its run; the next ring of the beat tries again."""
    try:
        run = sync_catalog()
    except SyncBusyError as busy:
        log.info("no catalogue sync: %s", busy)
    except SyncError:
        return
    else:
        log.info("catalogue synchronised: %s", summary(run.report).replace("\n", "; "))


@app.task(name=Job.PREFETCH_PLACES.value)
def prefetch_places() -> None:
    """Keep the places of popular days fresh. What could not be asked is asked at the next ring."""
    prefetch()


@app.task(name=Job.FETCH_PICTURE.value)
def fetch(picture_id: int) -> None:
    """Fetch one picture that was not fetched yet. A failure is counted; the next sync rings again."""
    fetch_picture(picture_id)
